package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's graph alone, by ONNX Runtime's plain call: inputs made once, outputs made by the
 * runtime, no deadline. What everything around a model is compared with.
 *
 * <p>For one thread at a time, on the model's own session; ends before the model is closed.
 */
public final class BareRun implements AutoCloseable {
  private final OrtSession session;
  private final Map<String, OnnxTensor> feeds = new LinkedHashMap<>();

  private BareRun(OrtSession session) {
    this.session = session;
  }

  /**
   * Prepares runs of a loaded model.
   *
   * @param tokens of a text, both ends included; models of pictures and vectors do not look at it
   * @throws UnavailableException {@code CRASH} when the inputs cannot be made, {@code UNSUPPORTED}
   *     for a model that is not of this process
   */
  public static BareRun of(LoadedModel model, int tokens) throws UnavailableException {
    return switch (model) {
      case TextModel text -> text.graph().bare(1, text.input().fed(tokens));
      case TextClassifierModel text -> text.graph().bare(1, text.input().fed(tokens));
      case ImageModel image -> image.graph().bare(image.shape());
      case BoxModel image -> image.graph().bare(image.shape());
      case ImageEmbeddingModel image -> image.graph().bare(image.shape());
      case HeadModel head -> head.graph().bare(1, head.input().size());
      case RemoteModel remote ->
          throw new UnavailableException(Cause.UNSUPPORTED, "runs elsewhere");
    };
  }

  /** All inputs of one shape: ones where a graph reads whole numbers, zeros elsewhere. */
  static BareRun of(OnnxModel model, OrtSession session, long... shape)
      throws UnavailableException {
    BareRun run = new BareRun(session);
    try {
      for (Map.Entry<String, TensorInfo> input : model.inputs().entrySet()) {
        run.feeds.put(input.getKey(), run.tensor(model, input.getValue(), shape));
      }
      return run;
    } catch (OrtException e) {
      run.close();
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    }
  }

  private OnnxTensor tensor(OnnxModel model, TensorInfo input, long[] shape) throws OrtException {
    int numbers = DirectBuffers.elements(shape);
    if (input.type == OnnxJavaType.INT64) {
      LongBuffer ones = DirectBuffers.longs(numbers);
      for (int i = 0; i < numbers; i++) {
        ones.put(i, 1);
      }
      return OnnxTensor.createTensor(model.runtime().environment(), ones, shape);
    }
    FloatBuffer zeros = DirectBuffers.floats(numbers);
    return OnnxTensor.createTensor(model.runtime().environment(), zeros, shape);
  }

  /**
   * Runs the graph once; what it gives is let go of.
   *
   * @throws UnavailableException {@code CRASH} when it fails
   */
  public void run() throws UnavailableException {
    try (OrtSession.Result _ = session.run(feeds)) {
      // Only the time that it takes is of interest.
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "the model failed: " + e.getCode());
    }
  }

  @Override
  public void close() {
    feeds.values().forEach(OnnxTensor::close);
  }
}
