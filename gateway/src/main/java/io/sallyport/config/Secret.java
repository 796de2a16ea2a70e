package io.sallyport.config;

/**
 * A value that must not be printed.
 *
 * @param reveal the value; ask for it only where it is used
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "****";
  }
}
