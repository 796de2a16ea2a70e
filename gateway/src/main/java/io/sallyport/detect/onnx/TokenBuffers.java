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
 * and, in int8 graphs, change the answer. It is done where the card asks for it.
 */
final class TokenBuffers {
  private final OnnxRuntime runtime;
  private final TokenInput input;
  private final LongBuffer ids;
  private final LongBuffer mask;
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
    this.mask = DirectBuffers.longs(input.window());
    this.zeros = DirectBuffers.longs(input.window());
    this.output = DirectBuffers.floats(DirectBuffers.elements(outputShape.apply(input.window())));
    this.tensors = new Tensors[input.window() + 1];
  }

  /** Copies the ids in; the tensors are of their length, or of that to which they are padded. */
  Tensors fill(int[] window) throws OrtException {
    int length = input.fed(window.length);
    Integer pad = input.pad();
    for (int i = 0; i < length; i++) {
      boolean real = i < window.length;
      ids.put(i, real || pad == null ? window[i] : pad);
      mask.put(i, real ? 1 : 0);
    }
    Tensors made = tensors[length];
    if (made == null) {
      made = make(length);
      tensors[length] = made;
    }
    return made;
  }

  private Tensors make(int tokens) throws OrtException {
    Tensors made = new Tensors(runtime.environment());
    try {
      feed(made, input.ids(), ids, tokens);
      feed(made, input.mask(), mask, tokens);
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
