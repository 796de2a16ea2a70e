package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;

/** A loaded object detector: one view of an image in, boxes read, three scores per label out. */
public final class BoxModel implements ImageScorer {
  private final ModelCard card;
  private final BoxOutput output;
  private final PixelInput input;
  private final PixelWriter writer;
  private final OnnxModel model;
  private final long[] outputShape;
  private final List<String> labels;
  private final Pool<Seat> seats =
      new Pool<>(Runtime.getRuntime().availableProcessors(), seat -> seat.buffers().close());

  private BoxModel(ModelCard card, Kind.ObjectDetection kind, OnnxModel model, long[] outputShape) {
    this.card = card;
    this.input = kind.input();
    this.output = kind.output();
    this.writer = new PixelWriter(kind.input());
    this.model = model;
    this.outputShape = outputShape;
    this.labels = kind.output().labels();
  }

  /**
   * Joins a session to its card; the session is the new model's, or closed when they do not fit.
   */
  static BoxModel join(ModelCard card, Kind.ObjectDetection kind, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireInputs(List.of(kind.input().tensor()));
      graph.requirePixels(kind.input().tensor(), kind.input().shape());
      return new BoxModel(card, kind, model, graph.boxes(kind.output()));
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

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public double[] scores(float[] view, Region picture, long deadlineNanos)
      throws UnavailableException {
    if (view.length != input.framing().numbers()) {
      throw new IllegalArgumentException("a view of another size");
    }
    Seat seat = seats.take(this::allocate);
    try {
      writer.write(view, seat.buffers().input());
      Tensors tensors = seat.buffers().tensors();
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      return seat.scores().of(seat.buffers().output(), picture, deadlineNanos);
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      seats.give(seat);
    }
  }

  private Seat allocate() {
    int candidates = Math.toIntExact(outputShape[output.rowsAt()]);
    return new Seat(
        new FloatBuffers(
            model.runtime(), input.tensor(), input.shape(), output.tensor(), outputShape),
        new BoxScores(output, candidates, input.framing()));
  }

  @Override
  public void close() {
    model.close();
    seats.close();
  }

  /** What one run needs for itself. */
  private record Seat(FloatBuffers buffers, BoxScores scores) {}
}
