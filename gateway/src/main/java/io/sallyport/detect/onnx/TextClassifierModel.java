package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.Collection;
import java.util.List;

/** A loaded text classifier: one window of tokens in, one score per label out. */
public final class TextClassifierModel implements LoadedModel {
  private final ModelCard card;
  private final TokenInput input;
  private final ScoreOutput output;
  private final TokenWindows windows;
  private final OnnxModel model;
  private final long[] outputShape;
  private final Pool<TokenBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), TokenBuffers::close);

  private TextClassifierModel(
      ModelCard card,
      Kind.TextClassification kind,
      Tokenizer tokenizer,
      OnnxModel model,
      long[] outputShape) {
    this.card = card;
    this.input = kind.input();
    this.output = kind.output();
    this.windows = new TokenWindows(kind.input(), tokenizer);
    this.model = model;
    this.outputShape = outputShape;
  }

  /**
   * Joins a session to its card; the session is the new model's, or closed when they do not fit.
   */
  static TextClassifierModel join(
      ModelCard card, Kind.TextClassification kind, Tokenizer tokenizer, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireTokens(kind.input());
      long[] shape = graph.scores(kind.output().tensor(), kind.output().labels().size());
      return new TextClassifierModel(card, kind, tokenizer, model, shape);
    } catch (UnusableModelException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public ModelCard card() {
    return card;
  }

  /** How texts become its input. */
  TokenInput input() {
    return input;
  }

  /** The graph below. */
  OnnxModel graph() {
    return model;
  }

  /** How its output becomes scores. */
  public ScoreOutput output() {
    return output;
  }

  /** The labels, in the order of the scores. */
  public List<String> labels() {
    return output.labels();
  }

  /**
   * Cuts a text into windows of tokens that overlap, the last one as full as the others.
   *
   * @param windowsMax work and memory stop there
   * @return at least one window, also for an empty text
   * @throws UnavailableException {@code TOO_LARGE} for a text of more windows
   */
  public List<Window> windows(String text, int windowsMax) throws UnavailableException {
    return windows.of(text, windowsMax);
  }

  /**
   * Scores windows one by one; per label the strongest counts. One without an answer leaves all
   * without.
   *
   * @param windows at least one, of this model
   * @return one score from 0 to 1 per label, in the order of {@link #labels()}
   * @throws UnavailableException {@code TIMEOUT}, looked at before every window; {@code BAD_OUTPUT}
   *     or {@code CRASH}
   */
  public double[] strongest(Collection<Window> windows, long deadlineNanos)
      throws UnavailableException {
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("no window");
    }
    double[] strongest = new double[output.labels().size()];
    for (Window window : windows) {
      double[] scores = scores(window, deadlineNanos);
      for (int i = 0; i < scores.length; i++) {
        strongest[i] = Math.max(strongest[i], scores[i]);
      }
    }
    return strongest;
  }

  private double[] scores(Window window, long deadlineNanos) throws UnavailableException {
    int[] ids = window.ids();
    if (ids.length > input.window()) {
      throw new IllegalArgumentException("a window of another model");
    }
    TokenBuffers taken = buffers.take(this::allocate);
    try {
      Tensors tensors = taken.fill(ids);
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      return Scores.of(output, taken.output());
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
  }

  private TokenBuffers allocate() {
    return new TokenBuffers(model.runtime(), input, output.tensor(), tokens -> outputShape);
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
