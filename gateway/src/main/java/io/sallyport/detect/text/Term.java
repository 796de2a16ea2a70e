package io.sallyport.detect.text;

/**
 * One entry of a {@link Lexicon}.
 *
 * @param text one or more words, as the operator wrote them
 * @param label what its presence says
 * @param weight the score that it gives, above 0, at most 1
 */
public record Term(String text, String label, double weight, Match match) {

  /** Where a term counts. */
  public enum Match {
    /** As whole words. Plurals and other endings are other words: list them, or use PREFIX. */
    WORD,
    /** At the start of a word, whatever follows: {@code blimp} in {@code blimps}. */
    PREFIX,
    /** Anywhere, also inside other words. */
    ANYWHERE
  }
}
