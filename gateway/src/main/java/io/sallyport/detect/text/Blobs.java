package io.sallyport.detect.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Words written in base64 or hexadecimal, read in their place when the bytes are printable text.
 *
 * <p>The gate (valid UTF-8, nothing but printable characters, mostly letters and digits) keeps
 * ordinary words, which are base64 too, from turning into noise. One layer per call; the result is
 * never longer.
 */
final class Blobs {
  /** The shortest run that can be anything: the least of those below. */
  private static final int RUN_MIN = 6;

  private static final int BASE64_MIN = 6;
  private static final int BASE64_UNPADDED_MIN = 8;
  private static final int HEX_MIN = 6;
  private static final int PAIRS_MIN = 3;

  private Blobs() {}

  /** The text with one layer read; the same object when there was nothing to read. */
  static String decode(String text) {
    @Nullable StringBuilder out = null;
    int copied = 0;
    for (int i = 0; i < text.length(); ) {
      if (!isBase64(text.charAt(i))) {
        i++;
        continue;
      }
      int pairs = endOfPairs(text, i);
      int end = pairs > i ? pairs : endOfRun(text, i);
      String found = pairs > i ? hex(compact(text, i, end)) : run(text, i, end);
      if (found != null) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, i).append(found);
        copied = end;
      }
      i = end;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private static int endOfRun(String text, int start) {
    int i = start;
    while (i < text.length() && isBase64(text.charAt(i))) {
      i++;
    }
    while (i < text.length() && text.charAt(i) == '=') {
      i++;
    }
    return i;
  }

  private static @Nullable String run(String text, int start, int end) {
    if (end - start < RUN_MIN) {
      return null;
    }
    int digits = text.charAt(start) == '0' && (text.charAt(start + 1) | 0x20) == 'x' ? 2 : 0;
    String found = end - start - digits < HEX_MIN ? null : hex(text, start + digits, end);
    return found == null && Base64Peek.mayBeText(text, start, end)
        ? base64(text.substring(start, end))
        : found;
  }

  private static @Nullable String hex(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return null;
      }
    }
    return hex(text.substring(start, end));
  }

  private static @Nullable String hex(String digits) {
    return digits.length() % 2 == 0 ? gate(HexFormat.of().parseHex(digits)) : null;
  }

  private static @Nullable String base64(String run) {
    int end = run.length();
    while (end > 0 && run.charAt(end - 1) == '=') {
      end--;
    }
    boolean padded = end < run.length();
    if (end < (padded ? BASE64_MIN : BASE64_UNPADDED_MIN) || end % 4 == 1) {
      return null;
    }
    byte[] letters = run.substring(0, end).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < end; i++) {
      letters[i] =
          switch (letters[i]) {
            case '-' -> (byte) '+';
            case '_' -> (byte) '/';
            default -> letters[i];
          };
    }
    try {
      return gate(Base64.getDecoder().decode(letters));
    } catch (IllegalArgumentException e) {
      return null; // an equals sign in the middle, or bits left over
    }
  }

  /** End of pairs such as {@code 7a 65 70} or {@code 0x7a, 0x65}; {@code start} when too few. */
  private static int endOfPairs(String text, int start) {
    int end = start;
    int pairs = 0;
    for (int next = start; isPair(text, next); next = behindSeparator(text, end)) {
      end = text.startsWith("0x", next) ? next + 4 : next + 2;
      pairs++;
    }
    return pairs >= PAIRS_MIN ? end : start;
  }

  private static boolean isPair(String text, int at) {
    int digits = text.startsWith("0x", at) ? at + 2 : at;
    return digits + 2 <= text.length()
        && HexFormat.isHexDigit(text.charAt(digits))
        && HexFormat.isHexDigit(text.charAt(digits + 1))
        && (digits + 2 == text.length() || !isBase64(text.charAt(digits + 2)));
  }

  private static int behindSeparator(String text, int at) {
    int i = at;
    while (i < text.length() && i < at + 2 && " ,:;".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  private static String compact(String text, int start, int end) {
    StringBuilder digits = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      if (text.startsWith("0x", i)) {
        i++;
      } else if (HexFormat.isHexDigit(text.charAt(i))) {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }

  private static @Nullable String gate(byte[] bytes) {
    for (byte b : bytes) {
      if (b >= 0 && !isPrintable(b)) {
        return null;
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8); // what is no UTF-8 becomes U+FFFD
    long wordParts = text.codePoints().filter(Words::isWordPart).count();
    boolean printable = text.codePoints().allMatch(Blobs::isPrintable);
    return printable && wordParts * 5 >= text.length() * 2L ? text : null;
  }

  static boolean isPrintable(int point) {
    return point == '\n'
        || (point >= ' ' && point != 0x7F && point != 0xFFFD && Character.isDefined(point));
  }

  private static boolean isBase64(char c) {
    return Words.isAsciiLetter(c)
        || Words.isAsciiDigit(c)
        || c == '+'
        || c == '/'
        || c == '-'
        || c == '_';
  }
}
