package io.sallyport.detect.tokens;

import java.util.List;

/** Finds what a text is split at. Immutable. */
sealed interface Finder {

  /**
   * Where a find ends that begins exactly here; {@code at} when none does. Takes no longer than
   * what it finds is long, but for a bounded start.
   *
   * @param at below {@code end}, at the start of a character
   */
  int end(String text, int at, int end);

  /**
   * One text.
   *
   * @param text not empty
   */
  record Literal(String text) implements Finder {
    @Override
    public int end(String in, int at, int end) {
      return end - at >= text.length() && in.startsWith(text, at) ? at + text.length() : at;
    }
  }

  /** One number, of any script. */
  record Number() implements Finder {
    @Override
    public int end(String text, int at, int end) {
      int point = text.codePointAt(at);
      return CharSort.of(point) == CharSort.NUMBER ? at + Character.charCount(point) : at;
    }
  }

  /**
   * CLIP's words: {@code 's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+}, of which the
   * first that fits counts.
   *
   * @param wholes alternatives before those, as OpenAI's own file has them
   */
  record ClipWord(List<String> wholes) implements Finder {
    @Override
    public int end(String text, int at, int end) {
      for (String whole : wholes) {
        if (end - at >= whole.length() && text.startsWith(whole, at)) {
          return at + whole.length();
        }
      }
      int contraction = text.charAt(at) == '\'' ? CharSort.contraction(text, at + 1, end) : 0;
      if (contraction > 0) {
        return at + 1 + contraction;
      }
      int point = text.codePointAt(at);
      CharSort sort = CharSort.of(point);
      return switch (sort) {
        case LETTER, OTHER -> sort.run(text, at, end);
        case NUMBER -> at + Character.charCount(point);
        case SPACE -> at;
      };
    }
  }
}
