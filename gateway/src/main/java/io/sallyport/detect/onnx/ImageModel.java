package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;

/** A loaded image classifier: one view of an image in, one score per label out. */
public final class ImageModel implements ImageScorer {
  private final ModelCard card;
  private final ScoreOutput output;
  private final PixelInput input;
  private final PixelWriter writer;
  private final OnnxModel model;
  private final long[] outputShape;
  private final Pool<FloatBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), FloatBuffers::close);

  private ImageModel(
      ModelCard card, Kind.ImageClassification kind, OnnxModel model, long[] outputShape) {
    this.card = card;
    this.input = kind.input();
    this.output = kind.output();
    this.writer = new PixelWriter(kind.input());
    this.model = model;
    this.outputShape = outputShape;
  }

  /**
   * Joins a session to its card; the session is the new model's, or closed when they do not fit.
   */
  static ImageModel join(ModelCard card, Kind.ImageClassification kind, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireInputs(List.of(kind.input().tensor()));
      graph.requirePixels(kind.input().tensor(), kind.input().shape());
      long[] shape = graph.scores(kind.output().tensor(), kind.output().labels().size());
      return new ImageModel(card, kind, model, shape);
    } catch (UnusableModelException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public ModelCard card() {
    return card;
  }

  /** The graph below. */
  OnnxModel graph() {
    return model;
  }

  /** The input's shape. */
  long[] shape() {
    return input.shape();
  }

  @Override
  public Framing framing() {
    return input.framing();
  }

  /** How its output becomes scores. */
  public ScoreOutput output() {
    return output;
  }

  @Override
  public List<String> labels() {
    return output.labels();
  }

  @Override
  public double[] scores(float[] view, Region picture, long deadlineNanos)
      throws UnavailableException {
    if (view.length != input.framing().numbers()) {
      throw new IllegalArgumentException("a view of another size");
    }
    FloatBuffers taken = buffers.take(this::allocate);
    try {
      writer.write(view, taken.input());
      Tensors tensors = taken.tensors();
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      return Scores.of(output, taken.output());
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
  }

  private FloatBuffers allocate() {
    return new FloatBuffers(
        model.runtime(), input.tensor(), input.shape(), output.tensor(), outputShape);
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
