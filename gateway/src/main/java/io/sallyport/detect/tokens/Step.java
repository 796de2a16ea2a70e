package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import java.util.function.IntPredicate;

/** One thing that is done to a whole text before it is split into words. Immutable. */
sealed interface Step {
  String apply(String text);

  /** The replacements that a SentencePiece model carries. */
  record Mapped(CharacterMap map) implements Step {
    @Override
    public String apply(String text) {
      return map.apply(text);
    }
  }

  /** Takes white space away at the ends. */
  record Strip(boolean left, boolean right) implements Step {
    @Override
    public String apply(String text) {
      int start = 0;
      int end = text.length();
      // All white space is in the basic plane, so no character is cut in half.
      while (left && start < end && UCharacter.isUWhiteSpace(text.charAt(start))) {
        start++;
      }
      while (right && start < end && UCharacter.isUWhiteSpace(text.charAt(end - 1))) {
        end--;
      }
      return text.substring(start, end);
    }
  }

  /**
   * Replaces a text wherever it stands.
   *
   * @param from not empty
   */
  record Replace(String from, String to) implements Step {
    @Override
    public String apply(String text) {
      return text.replace(from, to);
    }
  }

  /** Puts a text before one that is not empty. */
  record Prepend(String before) implements Step {
    @Override
    public String apply(String text) {
      return text.isEmpty() ? text : before + text;
    }
  }

  /**
   * Replaces every run of some characters, all of the basic plane.
   *
   * @param least how many make a run
   */
  record ReplaceRuns(IntPredicate characters, int least, String to) implements Step {
    @Override
    public String apply(String text) {
      StringBuilder out = new StringBuilder(text.length());
      for (int i = 0; i < text.length(); ) {
        int end = i;
        while (end < text.length() && characters.test(text.charAt(end))) {
          end++;
        }
        if (end - i >= least) {
          out.append(to);
          i = end;
        } else {
          out.append(text.charAt(i++));
        }
      }
      return out.toString();
    }
  }

  /** Replaces every one of some characters, all of the basic plane. */
  record ReplaceEach(IntPredicate characters, String to) implements Step {
    @Override
    public String apply(String text) {
      StringBuilder out = new StringBuilder(text.length());
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (characters.test(c)) {
          out.append(to);
        } else {
          out.append(c);
        }
      }
      return out.toString();
    }
  }

  /** One of Unicode's normalisation forms. */
  record Form(Normalizer2 form) implements Step {
    @Override
    public String apply(String text) {
      return form.normalize(text);
    }
  }

  /** Takes marks away, as far as they stand alone: after a decomposition, all of them. */
  record StripAccents() implements Step {
    @Override
    public String apply(String text) {
      return keep(text, point -> !isMark(point));
    }

    private static boolean isMark(int point) {
      return switch (Character.getType(point)) {
        case Character.NON_SPACING_MARK,
            Character.COMBINING_SPACING_MARK,
            Character.ENCLOSING_MARK ->
            true;
        default -> false;
      };
    }

    private static String keep(String text, IntPredicate kept) {
      StringBuilder out = new StringBuilder(text.length());
      text.codePoints().filter(kept).forEach(out::appendCodePoint);
      return out.toString();
    }
  }

  /** Lower case, character by character: a final sigma is no exception. */
  record Lowercase() implements Step {
    /** The one character whose lower case is two. */
    private static final int CAPITAL_I_WITH_DOT = 0x130;

    @Override
    public String apply(String text) {
      StringBuilder out = new StringBuilder(text.length());
      text.codePoints().forEach(point -> append(point, out));
      return out.toString();
    }

    private static void append(int point, StringBuilder out) {
      if (point == CAPITAL_I_WITH_DOT) {
        out.append("i\u0307");
      } else {
        out.appendCodePoint(Character.toLowerCase(point));
      }
    }
  }

  /** Puts the replacement character where half a character stands, which UTF-8 cannot spell. */
  record Whole() implements Step {
    @Override
    public String apply(String text) {
      if (text.codePoints().noneMatch(Whole::isHalf)) {
        return text;
      }
      StringBuilder out = new StringBuilder(text.length());
      text.codePoints().map(point -> isHalf(point) ? 0xFFFD : point).forEach(out::appendCodePoint);
      return out.toString();
    }

    static boolean isHalf(int point) {
      return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
  }
}
