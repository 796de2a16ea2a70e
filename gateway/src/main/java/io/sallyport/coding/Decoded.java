package io.sallyport.coding;

/**
 * A body without its coding.
 *
 * @param bytes an array that nobody writes to any more; only its first {@code length} bytes count
 */
public record Decoded(byte[] bytes, int length) {
  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Decoded[" + length + " bytes]";
  }
}
