package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.ImageExample.TestPicture;
import java.util.List;

/**
 * A picture that an embedding model must place as its card says.
 *
 * <p>An image file is placed by its first view, which is the crop in the middle where there are
 * crops.
 *
 * @param tolerance how far a number may be off
 * @param line where the card says so, 1-based
 */
public record PlacedImage(TestPicture picture, Expectation expect, double tolerance, int line) {

  /** What must hold for the picture's vector. */
  public sealed interface Expectation {}

  /** Its first numbers are these. */
  public record Starts(List<Double> vector) implements Expectation {
    public Starts {
      vector = List.copyOf(vector);
    }
  }

  /** Its cosine to another picture's vector is this. */
  public record Near(TestPicture like, double cosine) implements Expectation {}
}
