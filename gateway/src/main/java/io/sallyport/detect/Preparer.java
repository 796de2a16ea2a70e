package io.sallyport.detect;

/**
 * Turns a sample into what detectors of one kind share: a text into its readable forms, the bytes
 * of an image into a decoded picture. Runs on a lane thread, once per sample.
 */
@FunctionalInterface
public interface Preparer<S> {
  /**
   * @throws UnavailableException when the sample cannot be judged; every detector of the kind is
   *     then unavailable with that cause
   */
  S prepare(Sample sample) throws UnavailableException;

  /**
   * Ends the life of what was prepared: no detector looks at it any more, or ever will, and its
   * memory may be used again. Called at most once, on any thread, an event loop's too; not at all
   * when a detector has not come back.
   */
  default void release(S prepared) {}
}
