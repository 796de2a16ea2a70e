package io.sallyport.detect.tokens;

/**
 * The words of byte-level models, GPT-2's and RoBERTa's.
 *
 * <p>What the regular expression {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
 * ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+} finds, in one pass and without backtracking.
 *
 * @param prefix whether a space goes before a text that does not start with one
 * @param split whether the expression is used; a text is one word otherwise
 */
record ByteWords(boolean prefix, boolean split) implements Split {
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

  private boolean words(String text, int start, int end, WordSink sink) {
    for (int at = start; at < end; ) {
      int next = split ? next(text, at, end) : end;
      if (!sink.word(text, at, next)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private static int next(String text, int at, int end) {
    int contraction = text.charAt(at) == '\'' ? CharSort.contraction(text, at + 1, end) : 0;
    if (contraction > 0) {
      return at + 1 + contraction;
    }
    int first = text.charAt(at) == ' ' ? at + 1 : at;
    CharSort sort = first < end ? CharSort.of(text.codePointAt(first)) : CharSort.SPACE;
    if (sort != CharSort.SPACE) {
      return sort.run(text, first, end);
    }
    // The last of several spaces belongs to the word after them. All white space is in the basic
    // plane, so that one step back is one character.
    int after = CharSort.SPACE.run(text, at, end);
    return after == end || after - at == 1 ? after : after - 1;
  }
}
