package io.sallyport.detect.tokens;

/**
 * Splits at what is found, and in between.
 *
 * @param invert whether what is found counts as what is not, and the other way round
 */
record Divided(Finder finder, Behaviour behaviour, boolean invert) implements Split {

  /** What becomes of the finds. */
  enum Behaviour {
    /** They are dropped. */
    REMOVED,
    /** Each is a word. */
    ISOLATED,
    /** Those in a row are one word. */
    CONTIGUOUS,
    /** The first of them ends the word before it. */
    MERGED_WITH_PREVIOUS,
    /** The last of them begins the word after it. */
    MERGED_WITH_NEXT;

    /** Whether a piece belongs to the word that the piece before it is the end of. */
    private boolean joins(boolean foundBefore, boolean found) {
      return switch (this) {
        case REMOVED, ISOLATED -> false;
        case CONTIGUOUS -> found == foundBefore;
        case MERGED_WITH_PREVIOUS -> found && !foundBefore;
        case MERGED_WITH_NEXT -> !found && foundBefore;
      };
    }
  }

  @Override
  public boolean over(String text, int start, int end, WordSink sink) {
    int word = start;
    boolean before = false;
    for (int at = start; at < end; ) {
      int after = finder.end(text, at, end);
      boolean found = after > at;
      if (!found) {
        after = next(text, at, end);
      }
      found ^= invert;
      if (at > start && !behaviour.joins(before, found)) {
        if (!word(text, word, at, before, sink)) {
          return false;
        }
        word = at;
      }
      before = found;
      at = after;
    }
    return word == end || word(text, word, end, before, sink);
  }

  /** Where the next find begins. */
  private int next(String text, int at, int end) {
    int i = at + Character.charCount(text.codePointAt(at));
    while (i < end && finder.end(text, i, end) == i) {
      i += Character.charCount(text.codePointAt(i));
    }
    return i;
  }

  private boolean word(String text, int start, int end, boolean found, WordSink sink) {
    return (found && behaviour == Behaviour.REMOVED) || sink.word(text, start, end);
  }
}
