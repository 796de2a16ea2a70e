package io.sallyport.detect.onnx.convert;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** A model loaded into ONNX Runtime, one thread, for tests. */
final class OrtRun implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OrtRun(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  OrtSession session() {
    return session;
  }

  /** The only output, flat, for the only input. */
  float[] run(long[] shape, float... elements) throws OrtException {
    return run(OnnxTensor.createTensor(environment, FloatBuffer.wrap(elements), shape));
  }

  /** The same with an int64 input. */
  float[] run(long[] shape, long... elements) throws OrtException {
    return run(OnnxTensor.createTensor(environment, LongBuffer.wrap(elements), shape));
  }

  private float[] run(OnnxTensor only) throws OrtException {
    String name = session.getInputNames().iterator().next();
    try (only;
        OrtSession.Result result = session.run(Map.of(name, only))) {
      OnnxValue value = result.get(0);
      FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
      float[] elements = new float[buffer.remaining()];
      buffer.get(elements);
      return elements;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
