package io.sallyport.detect.tokens;

/** Takes the words of a text one by one. */
@FunctionalInterface
interface WordSink {
  /**
   * Takes one.
   *
   * @param start where it begins in the text
   * @param end where it ends; more than {@code start}
   * @return false when no more are wanted
   */
  boolean word(String text, int start, int end);
}
