package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.io.InputStream;

/** Opens the tokenizers that are supported: WordPiece, BPE over bytes or with them, Unigram. */
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
      case "BPE" ->
          Expect.flag(file.model().options(), "byte_fallback", false)
              ? SubwordTokenizer.of(
                  file, Bpe.ofCharacters(file), Splits.characters(file, "a BPE with byte_fallback"))
              : SubwordTokenizer.of(file, Bpe.ofBytes(file), Splits.bytes(file));
      case "Unigram" ->
          SubwordTokenizer.of(file, Unigram.of(file), Splits.characters(file, "a Unigram model"));
      case String other ->
          throw Expect.refusal("the model is '" + other + "', not WordPiece, BPE or Unigram");
    };
  }
}
