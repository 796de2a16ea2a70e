package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for one run of a text model, large enough for a full window and used
 * again.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}. Every length has its
 * own tensors over the same memory, made when first needed: padding to one shape would cost time
 * and, in int8 graphs, change the answer.
 */
final class TokenBuffers {
  private final OnnxRuntime runtime;
  private final TokenInput input;
  private final VectorOutput output;
  private final LongBuffer ids;
  private final LongBuffer ones;
  private final LongBuffer zeros;
  private final FloatBuffer vectors;
  private final float[] row;

  /** By number of tokens. */
  private final @Nullable Tensors[] tensors;

  TokenBuffers(OnnxRuntime runtime, TokenInput input, VectorOutput output) {
    this.runtime = runtime;
    this.input = input;
    this.output = output;
    this.ids = DirectBuffers.longs(input.window());
    this.ones = DirectBuffers.longs(input.window());
    this.zeros = DirectBuffers.longs(input.window());
    this.vectors = DirectBuffers.floats(Math.multiplyExact(input.window(), output.size()));
    this.row = new float[output.size()];
    this.tensors = new Tensors[input.window() + 1];
    for (int i = 0; i < input.window(); i++) {
      ones.put(i, 1);
    }
  }

  /** Copies the ids in; the tensors are of their length. */
  Tensors fill(int[] window) throws OrtException {
    for (int i = 0; i < window.length; i++) {
      ids.put(i, window[i]);
    }
    Tensors made = tensors[window.length];
    if (made == null) {
      made = make(window.length);
      tensors[window.length] = made;
    }
    return made;
  }

  private Tensors make(int tokens) throws OrtException {
    Tensors made = new Tensors(runtime.environment());
    try {
      feed(made, input.ids(), ids, tokens);
      feed(made, input.mask(), ones, tokens);
      feed(made, input.types(), zeros, tokens);
      FloatBuffer part = vectors.slice(0, tokens * output.size());
      made.pin(output.tensor(), part, 1, tokens, output.size());
      return made;
    } catch (OrtException e) {
      made.close();
      throw e;
    }
  }

  private static void feed(Tensors made, @Nullable String name, LongBuffer buffer, int tokens)
      throws OrtException {
    if (name != null) {
      made.feed(name, buffer.slice(0, tokens), 1, tokens);
    }
  }

  /** Makes one vector of the tokens' vectors that the last run left. */
  void pool(int tokens, float[] vector) {
    switch (output.pooling()) {
      case CLS -> vectors.get(0, vector);
      case MEAN -> mean(tokens, vector);
    }
  }

  private void mean(int tokens, float[] vector) {
    vectors.get(0, vector);
    for (int token = 1; token < tokens; token++) {
      vectors.get(token * row.length, row);
      for (int i = 0; i < row.length; i++) {
        vector[i] += row[i];
      }
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= tokens;
    }
  }

  /** Frees the native side. */
  void close() {
    for (Tensors made : tensors) {
      if (made != null) {
        made.close();
      }
    }
  }
}
