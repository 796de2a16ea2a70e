package io.sallyport.detect.tokens;

/** UTF-8, one character at a time. No point is half of a character. */
final class Utf8 {
  /** What the first byte has on top, by the number of bytes. */
  private static final int[] LEADS = {0, 0, 0xC0, 0xE0, 0xF0};

  private Utf8() {}

  /** How many bytes a character has: 1 to 4. */
  static int length(int point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }

  /**
   * One byte of a character, from 0 to 255.
   *
   * @param at which one, below its length
   */
  static int unit(int point, int at) {
    int length = length(point);
    int bits = point >> 6 * (length - 1 - at);
    return at == 0 ? LEADS[length] | bits : 0x80 | bits & 0x3F;
  }

  /**
   * Writes a character.
   *
   * @param bytes with room for four from {@code at} on
   * @return where the next one goes
   */
  static int write(int point, byte[] bytes, int at) {
    int length = length(point);
    for (int i = 0; i < length; i++) {
      bytes[at + i] = (byte) unit(point, i);
    }
    return at + length;
  }
}
