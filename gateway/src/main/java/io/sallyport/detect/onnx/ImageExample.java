package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A picture that a classifier must score as its card says.
 *
 * @param expect scores by label; labels that are not named may score anything
 * @param tolerance how far a score may be off
 * @param line where the card says so, 1-based
 */
public record ImageExample(
    TestPicture picture, Map<String, Double> expect, double tolerance, int line) {
  public ImageExample {
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }

  /** A picture that a card can describe in a few words, so that no image file is needed. */
  public sealed interface TestPicture {

    /** Planar R, G, B, each {@code side * side} values row by row, 0 to 255. */
    float[] view(int side);
  }

  /** One colour everywhere; each part 0 to 255. */
  public record Fill(int red, int green, int blue) implements TestPicture {
    @Override
    public float[] view(int side) {
      int plane = side * side;
      float[] view = new float[3 * plane];
      java.util.Arrays.fill(view, 0, plane, red);
      java.util.Arrays.fill(view, plane, 2 * plane, green);
      java.util.Arrays.fill(view, 2 * plane, 3 * plane, blue);
      return view;
    }
  }

  /** At column x and row y: R = x mod 256, G = y mod 256, B = 128. */
  public record Gradient() implements TestPicture {
    @Override
    public float[] view(int side) {
      int plane = side * side;
      float[] view = new float[3 * plane];
      for (int i = 0; i < plane; i++) {
        view[i] = (i % side) & 0xff;
        view[plane + i] = (i / side) & 0xff;
        view[2 * plane + i] = 128;
      }
      return view;
    }
  }
}
