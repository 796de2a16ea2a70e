package io.sallyport.detect.text;

import java.lang.Character.UnicodeScript;

/**
 * The alphabet of matching: a text as lower-case words with one space before, between and after
 * them.
 *
 * <p>Whatever is no letter, digit or mark separates words. Scripts that are written without spaces
 * get a space around every character, so that a term is found anywhere in them.
 */
final class Words {
  private Words() {}

  /** Room that {@link #write} needs for a text of that length. */
  static int room(int length) {
    return 2 * length + 2;
  }

  /** The words of a text. */
  static String of(CharSequence text) {
    char[] out = new char[room(text.length())];
    return new String(out, 0, write(text, out));
  }

  /**
   * Writes the words of a text.
   *
   * @return the number of characters written, at most {@link #room}
   */
  static int write(CharSequence text, char[] out) {
    int length = 0;
    out[length++] = ' ';
    for (int i = 0; i < text.length(); ) {
      int point = Character.codePointAt(text, i);
      i += Character.charCount(point);
      boolean separate = !isWordPart(point);
      boolean alone = !separate && standsAlone(point);
      if ((separate || alone) && out[length - 1] != ' ') {
        out[length++] = ' ';
      }
      if (!separate) {
        length += Character.toChars(Character.toLowerCase(point), out, length);
      }
      if (alone) {
        out[length++] = ' ';
      }
    }
    if (out[length - 1] != ' ') {
      out[length++] = ' ';
    }
    return length;
  }

  /** True for letters, digits and marks. */
  static boolean isWordPart(int point) {
    if (point < 0x80) {
      return isAsciiLetter(point) || isAsciiDigit(point);
    }
    return Character.isLetterOrDigit(point)
        || switch (Character.getType(point)) {
          case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
          default -> false;
        };
  }

  /** True for letters and digits of scripts that put spaces between words. */
  static boolean isSpacedLetter(int point) {
    return isWordPart(point) && !standsAlone(point);
  }

  static boolean isAsciiLetter(int point) {
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
  }

  static boolean isAsciiDigit(int point) {
    return point >= '0' && point <= '9';
  }

  private static boolean standsAlone(int point) {
    if (point < 0x0E00) {
      return false;
    }
    return Character.isIdeographic(point)
        || switch (UnicodeScript.of(point)) {
          case HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
          case UnicodeScript other -> false;
        };
  }
}
