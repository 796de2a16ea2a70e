package io.sallyport.detect.onnx;

import java.io.IOException;
import java.io.InputStream;

/**
 * Turns text into the token ids of one model. Open: each family of models brings its own.
 *
 * <p>Implementations are immutable and safe on every thread.
 */
public interface Tokenizer {
  /**
   * The ids of a text without special tokens. Work stops at the limit, however long the text is.
   *
   * @return at most {@code limit} ids
   */
  int[] encode(String text, int limit);

  /** The id that every window starts with. */
  int first();

  /** The id that every window ends with. */
  int last();

  /** Opens the tokenizer that a model's file describes. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param file the content of {@code tokenizer.json}
     * @throws IOException when the file does not describe a tokenizer that is supported, with a
     *     message for the operator
     */
    Tokenizer open(InputStream file) throws IOException;
  }
}
