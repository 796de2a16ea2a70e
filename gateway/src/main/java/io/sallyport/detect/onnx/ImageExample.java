package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** What a classifier is shown. */
  public sealed interface TestPicture {}

  /** A picture that a card can describe in a few words, so that no image file is needed. */
  public sealed interface Drawn extends TestPicture {

    /** Planar R, G, B, each {@code width * height} values row by row, 0 to 255. */
    float[] view(int width, int height);
  }

  /**
   * An image file of the model's folder, read as a request's image would be.
   *
   * @param file one of the card's files
   */
  public record Stored(String file) implements TestPicture {}

  /** One colour everywhere; each part 0 to 255. */
  public record Fill(int red, int green, int blue) implements Drawn {
    @Override
    public float[] view(int width, int height) {
      int plane = width * height;
      float[] view = new float[3 * plane];
      java.util.Arrays.fill(view, 0, plane, red);
      java.util.Arrays.fill(view, plane, 2 * plane, green);
      java.util.Arrays.fill(view, 2 * plane, 3 * plane, blue);
      return view;
    }
  }

  /**
   * One colour with rectangles of others on it.
   *
   * @param patches the later over the earlier
   */
  public record Painted(Fill ground, List<Patch> patches) implements Drawn {
    public Painted {
      patches = List.copyOf(patches);
    }

    @Override
    public float[] view(int width, int height) {
      float[] view = ground.view(width, height);
      for (Patch patch : patches) {
        patch.paint(view, width, height);
      }
      return view;
    }
  }

  /**
   * A rectangle of one colour: the pixels whose centres lie in it.
   *
   * @param left as a share of the side from the left edge, 0 to 1, as are the others
   */
  public record Patch(Fill fill, double left, double top, double right, double bottom) {
    private void paint(float[] view, int width, int height) {
      float[] colour = {fill.red(), fill.green(), fill.blue()};
      for (int i = 0; i < view.length; i++) {
        double x = (i % width + 0.5) / width;
        double y = (i / width % height + 0.5) / height;
        if (x > left && x < right && y > top && y < bottom) {
          view[i] = colour[i / (width * height)];
        }
      }
    }
  }

  /** At column x and row y: R = x mod 256, G = y mod 256, B = 128. */
  public record Gradient() implements Drawn {
    @Override
    public float[] view(int width, int height) {
      int plane = width * height;
      float[] view = new float[3 * plane];
      for (int i = 0; i < plane; i++) {
        view[i] = (i % width) & 0xff;
        view[plane + i] = (i / width) & 0xff;
        view[2 * plane + i] = 128;
      }
      return view;
    }
  }
}
