package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.function.IntFunction;
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
  private final LongBuffer ids;
  private final LongBuffer ones;
  private final LongBuffer zeros;
  private final FloatBuffer output;
  private final String outputTensor;
  private final IntFunction<long[]> outputShape;

  /** By number of tokens. */
  private final @Nullable Tensors[] tensors;

  /**
   * @param outputTensor the output's name in the graph
   * @param outputShape the output's shape by the number of tokens; it never shrinks with more
   */
  TokenBuffers(
      OnnxRuntime runtime, TokenInput input, String outputTensor, IntFunction<long[]> outputShape) {
    this.runtime = runtime;
    this.input = input;
    this.outputTensor = outputTensor;
    this.outputShape = outputShape;
    this.ids = DirectBuffers.longs(input.window());
    this.ones = DirectBuffers.longs(input.window());
    this.zeros = DirectBuffers.longs(input.window());
    this.output = DirectBuffers.floats(DirectBuffers.elements(outputShape.apply(input.window())));
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
      long[] shape = outputShape.apply(tokens);
      made.pin(outputTensor, output.slice(0, DirectBuffers.elements(shape)), shape);
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

  /** What the last run wrote, from index 0 on. */
  FloatBuffer output() {
    return output;
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
