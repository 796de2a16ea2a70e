package io.sallyport.detect.embedding;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ModelCard;
import io.sallyport.signal.Stage;
import java.util.Set;

/**
 * The way from a sample to its vectors by one embedding model: a prompt has one for each window of
 * its forms, a picture one for each view. Per label the strongest vector counts.
 *
 * <p>Safe on every thread; works on the thread that asks.
 *
 * @param <S> the prepared sample
 */
public interface Embedder<S> {
  /** The stages whose samples it places. */
  Set<Stage> stages();

  /** The embedding model's digest, 64 lower-case hex digits. */
  String digest();

  /** The embedding model's card. */
  ModelCard card();

  /** Length of the vectors. */
  int size();

  /**
   * Hands every vector of a sample to a reader, in an order that repeats; at least one.
   *
   * @param deadlineNanos on {@link System#nanoTime()}'s clock; the model's own deadline counts when
   *     it is sooner
   * @throws UnavailableException when the model has no answer, or as the reader does; what was read
   *     so far must not be used then
   */
  void each(S sample, long deadlineNanos, Reader reader) throws UnavailableException;

  /** Takes the vectors of one sample. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param vector read-only, and undefined after this call
     */
    void read(float[] vector) throws UnavailableException;
  }
}
