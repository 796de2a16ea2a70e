package io.sallyport.dialect;

/** Well-formed UTF-8 as Unicode 16.0, table 3-7, defines it. */
final class Utf8 {
  private Utf8() {}

  /**
   * The offset after the multi-byte sequence at {@code i}.
   *
   * @throws UnreadableException when it is overlong, a surrogate, above U+10FFFF, or cut short
   */
  static int next(byte[] body, int i, int length) {
    int lead = body[i] & 0xFF;
    int more = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (more == 0 || i + more >= length || !secondFits(lead, body[i + 1] & 0xFF)) {
      throw new UnreadableException(Defect.NOT_UTF8);
    }
    for (int k = 2; k <= more; k++) {
      if ((body[i + k] & 0xC0) != 0x80) {
        throw new UnreadableException(Defect.NOT_UTF8);
      }
    }
    return i + more + 1;
  }

  private static boolean secondFits(int lead, int second) {
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
  }
}
