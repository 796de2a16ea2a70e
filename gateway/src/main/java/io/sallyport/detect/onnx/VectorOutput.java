package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;

/**
 * How an embedding model's output tensor becomes one vector.
 *
 * @param tensor the output's name in the graph; its shape is {@code [1, tokens, size]}, or, without
 *     pooling, any that holds {@code size} numbers, such as {@code [1, size]}
 * @param size length of the vector
 * @param normalise whether the vector is scaled to length 1
 */
public record VectorOutput(String tensor, int size, Pooling pooling, boolean normalise) {

  /** How the tokens' vectors become one. */
  public enum Pooling {
    /** Their mean. */
    MEAN,
    /** The first one's. */
    CLS,
    /** The graph gives one vector already, as encoders of pictures and CLIP's of texts do. */
    NONE
  }

  /**
   * Ends the way to a vector, in place: finite, and of length 1 where the card says so.
   *
   * @throws UnavailableException {@code BAD_OUTPUT} for a vector without a direction
   */
  void finish(float[] vector) throws UnavailableException {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (!Double.isFinite(squares) || (normalise && squares == 0)) {
      throw new UnavailableException(Cause.BAD_OUTPUT, "the vector has no direction");
    }
    if (normalise) {
      float scale = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= scale;
      }
    }
  }
}
