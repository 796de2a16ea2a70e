package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a string looks like, by its bytes: the sweep's eyes.
 *
 * <p>Wrong in one direction on purpose: a long identifier may pass for an image, an image of the
 * usual kinds of more than 192 bytes does not pass for text.
 */
final class Looks {
  /** Base64 characters in a row that no text has (api-shapes rule 5); URL-safe ones count too. */
  static final int BASE64_RUN = 256;

  /** The smallest image of any kind, written as text, is longer. */
  private static final int IMAGE_CHARS_MIN = 32;

  private static final int SCHEME_MAX = 16;

  private static final boolean[] BASE64 = new boolean[256];

  static {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n";
    alphabet.chars().forEach(c -> BASE64[c] = true);
  }

  /** Base64 of how PNG, JPEG, GIF and WebP (RIFF) begin; BMP and AVIF have none of their own. */
  private static final List<byte[]> MAGICS = ascii("iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR");

  private static final List<byte[]> MARKS = ascii("data:image", ";base64,", "<svg");

  private static final List<byte[]> EXTENSIONS =
      ascii(".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif", ".svg", ".jxl");

  private static final byte[] BASE64_MARK = ascii(";base64,").getFirst();
  private static final byte[] SCHEME_MARK = {':', '/', '/'};
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private Looks() {}

  /** True for base64, data URIs and SVG, whole or inside a text. */
  static boolean likeImage(byte[] body, int start, int end) {
    if (end - start < IMAGE_CHARS_MIN) {
      return false;
    }
    int first = skipSpace(body, start, end);
    return hasMagic(body, first, end)
        || starts(body, first, end, DATA)
        || hasBase64Run(body, start, end)
        || holds(body, start, end, MARKS);
  }

  /**
   * True for a data URI, an SVG, and base64 of a file that begins as images do: less than {@link
   * #likeImage} sees, for data that is base64 and no picture.
   */
  static boolean holdsImage(byte[] body, int start, int end) {
    if (end - start < IMAGE_CHARS_MIN) {
      return false;
    }
    int first = skipSpace(body, start, end);
    return starts(body, first, end, DATA)
        || holds(body, start, end, MARKS)
        || Signature.isOfImage(Base64Head.of(body, first, end));
  }

  /** True when the string is a data URI or holds one of base64. */
  static boolean holdsDataUri(byte[] body, int start, int end) {
    return starts(body, skipSpace(body, start, end), end, DATA)
        || find(body, start, end, BASE64_MARK) >= 0;
  }

  /** True when the whole string is an absolute or network-path URL. */
  static boolean likeUrl(byte[] body, int start, int end) {
    int i = skipSpace(body, start, end);
    int stop = Math.min(end, i + SCHEME_MAX);
    while (i < stop && isSchemeChar(body[i])) {
      i++;
    }
    return starts(body, i, end, SCHEME_MARK)
        || (i + 1 < end && body[i] == '/' && body[i + 1] == '/');
  }

  /** True when the string holds a URL and the usual ending of an image's name. */
  static boolean holdsImageUrl(byte[] body, int start, int end) {
    return find(body, start, end, SCHEME_MARK) >= 0 && holds(body, start, end, EXTENSIONS);
  }

  /**
   * A run must cover the last byte of one of the windows that follow a byte outside the alphabet;
   * so text is left in strides and only what is base64 is read in full.
   */
  private static boolean hasBase64Run(byte[] body, int start, int end) {
    int from = start;
    while (from + BASE64_RUN <= end) {
      int i = from + BASE64_RUN - 1;
      while (i >= from && BASE64[body[i] & 0xFF]) {
        i--;
      }
      if (i < from) {
        return true;
      }
      from = i + 1;
    }
    return false;
  }

  /** True when any of the lower-case marks stands in the range, in any case. */
  static boolean holds(byte[] body, int start, int end, List<byte[]> marks) {
    for (byte[] mark : marks) {
      if (find(body, start, end, mark) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Where lower-case {@code mark} first stands, in any case; -1 when it does not. */
  private static int find(byte[] body, int start, int end, byte[] mark) {
    for (int i = start; i <= end - mark.length; i++) {
      if (starts(body, i, end, mark)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean starts(byte[] body, int start, int end, byte[] mark) {
    if (end - start < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (lower(body[start + i]) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** True for a character of base64, in either alphabet, its padding and its line ends. */
  static boolean isBase64(byte b) {
    return BASE64[b & 0xFF];
  }

  private static boolean hasMagic(byte[] body, int start, int end) {
    for (byte[] magic : MAGICS) {
      if (end - start >= magic.length
          && Arrays.equals(body, start, start + magic.length, magic, 0, magic.length)) {
        return true;
      }
    }
    return false;
  }

  private static int skipSpace(byte[] body, int start, int end) {
    int i = start;
    while (i < end && body[i] >= 0 && body[i] <= ' ') {
      i++;
    }
    return i;
  }

  private static boolean isSchemeChar(byte b) {
    byte c = lower(b);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
  }

  /** The bytes of ASCII texts. */
  static List<byte[]> ascii(String... texts) {
    return List.of(texts).stream().map(t -> t.getBytes(StandardCharsets.US_ASCII)).toList();
  }
}
