package io.sallyport.detect.tokens;

import com.ibm.icu.lang.UCharacter;

/** One way in which a text is split into words; several are applied one inside the other. */
sealed interface Split permits Split.Spaces, Split.Marked, Divided, ByteWords {

  /**
   * Hands out the words in their order.
   *
   * @return false as soon as the sink has had enough
   */
  boolean over(String text, int start, int end, WordSink sink);

  /** Splits at white space and drops it. */
  record Spaces() implements Split {
    @Override
    public boolean over(String text, int start, int end, WordSink sink) {
      int word = start;
      for (int i = start; i <= end; i++) {
        if (i == end || UCharacter.isUWhiteSpace(text.charAt(i))) {
          if (i > word && !sink.word(text, word, i)) {
            return false;
          }
          word = i + 1;
        }
      }
      return true;
    }
  }

  /**
   * Puts a mark in the place of every space, and before the text.
   *
   * @param prefix whether one goes before a text that does not start with one
   * @param split whether every mark starts a word
   */
  record Marked(char mark, boolean prefix, boolean split) implements Split {
    @Override
    public boolean over(String text, int start, int end, WordSink sink) {
      if (start == end) {
        return true;
      }
      String marked = text.substring(start, end).replace(' ', mark);
      if (prefix && marked.charAt(0) != mark) {
        marked = mark + marked;
      }
      int word = 0;
      for (int i = 1; split && i < marked.length(); i++) {
        if (marked.charAt(i) == mark) {
          if (!sink.word(marked, word, i)) {
            return false;
          }
          word = i;
        }
      }
      return sink.word(marked, word, marked.length());
    }
  }
}
