package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The native tensors of a run, laid over buffers outside the heap: what is fed, and what is written
 * in place.
 */
final class Tensors {
  private final OrtEnvironment environment;
  private final Map<String, OnnxTensor> feeds = new HashMap<>();
  private final Map<String, OnnxTensor> pinned = new HashMap<>();

  Tensors(OrtEnvironment environment) {
    this.environment = environment;
  }

  void feed(String name, FloatBuffer buffer, long... shape) throws OrtException {
    feeds.put(name, OnnxTensor.createTensor(environment, buffer, shape));
  }

  void feed(String name, LongBuffer buffer, long... shape) throws OrtException {
    feeds.put(name, OnnxTensor.createTensor(environment, buffer, shape));
  }

  void pin(String name, FloatBuffer buffer, long... shape) throws OrtException {
    pinned.put(name, OnnxTensor.createTensor(environment, buffer, shape));
  }

  Map<String, OnnxTensor> feeds() {
    return feeds;
  }

  Map<String, OnnxTensor> pinned() {
    return pinned;
  }

  /** Frees the native side; the buffers go with the garbage. */
  void close() {
    feeds.values().forEach(OnnxTensor::close);
    pinned.values().forEach(OnnxTensor::close);
  }
}
