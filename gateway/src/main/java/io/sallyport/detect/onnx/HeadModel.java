package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;
import java.util.Map;

/** A loaded head: another model's vector in, one score per label out. */
public final class HeadModel implements LoadedModel {
  private final ModelCard card;
  private final VectorInput input;
  private final ScoreOutput output;
  private final Map<String, HeldOut> figures;
  private final OnnxModel model;
  private final long[] outputShape;
  private final Pool<FloatBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), FloatBuffers::close);

  private HeadModel(ModelCard card, Kind.Head kind, OnnxModel model, long[] outputShape) {
    this.card = card;
    this.input = kind.input();
    this.output = kind.output();
    this.figures = kind.figures();
    this.model = model;
    this.outputShape = outputShape;
  }

  /**
   * Joins a session to its card; the session is the new model's, or closed when they do not fit.
   */
  static HeadModel join(ModelCard card, Kind.Head kind, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireInputs(List.of(kind.input().tensor()));
      graph.requireVector(kind.input().tensor(), kind.input().size());
      long[] shape = graph.scores(kind.output().tensor(), kind.output().labels().size());
      return new HeadModel(card, kind, model, shape);
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

  /** What it reads, and whose vectors these are. */
  public VectorInput input() {
    return input;
  }

  /** The labels, in the order of the scores. */
  public List<String> labels() {
    return output.labels();
  }

  /** What the card says it was worth on rows held out, by label; empty where it says nothing. */
  public Map<String, HeldOut> figures() {
    return figures;
  }

  /**
   * Scores one vector.
   *
   * @param vector as the embedding model gives it, {@link VectorInput#size()} numbers
   * @return one score from 0 to 1 per label, in the order of {@link #labels()}
   * @throws UnavailableException {@code TIMEOUT}, {@code BAD_OUTPUT} or {@code CRASH}
   */
  public double[] scores(float[] vector, long deadlineNanos) throws UnavailableException {
    if (vector.length != input.size()) {
      throw new IllegalArgumentException("a vector of another size");
    }
    FloatBuffers taken = buffers.take(this::allocate);
    try {
      taken.input().put(0, vector);
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
        model.runtime(),
        input.tensor(),
        new long[] {1, input.size()},
        output.tensor(),
        outputShape);
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
