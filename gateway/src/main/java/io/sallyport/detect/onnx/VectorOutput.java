package io.sallyport.detect.onnx;

/**
 * How an embedding model's output tensor becomes one vector.
 *
 * @param tensor the output's name in the graph; its shape is {@code [1, tokens, size]}
 * @param size length of the vector
 * @param normalise whether the vector is scaled to length 1
 */
public record VectorOutput(String tensor, int size, Pooling pooling, boolean normalise) {

  /** How the tokens' vectors become one. */
  public enum Pooling {
    /** Their mean. */
    MEAN,
    /** The first one's. */
    CLS
  }
}
