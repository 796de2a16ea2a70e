package io.sallyport.detect.text;

/**
 * Tells of a run of base64 letters, without decoding it into memory, whether it may be text.
 *
 * <p>Every long word is a run of base64 letters, and nearly all of them fail within three bytes. A
 * yes means little; after a no, the bytes are not UTF-8 or not printable.
 */
final class Base64Peek {
  private static final int CONTINUATION = 0x80;
  private static final int TWO = 0xC2;
  private static final int THREE = 0xE0;
  private static final int FOUR = 0xF0;
  private static final int LAST = 0xF4;

  private Base64Peek() {}

  /** False when what the letters stand for is certainly no printable UTF-8. */
  static boolean mayBeText(String text, int start, int end) {
    int buffer = 0;
    int bits = 0;
    int more = 0;
    for (int i = start; i < end && text.charAt(i) != '='; i++) {
      buffer = (buffer << 6 | value(text.charAt(i))) & 0xFFFF;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        more = read(buffer >> bits & 0xFF, more);
        if (more < 0) {
          return false;
        }
      }
    }
    return more == 0;
  }

  /**
   * Reads one byte of UTF-8.
   *
   * @param more continuation bytes that the character still needs
   * @return how many it needs now, or -1 when the byte cannot stand here
   */
  private static int read(int octet, int more) {
    if (more > 0) {
      return (octet & 0xC0) == CONTINUATION ? more - 1 : -1;
    }
    if (octet < CONTINUATION) {
      return Blobs.isPrintable(octet) ? 0 : -1;
    }
    if (octet < TWO || octet > LAST) {
      return -1;
    }
    if (octet < THREE) {
      return 1;
    }
    return octet < FOUR ? 2 : 3;
  }

  private static int value(char letter) {
    if (letter >= 'A' && letter <= 'Z') {
      return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
      return letter - 'a' + 26;
    }
    if (letter >= '0' && letter <= '9') {
      return letter - '0' + 52;
    }
    return letter == '+' || letter == '-' ? 62 : 63;
  }
}
