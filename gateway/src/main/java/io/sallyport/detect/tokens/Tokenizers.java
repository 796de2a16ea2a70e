package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.io.InputStream;

/** Opens the tokenizers that are supported: WordPiece, byte-level BPE, and Unigram. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * Builds the tokenizer that a {@code tokenizer.json} describes. Padding and truncation that the
   * file asks for are not obeyed: callers say how many tokens they want.
   *
   * @param json the file; read to its end, not closed
   * @throws IOException when it cannot be read, or asks for something that is not supported, with a
   *     message for the operator
   */
  public static Tokenizer open(InputStream json) throws IOException {
    TokenizerJson file = TokenizerJson.read(json);
    return switch (file.model().type()) {
      case "WordPiece" -> WordPiece.of(file);
      case "BPE" -> SubwordTokenizer.of(file, Bpe.of(file.model()), Split.bytes(file));
      case "Unigram" -> SubwordTokenizer.of(file, Unigram.of(file), Split.marked(file));
      case String other ->
          throw Expect.refusal("the model is '" + other + "', not WordPiece, BPE or Unigram");
    };
  }
}
