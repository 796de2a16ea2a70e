package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;

/** A loaded image embedding model: one view of an image in, one vector out. */
public final class ImageEmbeddingModel implements LoadedModel {
  private final ModelCard card;
  private final PixelInput input;
  private final VectorOutput output;
  private final PixelWriter writer;
  private final OnnxModel model;
  private final long[] outputShape;
  private final Pool<FloatBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), FloatBuffers::close);

  private ImageEmbeddingModel(
      ModelCard card, Kind.ImageEmbedding kind, OnnxModel model, long[] outputShape) {
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
  static ImageEmbeddingModel join(ModelCard card, Kind.ImageEmbedding kind, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireInputs(List.of(kind.input().tensor()));
      graph.requirePixels(kind.input().tensor(), kind.input().shape());
      long[] shape = graph.numbers(kind.output().tensor(), kind.output().size());
      return new ImageEmbeddingModel(card, kind, model, shape);
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

  /** What the views that it reads are like. */
  public Framing framing() {
    return input.framing();
  }

  /** Length of the vectors. */
  public int size() {
    return output.size();
  }

  /** Whether the vectors have length 1, so that a dot product is a cosine. */
  public boolean normalised() {
    return output.normalise();
  }

  /**
   * Places one view.
   *
   * @param view planar R, G, B, each {@code width * height} of {@link #framing()}, row by row, 0 to
   *     255
   * @param vector receives {@link #size()} finite numbers; undefined when this throws
   * @throws UnavailableException {@code TIMEOUT}, {@code BAD_OUTPUT} or {@code CRASH}
   */
  public void embed(float[] view, float[] vector, long deadlineNanos) throws UnavailableException {
    if (view.length != input.framing().numbers() || vector.length != output.size()) {
      throw new IllegalArgumentException("a view or vector of another model");
    }
    FloatBuffers taken = buffers.take(this::allocate);
    try {
      writer.write(view, taken.input());
      Tensors tensors = taken.tensors();
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      taken.output().get(0, vector);
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
    output.finish(vector);
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
