package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The tensors of one run of an image classifier, on buffers outside the heap that are used again.
 *
 * <p>Belongs to one thread from the pool's {@code take} to its {@code give}.
 *
 * @param pixels what {@code feeds} reads
 * @param scores what {@code pinned} writes
 */
record ImageBuffers(
    FloatBuffer pixels,
    FloatBuffer scores,
    Map<String, OnnxTensor> feeds,
    Map<String, OnnxTensor> pinned) {

  static ImageBuffers allocate(
      OnnxRuntime runtime, PixelInput input, ScoreOutput output, long[] outputShape)
      throws OrtException {
    FloatBuffer pixels = DirectBuffers.floats(3 * input.side() * input.side());
    FloatBuffer scores = DirectBuffers.floats(output.labels().size());
    OnnxTensor feed = OnnxTensor.createTensor(runtime.environment(), pixels, input.shape());
    try {
      OnnxTensor pin = OnnxTensor.createTensor(runtime.environment(), scores, outputShape);
      return new ImageBuffers(
          pixels, scores, Map.of(input.tensor(), feed), Map.of(output.tensor(), pin));
    } catch (OrtException e) {
      feed.close();
      throw e;
    }
  }

  /** Frees the native side; the buffers go with the garbage. */
  void close() {
    feeds.values().forEach(OnnxTensor::close);
    pinned.values().forEach(OnnxTensor::close);
  }
}
