package io.sallyport.detect.onnx;

/** What a remote model is fed with. */
public sealed interface RemoteInput {

  /** Token ids, int64; the tokenizer runs here. */
  record Tokens(TokenInput input) implements RemoteInput {}

  /**
   * Texts as they are, BYTES; the tokenizer runs there.
   *
   * @param tensor the input's name
   * @param rank 1 for shape [n], 2 for shape [n, 1]
   */
  record Texts(String tensor, int rank) implements RemoteInput {}

  /** Pixels, float32, decoded and scaled here. */
  record Pixels(PixelInput input) implements RemoteInput {}
}
