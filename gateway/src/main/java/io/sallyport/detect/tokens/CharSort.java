package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;

/** What a regular expression of a {@code tokenizer.json} calls a character. */
enum CharSort {
  /** {@code \p{L}}. */
  LETTER,
  /** {@code \p{N}}. */
  NUMBER,
  /** {@code \s}. */
  SPACE,
  /** None of the others. */
  OTHER;

  static CharSort of(int point) {
    if (Character.isLetter(point)) {
      return LETTER;
    }
    if (UCharacter.isUWhiteSpace(point)) {
      return SPACE;
    }
    return switch (Character.getType(point)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }

  /**
   * Where a run of this sort ends.
   *
   * @param at where it begins; returned when there is none
   */
  int run(String text, int at, int end) {
    int i = at;
    while (i < end) {
      int point = text.codePointAt(i);
      if (of(point) != this) {
        return i;
      }
      i += Character.charCount(point);
    }
    return end;
  }

  /**
   * The length of what English leaves after an apostrophe: {@code s}, {@code t}, {@code re}, {@code
   * ve}, {@code m}, {@code ll} or {@code d}; 0 for none.
   *
   * @param at after the apostrophe
   */
  static int contraction(String text, int at, int end) {
    char first = at < end ? text.charAt(at) : 0;
    char second = at + 1 < end ? text.charAt(at + 1) : 0;
    return switch (first) {
      case 's', 't', 'm', 'd' -> 1;
      case 'r', 'v' -> second == 'e' ? 2 : 0;
      case 'l' -> second == 'l' ? 2 : 0;
      default -> 0;
    };
  }
}
