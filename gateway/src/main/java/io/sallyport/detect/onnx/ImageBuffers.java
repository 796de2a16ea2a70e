package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for one run of an image classifier, used again.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}.
 */
final class ImageBuffers {
  private final OnnxRuntime runtime;
  private final PixelInput input;
  private final ScoreOutput output;
  private final long[] outputShape;
  private final FloatBuffer pixels;
  private final FloatBuffer scores;
  private @Nullable Tensors tensors;

  ImageBuffers(OnnxRuntime runtime, PixelInput input, ScoreOutput output, long[] outputShape) {
    this.runtime = runtime;
    this.input = input;
    this.output = output;
    this.outputShape = outputShape;
    this.pixels = DirectBuffers.floats(3 * input.side() * input.side());
    this.scores = DirectBuffers.floats(output.labels().size());
  }

  /** Writes a view in; the tensors are over it. */
  Tensors fill(PixelWriter writer, float[] view) throws OrtException {
    writer.write(view, pixels);
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
      made.feed(input.tensor(), pixels, input.shape());
      made.pin(output.tensor(), scores, outputShape);
      return made;
    } catch (OrtException e) {
      made.close();
      throw e;
    }
  }

  /** What the last run wrote, one number per label. */
  FloatBuffer scores() {
    return scores;
  }

  /** Frees the native side. */
  void close() {
    if (tensors != null) {
      tensors.close();
    }
  }
}
