package io.sallyport.detect.onnx;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.ArrayList;
import java.util.List;

/** A loaded text embedding model: one window of tokens in, one vector out. */
public final class TextModel implements LoadedModel {
  private final ModelCard card;
  private final TokenInput input;
  private final VectorOutput output;
  private final Tokenizer tokenizer;
  private final OnnxModel model;
  private final Pool<TokenBuffers> buffers =
      new Pool<>(Runtime.getRuntime().availableProcessors(), TokenBuffers::close);

  private TextModel(ModelCard card, Kind.TextEmbedding kind, Tokenizer tokenizer, OnnxModel model) {
    this.card = card;
    this.input = kind.input();
    this.output = kind.output();
    this.tokenizer = tokenizer;
    this.model = model;
  }

  /**
   * Joins a session to its card; the session is the new model's, or closed when they do not fit.
   */
  static TextModel join(
      ModelCard card, Kind.TextEmbedding kind, Tokenizer tokenizer, OnnxModel model)
      throws UnusableModelException {
    List<String> names = kind.input().tensors();
    try {
      GraphSignature graph = new GraphSignature(model);
      graph.requireInputs(names);
      for (String name : names) {
        graph.requireTokens(name);
      }
      graph.requireVectors(kind.output().tensor(), kind.output().size());
      return new TextModel(card, kind, tokenizer, model);
    } catch (UnusableModelException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public ModelCard card() {
    return card;
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
    int room = input.window() - 2;
    int tokensMax = room + Math.multiplyExact(windowsMax - 1, input.stride());
    // Plain text has a token per four characters; few texts need the array that holds any text.
    int[] ids = new int[Math.min(tokensMax + 1, text.length() / 2 + 16)];
    int count = tokenizer.encode(text, ids);
    if (count == ids.length && count <= tokensMax) {
      ids = new int[tokensMax + 1];
      count = tokenizer.encode(text, ids);
    }
    if (count > tokensMax) {
      throw new UnavailableException(Cause.TOO_LARGE, "more windows than are judged");
    }
    List<Window> windows = new ArrayList<>();
    for (int start = 0; start + room < count; start += input.stride()) {
      windows.add(window(ids, start, room));
    }
    int last = Math.max(0, count - room);
    windows.add(window(ids, last, count - last));
    return windows;
  }

  private Window window(int[] ids, int start, int count) {
    int[] window = new int[count + 2];
    window[0] = tokenizer.clsId();
    System.arraycopy(ids, start, window, 1, count);
    window[count + 1] = tokenizer.sepId();
    return new Window(window);
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
    TokenBuffers taken = buffers.take(this::allocate);
    try {
      Tensors tensors = taken.fill(ids);
      model.run(tensors.feeds(), tensors.pinned(), deadlineNanos);
      taken.pool(ids.length, vector);
    } catch (OrtException e) {
      throw new UnavailableException(Cause.CRASH, "no tensor: " + e.getCode());
    } finally {
      buffers.give(taken);
    }
    finish(vector);
  }

  private TokenBuffers allocate() {
    return new TokenBuffers(model.runtime(), input, output);
  }

  private void finish(float[] vector) throws UnavailableException {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (!Double.isFinite(squares) || (output.normalise() && squares == 0)) {
      throw new UnavailableException(Cause.BAD_OUTPUT, "the vector has no direction");
    }
    if (output.normalise()) {
      float scale = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= scale;
      }
    }
  }

  @Override
  public void close() {
    model.close();
    buffers.close();
  }
}
