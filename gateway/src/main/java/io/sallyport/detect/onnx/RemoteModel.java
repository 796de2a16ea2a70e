package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model that runs on another machine, as far as its card goes: what it is fed with, and what its
 * numbers mean. Holds no connection and nothing native. Safe on every thread.
 */
public final class RemoteModel implements LoadedModel {
  private final ModelCard card;
  private final Kind.Remote kind;
  private final Optional<TokenWindows> windows;
  private final Optional<PixelWriter> writer;

  private RemoteModel(
      ModelCard card,
      Kind.Remote kind,
      Optional<TokenWindows> windows,
      Optional<PixelWriter> writer) {
    this.card = card;
    this.kind = kind;
    this.windows = windows;
    this.writer = writer;
  }

  /** A model that is fed with token ids. */
  static RemoteModel ofTokens(
      ModelCard card, Kind.Remote kind, RemoteInput.Tokens tokens, Tokenizer tokenizer) {
    return new RemoteModel(
        card, kind, Optional.of(new TokenWindows(tokens.input(), tokenizer)), Optional.empty());
  }

  /** A model that is fed with texts. */
  static RemoteModel ofTexts(ModelCard card, Kind.Remote kind) {
    return new RemoteModel(card, kind, Optional.empty(), Optional.empty());
  }

  /** A model that is fed with pixels. */
  static RemoteModel ofPixels(ModelCard card, Kind.Remote kind, RemoteInput.Pixels pixels) {
    return new RemoteModel(
        card, kind, Optional.empty(), Optional.of(new PixelWriter(pixels.input())));
  }

  @Override
  public ModelCard card() {
    return card;
  }

  /** What the card says of the call. */
  public Kind.Remote kind() {
    return kind;
  }

  /** The labels, in the order of the scores. */
  public List<String> labels() {
    return kind.output().labels();
  }

  /**
   * Cuts a text into windows of tokens; only for a model that is fed with tokens.
   *
   * @throws UnavailableException {@code TOO_LARGE} for a text of more windows
   */
  public List<Window> windows(String text, int windowsMax) throws UnavailableException {
    return windows.orElseThrow().of(text, windowsMax);
  }

  /** The token ids of a window. */
  public long[] ids(Window window) {
    return Arrays.stream(window.ids()).asLongStream().toArray();
  }

  /**
   * The numbers that a view is fed as; only for a model that is fed with pixels.
   *
   * @param view planar R, G, B, as {@link ImageScorer#scores}
   */
  public float[] pixels(float[] view) {
    float[] pixels = new float[view.length];
    writer.orElseThrow().write(view, FloatBuffer.wrap(pixels));
    return pixels;
  }

  /**
   * The scores that a row of the answer means.
   *
   * @param row one number per label
   * @return one score from 0 to 1 per label
   * @throws UnavailableException {@code BAD_OUTPUT}
   */
  public double[] scores(float[] row) throws UnavailableException {
    return Scores.of(kind.output(), FloatBuffer.wrap(row));
  }

  /** Nothing to free: connections belong to whoever opened them. */
  @Override
  public void close() {}
}
