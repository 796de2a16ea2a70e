package io.sallyport.detect.text;

import java.nio.charset.StandardCharsets;

/**
 * Characters written as escapes, read as those characters: HTML references, percent-encoded UTF-8,
 * {@code \}{@code xHH} and {@code \}{@code uHHHH}. One layer per call; the result is never longer.
 */
final class Escapes {
  private Escapes() {}

  /** The text with one layer of escapes read; the same object when there was none. */
  static String decode(String text) {
    if (text.indexOf('&') < 0 && text.indexOf('%') < 0 && text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int next =
          switch (text.charAt(i)) {
            case '&' -> Entities.decode(text, i, out);
            case '%' -> percent(text, i, out);
            case '\\' -> backslash(text, i, out);
            default -> i;
          };
      if (next == i) {
        out.append(text.charAt(i));
        next++;
      }
      i = next;
    }
    return out.length() == text.length() && text.contentEquals(out) ? text : out.toString();
  }

  private static int percent(String text, int at, StringBuilder out) {
    int end = at;
    while (end < text.length() && text.charAt(end) == '%' && hex(text, end + 1, 2) >= 0) {
      end += 3;
    }
    if (end == at) {
      return at;
    }
    byte[] bytes = new byte[(end - at) / 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) hex(text, at + 3 * i + 1, 2);
    }
    out.append(new String(bytes, StandardCharsets.UTF_8)); // what is no UTF-8 becomes U+FFFD
    return end;
  }

  private static int backslash(String text, int at, StringBuilder out) {
    if (at + 1 == text.length()) {
      return at;
    }
    int digits =
        switch (text.charAt(at + 1)) {
          case 'x', 'X' -> 2;
          case 'u' -> 4;
          default -> 0;
        };
    int value = digits == 0 ? -1 : hex(text, at + 2, digits);
    if (value < 0) {
      return at;
    }
    out.append((char) value);
    return at + 2 + digits;
  }

  /** The number in {@code digits} hexadecimal digits at {@code at}, or -1. */
  private static int hex(String text, int at, int digits) {
    if (at + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
