package io.sallyport.detect.onnx;

import java.util.List;

/**
 * A text that an embedding model must place as its card says.
 *
 * @param tolerance how far a number may be off
 * @param line where the card says so, 1-based
 */
public record TextExample(String text, Expectation expect, double tolerance, int line) {

  /** What must hold for the text's vector. */
  public sealed interface Expectation {}

  /** Its first numbers are these. */
  public record Starts(List<Double> vector) implements Expectation {
    public Starts {
      vector = List.copyOf(vector);
    }
  }

  /** Its cosine to another text's vector is this. */
  public record Near(String like, double cosine) implements Expectation {}
}
