package io.sallyport.detect.tokens;

/** UTF-8, one character at a time. */
final class Utf8 {
  private Utf8() {}

  /**
   * Writes a character.
   *
   * @param point no half of one
   * @param bytes with room for four from {@code at} on
   * @return where the next one goes
   */
  static int write(int point, byte[] bytes, int at) {
    if (point < 0x80) {
      bytes[at] = (byte) point;
      return at + 1;
    }
    if (point < 0x800) {
      bytes[at] = (byte) (0xC0 | point >> 6);
      return tail(point, 1, bytes, at + 1);
    }
    if (point < 0x10000) {
      bytes[at] = (byte) (0xE0 | point >> 12);
      return tail(point, 2, bytes, at + 1);
    }
    bytes[at] = (byte) (0xF0 | point >> 18);
    return tail(point, 3, bytes, at + 1);
  }

  private static int tail(int point, int count, byte[] bytes, int at) {
    for (int i = 0; i < count; i++) {
      bytes[at + i] = (byte) (0x80 | point >> 6 * (count - 1 - i) & 0x3F);
    }
    return at + count;
  }
}
