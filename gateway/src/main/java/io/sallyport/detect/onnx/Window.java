package io.sallyport.detect.onnx;

import java.util.Arrays;

/**
 * A run of token ids that a model reads at once. Equal when the ids are equal, so that what reads
 * the same is embedded once. Immutable.
 */
public final class Window {
  private final int[] ids;

  /**
   * Keeps the array.
   *
   * @param ids with the special tokens at both ends
   */
  Window(int[] ids) {
    this.ids = ids;
  }

  /** How many tokens it has, both ends included. */
  public int tokens() {
    return ids.length;
  }

  /** Read-only by contract. */
  int[] ids() {
    return ids;
  }

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
