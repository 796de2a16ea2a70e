package io.sallyport.detect.tokens;

/** Spells words with the tokens of a vocabulary. Immutable. */
sealed interface Speller permits Bpe, Unigram {

  /**
   * Starts a pass over one text.
   *
   * @param ids receives the tokens
   */
  Spelling over(int[] ids);

  /** Number of tokens, for people. */
  int size();

  /** The name of its kind, for people. */
  String kind();

  /** One pass over one text. Owned by the calling thread. */
  sealed interface Spelling extends WordSink permits BpeSpelling, UnigramSpelling {
    /** How many ids were written so far. */
    int count();

    /**
     * Writes a token that the text has whole; there must be room for it.
     *
     * @return false when no more are wanted
     */
    boolean token(int id);
  }
}
