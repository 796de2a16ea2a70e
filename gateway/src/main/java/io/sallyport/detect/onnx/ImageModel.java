package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;

/** A loaded image classifier: one view of an image in, one score per label out. */
public final class ImageModel implements LoadedModel {
  private final ModelCard card;
  private final ScoreOutput output;
  private final PixelInput input;
  private final PixelWriter writer;
  private final OnnxModel model;
  private final long[] outputShape;
  private final Pool<ImageBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), ImageBuffers::close);

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

  /** Width and height of the views that it reads, in pixels. */
  public int side() {
    return input.side();
  }

  /** The labels, in the order of the scores. */
  public List<String> labels() {
    return output.labels();
  }

  /**
   * Scores one view.
   *
   * @param view planar R, G, B, each {@code side * side} values row by row, 0 to 255
   * @return one score from 0 to 1 per label, in the order of {@link #labels()}
   * @throws UnavailableException {@code TIMEOUT}, {@code BAD_OUTPUT} or {@code CRASH}
   */
  public double[] scores(float[] view, long deadlineNanos) throws UnavailableException {
    if (view.length != 3 * input.side() * input.side()) {
      throw new IllegalArgumentException("a view of another side");
    }
    ImageBuffers taken = buffers.take(this::allocate);
    try {
      Tensors tensors = taken.fill(writer, view);
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      return Scores.of(output, taken.scores());
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
  }

  private ImageBuffers allocate() {
    return new ImageBuffers(model.runtime(), input, output, outputShape);
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
