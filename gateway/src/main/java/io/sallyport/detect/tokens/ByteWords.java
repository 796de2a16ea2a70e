package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;

/**
 * The words of byte-level models, GPT-2's and RoBERTa's.
 *
 * <p>What the regular expression {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
 * ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+} finds, in one pass and without backtracking.
 *
 * @param prefix whether a space goes before a text that does not start with one
 */
record ByteWords(boolean prefix) implements Split {
  @Override
  public boolean over(String text, int start, int end, WordSink sink) {
    if (start == end) {
      return true;
    }
    if (prefix && text.charAt(start) != ' ') {
      return words(" " + text.substring(start, end), 0, end - start + 1, sink);
    }
    return words(text, start, end, sink);
  }

  private static boolean words(String text, int start, int end, WordSink sink) {
    for (int at = start; at < end; ) {
      int next = next(text, at, end);
      if (!sink.word(text, at, next)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private static int next(String text, int at, int end) {
    int contraction = text.charAt(at) == '\'' ? contraction(text, at + 1, end) : 0;
    if (contraction > 0) {
      return at + 1 + contraction;
    }
    int first = text.charAt(at) == ' ' ? at + 1 : at;
    Sort sort = first < end ? Sort.of(text.codePointAt(first)) : Sort.SPACE;
    if (sort != Sort.SPACE) {
      return run(text, first, end, sort);
    }
    // The last of several spaces belongs to the word after them.
    int after = run(text, at, end, Sort.SPACE);
    return after == end || after - at == 1 ? after : after - 1;
  }

  /** The length of what English leaves after an apostrophe, or 0. */
  private static int contraction(String text, int at, int end) {
    char first = at < end ? text.charAt(at) : 0;
    char second = at + 1 < end ? text.charAt(at + 1) : 0;
    return switch (first) {
      case 's', 't', 'm', 'd' -> 1;
      case 'r', 'v' -> second == 'e' ? 2 : 0;
      case 'l' -> second == 'l' ? 2 : 0;
      default -> 0;
    };
  }

  /** All white space is in the basic plane, so that one step back is one character. */
  private static int run(String text, int at, int end, Sort sort) {
    int i = at;
    while (i < end) {
      int point = text.codePointAt(i);
      if (Sort.of(point) != sort) {
        return i;
      }
      i += Character.charCount(point);
    }
    return end;
  }

  private enum Sort {
    LETTER,
    NUMBER,
    SPACE,
    OTHER;

    static Sort of(int point) {
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
  }
}
