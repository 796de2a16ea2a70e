package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for one run of a text model, large enough for a full window and used
 * again.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}. The tensors over it
 * are made per run, because their shape is the window's: padding to one shape would cost time and,
 * in int8 graphs, change the answer.
 */
final class TokenBuffers {
  private final TokenInput input;
  private final VectorOutput output;
  private final LongBuffer ids;
  private final LongBuffer ones;
  private final LongBuffer zeros;
  private final FloatBuffer vectors;
  private final float[] row;

  TokenBuffers(TokenInput input, VectorOutput output) {
    this.input = input;
    this.output = output;
    this.ids = DirectBuffers.longs(input.window());
    this.ones = DirectBuffers.longs(input.window());
    this.zeros = DirectBuffers.longs(input.window());
    this.vectors = DirectBuffers.floats(Math.multiplyExact(input.window(), output.size()));
    this.row = new float[output.size()];
    for (int i = 0; i < input.window(); i++) {
      ones.put(i, 1);
    }
  }

  /**
   * Copies the ids in and lays tensors of their length over the buffers. Close them after the run.
   */
  Tensors tensors(OnnxRuntime runtime, int[] window) throws OrtException {
    ids.clear();
    for (int i = 0; i < window.length; i++) {
      ids.put(i, window[i]);
    }
    Tensors tensors = new Tensors(new HashMap<>(), new HashMap<>());
    try {
      OrtEnvironment environment = runtime.environment();
      feed(tensors, environment, input.ids(), ids, window.length);
      feed(tensors, environment, input.mask(), ones, window.length);
      feed(tensors, environment, input.types(), zeros, window.length);
      vectors.limit(window.length * output.size());
      long[] shape = {1, window.length, output.size()};
      tensors.pinned().put(output.tensor(), OnnxTensor.createTensor(environment, vectors, shape));
      return tensors;
    } catch (OrtException e) {
      tensors.close();
      throw e;
    }
  }

  private static void feed(
      Tensors tensors,
      OrtEnvironment environment,
      @Nullable String name,
      LongBuffer buffer,
      int count)
      throws OrtException {
    if (name != null) {
      buffer.limit(count);
      long[] shape = {1, count};
      tensors.feeds().put(name, OnnxTensor.createTensor(environment, buffer, shape));
    }
  }

  /** Makes one vector of the tokens' vectors that the last run left. */
  void pool(VectorOutput.Pooling pooling, int tokens, float[] vector) {
    switch (pooling) {
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

  /** The tensors of one run. Closing frees their native side, never the buffers. */
  record Tensors(Map<String, OnnxTensor> feeds, Map<String, OnnxTensor> pinned)
      implements AutoCloseable {
    @Override
    public void close() {
      feeds.values().forEach(OnnxTensor::close);
      pinned.values().forEach(OnnxTensor::close);
    }
  }
}
