package io.sallyport.detect.text;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HTML character references: numbers in decimal and hex, the names that can hide or split a word,
 * and accented, ligated and styled letters by rule. The semicolon may be missing, as browsers
 * allow.
 */
final class Entities {
  private static final int LENGTH_MAX = 12;

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("ensp", " "),
          Map.entry("emsp", " "),
          Map.entry("thinsp", " "),
          Map.entry("tab", " "),
          Map.entry("newline", "\n"),
          Map.entry("shy", ""),
          Map.entry("zwj", ""),
          Map.entry("zwnj", ""),
          Map.entry("lrm", ""),
          Map.entry("rlm", ""),
          Map.entry("num", "#"),
          Map.entry("percnt", "%"),
          Map.entry("semi", ";"),
          Map.entry("colon", ":"),
          Map.entry("period", "."),
          Map.entry("comma", ","),
          Map.entry("lowbar", "_"),
          Map.entry("hyphen", "-"),
          Map.entry("dash", "-"),
          Map.entry("ast", "*"),
          Map.entry("excl", "!"),
          Map.entry("dollar", "$"),
          Map.entry("commat", "@"),
          Map.entry("sol", "/"),
          Map.entry("bsol", "\\"),
          Map.entry("lpar", "("),
          Map.entry("rpar", ")"),
          Map.entry("lsqb", "["),
          Map.entry("rsqb", "]"),
          Map.entry("verbar", "|"),
          Map.entry("equals", "="),
          Map.entry("plus", "+"),
          Map.entry("szlig", "ss"),
          Map.entry("inodot", "i"),
          Map.entry("aelig", "ae"),
          Map.entry("oelig", "oe"),
          Map.entry("filig", "fi"),
          Map.entry("fllig", "fl"));

  private static final Pattern STYLED_LETTER =
      Pattern.compile(
          "([A-Za-z])(?:acute|grave|circ|uml|tilde|ring|cedil|caron|slash|macr|breve|ogon|dot"
              + "|dblac|strok|scr|opf|fr)");

  private Entities() {}

  /**
   * Decodes the reference that starts at {@code text.charAt(at)}, an ampersand.
   *
   * @return the index behind it, or {@code at} when there is no reference
   */
  static int decode(String text, int at, StringBuilder out) {
    return text.startsWith("#", at + 1) ? number(text, at, out) : name(text, at, out);
  }

  private static int number(String text, int at, StringBuilder out) {
    boolean hex = at + 2 < text.length() && (text.charAt(at + 2) | 0x20) == 'x';
    int radix = hex ? 16 : 10;
    int start = at + (hex ? 3 : 2);
    int i = start;
    int value = 0;
    while (i < text.length() && i < start + LENGTH_MAX && digit(text.charAt(i), radix) >= 0) {
      value = Math.min(value * radix + digit(text.charAt(i), radix), Character.MAX_CODE_POINT + 1);
      i++;
    }
    if (i == start || !Character.isValidCodePoint(value) || value == 0) {
      return at;
    }
    out.appendCodePoint(value);
    return behindSemicolon(text, i);
  }

  private static int digit(char c, int radix) {
    return c < 0x80 ? Character.digit(c, radix) : -1;
  }

  private static int name(String text, int at, StringBuilder out) {
    int end = at + 1;
    while (end < text.length() && end < at + LENGTH_MAX && Words.isAsciiLetter(text.charAt(end))) {
      end++;
    }
    boolean closed = end < text.length() && text.charAt(end) == ';';
    // Without its semicolon a name ends somewhere inside the letters: the longest that is known.
    for (int stop = end; stop > at + 2; stop--) {
      String found = lookup(text.substring(at + 1, stop));
      if (found != null) {
        out.append(found);
        return closed && stop == end ? end + 1 : stop;
      }
    }
    return at;
  }

  private static @Nullable String lookup(String name) {
    String known = NAMES.get(name.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known;
    }
    Matcher styled = STYLED_LETTER.matcher(name);
    return styled.matches() ? styled.group(1) : null;
  }

  private static int behindSemicolon(String text, int i) {
    return i < text.length() && text.charAt(i) == ';' ? i + 1 : i;
  }
}
