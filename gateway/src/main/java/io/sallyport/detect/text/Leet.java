package io.sallyport.detect.text;

import org.jspecify.annotations.Nullable;

/**
 * Digits and symbols that stand for letters, read as letters, in mixed tokens only.
 *
 * <p>A token is mixed when it holds letters and such characters and is neither a number with a unit
 * ({@code 3d}, {@code 4k}, {@code 16mm}, {@code 1980s}) nor a letter with a number ({@code f1}).
 * What 1, ! and | mean is open, so there are four readings. The result has the same length.
 */
final class Leet {
  /** Number of readings. */
  static final int READINGS = 4;

  private static final String FROM = "0345789@$+\u20ac\u00a326";
  private static final String TO = "oeastbgastelzg";
  private static final String AMBIGUOUS = "1!|";

  /** Letters that the ambiguous characters of a token stand for, in turn. */
  private static final String[] TURNS = {"i", "l", "li", "il"};

  private static final int UNIT_MAX = 3;

  private Leet() {}

  /**
   * The text with its mixed tokens read as letters; the same object when there is none.
   *
   * @param reading from 0 to {@link #READINGS} - 1
   */
  static String read(String text, int reading) {
    return read(text, TURNS[reading], false);
  }

  /** The first reading of only those tokens that hold such a character between letters. */
  static String evident(String text) {
    return read(text, TURNS[0], true);
  }

  private static String read(String text, String turns, boolean evident) {
    char @Nullable [] out = null;
    for (int i = 0; i < text.length(); ) {
      if (!isTokenPart(text.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      while (i < text.length() && isTokenPart(text.charAt(i))) {
        i++;
      }
      int end = trim(text, start, i);
      if (isMixed(text, start, end) && (!evident || isEvident(text, start, end))) {
        out = out == null ? text.toCharArray() : out;
        fold(out, start, end, turns);
      }
    }
    return out == null ? text : new String(out);
  }

  private static void fold(char[] text, int start, int end, String turns) {
    int turn = 0;
    for (int i = start; i < end; i++) {
      int known = FROM.indexOf(text[i]);
      if (known >= 0) {
        text[i] = TO.charAt(known);
      } else if (AMBIGUOUS.indexOf(text[i]) >= 0) {
        text[i] = turns.charAt(turn++ % turns.length());
      }
    }
  }

  /** A sentence's last exclamation marks and a sum's plus are no letters. */
  private static int trim(String text, int start, int end) {
    int i = end;
    while (i > start && "!|+".indexOf(text.charAt(i - 1)) >= 0) {
      i--;
    }
    return i;
  }

  private static boolean isMixed(String text, int start, int end) {
    int letters = 0;
    int digits = 0;
    int leading = 0;
    for (int i = start; i < end; i++) {
      if (Words.isAsciiLetter(text.charAt(i))) {
        letters++;
      } else {
        boolean digit = Words.isAsciiDigit(text.charAt(i));
        digits += digit ? 1 : 0;
        leading += digit && leading == i - start ? 1 : 0;
      }
    }
    int length = end - start;
    boolean symbols = letters + digits < length;
    boolean numberWithUnit = leading == digits && letters <= UNIT_MAX && !symbols;
    boolean letterWithNumber = letters == 1 && !symbols && Words.isAsciiLetter(text.charAt(start));
    boolean foreign = letters == 0 || letters == length;
    return !foreign && !numberWithUnit && !letterWithNumber;
  }

  private static boolean isEvident(String text, int start, int end) {
    for (int i = start + 1; i < end - 1; i++) {
      if (!Words.isAsciiLetter(text.charAt(i))
          && Words.isAsciiLetter(text.charAt(i - 1))
          && Words.isAsciiLetter(text.charAt(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTokenPart(char c) {
    return Words.isAsciiLetter(c)
        || Words.isAsciiDigit(c)
        || AMBIGUOUS.indexOf(c) >= 0
        || FROM.indexOf(c) >= 0;
  }
}
