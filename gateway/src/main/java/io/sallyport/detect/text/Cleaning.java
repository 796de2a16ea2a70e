package io.sallyport.detect.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import java.lang.Character.UnicodeScript;

/**
 * Takes out of a text what a reader does not see, and folds compatibility characters (NFKC) and
 * accents. Keeps upper case, which base64 needs.
 *
 * <p>Dropped: controls, format characters (zero width, bidi, tags, soft hyphen), variation
 * selectors, and marks over letters. Indic and Thai vowel signs stay where they belong.
 */
final class Cleaning {
  /** Beyond this a compatibility character is a whole phrase, and would let a text swell. */
  private static final int EXPANSION_MAX = 4;

  private static final int HANGUL_FIRST = 0xAC00;
  private static final int HANGUL_LAST = 0xD7A3;
  private static final int BLANK_BRAILLE = 0x2800;

  /** Scripts below this code point lose every mark, whichever script the mark comes from. */
  private static final int ALPHABETS_END = 0x0590;

  private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();

  private Cleaning() {}

  /** The cleaned text; the same object when there was nothing to do. */
  static String clean(String text) {
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, i);
    while (i < text.length()) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (isPlain(point)) {
        out.append((char) point);
      } else {
        fold(point, out);
      }
    }
    return out.toString();
  }

  private static boolean isPlain(int point) {
    return (point >= ' ' && point < 0x7F) || point == '\n';
  }

  private static void fold(int point, StringBuilder out) {
    if (isSpace(point)) {
      out.append(' ');
      return;
    }
    String parts = isHangul(point) ? null : NFKC.getDecomposition(point);
    if (parts == null || parts.length() > EXPANSION_MAX) {
      keep(point, out);
      return;
    }
    for (int i = 0; i < parts.length(); ) {
      int part = parts.codePointAt(i);
      i += Character.charCount(part);
      keep(part, out);
    }
  }

  private static void keep(int point, StringBuilder out) {
    if (!isInvisible(point) && !(isMark(point) && isOverlay(point, out))) {
      out.appendCodePoint(point);
    }
  }

  private static boolean isHangul(int point) {
    return point >= HANGUL_FIRST && point <= HANGUL_LAST;
  }

  private static boolean isSpace(int point) {
    return point == BLANK_BRAILLE
        || point == '\t'
        || point == '\r'
        || point == 0x85
        || Character.isSpaceChar(point);
  }

  private static boolean isInvisible(int point) {
    return switch (Character.getType(point)) {
          case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> point != '\n';
          default -> false;
        }
        || UCharacter.hasBinaryProperty(point, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
  }

  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isOverlay(int mark, StringBuilder out) {
    return out.isEmpty()
        || out.charAt(out.length() - 1) < ALPHABETS_END
        || switch (UnicodeScript.of(mark)) {
          case INHERITED -> mark != 0x3099 && mark != 0x309A; // voiced kana are other letters
          case COMMON, HEBREW, ARABIC, SYRIAC, CYRILLIC, LATIN, GREEK -> true;
          case UnicodeScript other -> false;
        };
  }
}
