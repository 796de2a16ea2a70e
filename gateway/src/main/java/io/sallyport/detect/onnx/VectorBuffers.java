package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/**
 * Memory for one run of an embedding model, and the step from its tokens' vectors to one.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}.
 */
final class VectorBuffers {
  private final VectorOutput output;
  private final TokenBuffers tokens;
  private final float[] row;

  /**
   * @param outputShape the output's shape by the number of tokens
   */
  VectorBuffers(
      OnnxRuntime runtime, TokenInput input, VectorOutput output, IntFunction<long[]> outputShape) {
    this.output = output;
    this.tokens = new TokenBuffers(runtime, input, output.tensor(), outputShape);
    this.row = new float[output.size()];
  }

  /** Copies the ids in; see {@link TokenBuffers#fill}. */
  Tensors fill(int[] window) throws OrtException {
    return tokens.fill(window);
  }

  /**
   * Makes one vector of what the last run left.
   *
   * @param count how many tokens the window has, without padding
   */
  void pool(int count, float[] vector) {
    switch (output.pooling()) {
      case CLS, NONE -> tokens.output().get(0, vector);
      case MEAN -> mean(count, vector);
    }
  }

  private void mean(int count, float[] vector) {
    FloatBuffer vectors = tokens.output();
    vectors.get(0, vector);
    for (int token = 1; token < count; token++) {
      vectors.get(token * row.length, row);
      for (int i = 0; i < row.length; i++) {
        vector[i] += row[i];
      }
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= count;
    }
  }

  /** Frees the native side. */
  void close() {
    tokens.close();
  }
}
