package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for one run of a graph with one float input and one float output, used
 * again.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}.
 */
final class FloatBuffers {
  private final OnnxRuntime runtime;
  private final String inputTensor;
  private final long[] inputShape;
  private final String outputTensor;
  private final long[] outputShape;
  private final FloatBuffer input;
  private final FloatBuffer output;
  private @Nullable Tensors tensors;

  FloatBuffers(
      OnnxRuntime runtime,
      String inputTensor,
      long[] inputShape,
      String outputTensor,
      long[] outputShape) {
    this.runtime = runtime;
    this.inputTensor = inputTensor;
    this.inputShape = inputShape;
    this.outputTensor = outputTensor;
    this.outputShape = outputShape;
    this.input = DirectBuffers.floats(DirectBuffers.elements(inputShape));
    this.output = DirectBuffers.floats(DirectBuffers.elements(outputShape));
  }

  /** What the next run reads, to be filled from index 0 on. */
  FloatBuffer input() {
    return input;
  }

  /** What the last run wrote, from index 0 on. */
  FloatBuffer output() {
    return output;
  }

  /** The tensors over both, made when first needed. */
  Tensors tensors() throws OrtException {
    Tensors ready = tensors;
    if (ready == null) {
      ready = make();
      tensors = ready;
    }
    return ready;
  }

  private Tensors make() throws OrtException {
    Tensors made = new Tensors(runtime.environment());
    try {
      made.feed(inputTensor, input, inputShape);
      made.pin(outputTensor, output, outputShape);
      return made;
    } catch (OrtException e) {
      made.close();
      throw e;
    }
  }

  /** Frees the native side. */
  void close() {
    if (tensors != null) {
      tensors.close();
    }
  }
}
