package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.List;
import java.util.function.IntFunction;

/** A loaded text embedding model: one window of tokens in, one vector out. */
public final class TextModel implements LoadedModel {
  private final ModelCard card;
  private final TokenInput input;
  private final VectorOutput output;
  private final TokenWindows windows;
  private final OnnxModel model;
  private final IntFunction<long[]> outputShape;
  private final Pool<VectorBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), VectorBuffers::close);

  private TextModel(
      ModelCard card,
      Kind.TextEmbedding kind,
      Tokenizer tokenizer,
      OnnxModel model,
      IntFunction<long[]> outputShape) {
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
  static TextModel join(
      ModelCard card, Kind.TextEmbedding kind, Tokenizer tokenizer, OnnxModel model)
      throws UnusableModelException {
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireTokens(kind.input());
      IntFunction<long[]> shape = graph.vectors(kind.input(), kind.output());
      return new TextModel(card, kind, tokenizer, model, shape);
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

  /** Length of the vectors. */
  public int size() {
    return output.size();
  }

  /** Whether the vectors have length 1, so that a dot product is a cosine. */
  public boolean normalised() {
    return output.normalise();
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
   * Places one window.
   *
   * @param vector receives {@link #size()} finite numbers; undefined when this throws
   * @throws UnavailableException {@code TIMEOUT}, {@code BAD_OUTPUT} or {@code CRASH}
   */
  public void embed(Window window, float[] vector, long deadlineNanos) throws UnavailableException {
    int[] ids = window.ids();
    if (vector.length != output.size() || ids.length > input.window()) {
      throw new IllegalArgumentException("a vector or window of another model");
    }
    VectorBuffers taken = buffers.take(this::allocate);
    try {
      Tensors tensors = taken.fill(ids);
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      taken.pool(ids.length, vector);
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
    output.finish(vector);
  }

  private VectorBuffers allocate() {
    return new VectorBuffers(model.runtime(), input, output, outputShape);
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
