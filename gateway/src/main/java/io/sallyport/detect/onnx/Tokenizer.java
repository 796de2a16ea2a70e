package io.sallyport.detect.onnx;

import java.io.IOException;
import java.io.InputStream;

/**
 * Turns text into the token ids of one model. Open: each family of models brings its own.
 *
 * <p>Implementations are immutable and safe on every thread.
 */
public interface Tokenizer {
  /** In place of an id: no token stands there. */
  int NONE = -1;

  /**
   * Writes the ids of a text, without special tokens, until the array is full. Work stops there,
   * however long the text is.
   *
   * @return how many were written; equal to {@code ids.length} also when the text goes on
   */
  int encode(CharSequence text, int[] ids);

  /** The id that every window starts with, or {@link #NONE}. */
  int clsId();

  /** The id that every window ends with, or {@link #NONE}; one of both is there. */
  int sepId();

  /** Opens the tokenizer that a model's file describes. */
  @FunctionalInterface
  interface Factory {
    /**
     * Reads the file to its end and does not close it.
     *
     * @param file the content of {@code tokenizer.json}
     * @throws IOException when the file does not describe a tokenizer that is supported, with a
     *     message for the operator
     */
    Tokenizer open(InputStream file) throws IOException;
  }
}
