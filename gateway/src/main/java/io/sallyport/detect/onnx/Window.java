package io.sallyport.detect.onnx;

import java.util.Arrays;

/**
 * A run of token ids that a model reads at once. Equal when the ids are equal, so that what reads
 * the same is embedded once.
 *
 * @param ids with the special tokens at both ends; read-only by contract
 */
public record Window(int[] ids) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Window window && Arrays.equals(ids, window.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Window[" + ids.length + " tokens]";
  }
}
