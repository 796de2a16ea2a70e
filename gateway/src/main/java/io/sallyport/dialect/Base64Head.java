package io.sallyport.dialect;

import java.util.Arrays;

/** The first bytes of what may be base64, read as leniently as any decoder would. Pure. */
final class Base64Head {
  private static final int CHARS = 32;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private Base64Head() {}

  /** Up to 24 bytes; fewer when the text ends or is no base64 from there on. */
  static byte[] of(byte[] body, int start, int end) {
    byte[] bytes = new byte[CHARS * 6 / 8];
    int bits = 0;
    int held = 0;
    int length = 0;
    for (int i = start; i < end && length < bytes.length; i++) {
      int c = body[i] == '-' ? '+' : body[i] == '_' ? '/' : body[i];
      if (c == '\r' || c == '\n') {
        continue;
      }
      int value = ALPHABET.indexOf(c);
      if (value < 0) {
        break;
      }
      bits = bits << 6 | value;
      held += 6;
      if (held >= 8) {
        held -= 8;
        bytes[length++] = (byte) (bits >>> held);
      }
    }
    return Arrays.copyOf(bytes, length);
  }
}
