package io.sallyport.detect.onnx.convert;

import java.util.LinkedHashMap;
import java.util.Map;

/** The pictures of nsfwjs-parity.mjs: the same formulas, integers only, so the same pixels. */
final class GeneratedPictures {
  static final int SIDE = 224;

  private static final int[][] PALETTE = {
    {200, 80, 60}, {60, 160, 90}, {70, 90, 180}, {230, 230, 220}
  };

  private interface Colour {
    int[] at(int x, int y);
  }

  private int state = 2026;

  /** Each picture by its name, as planes of red, green and blue from 0 to 1. */
  static Map<String, float[]> all() {
    GeneratedPictures noise = new GeneratedPictures();
    Map<String, Colour> colours = new LinkedHashMap<>();
    colours.put("white", (x, y) -> new int[] {255, 255, 255});
    colours.put("grey", (x, y) -> new int[] {128, 128, 128});
    colours.put("gradient", (x, y) -> new int[] {x, y, 128});
    colours.put("checkerboard", (x, y) -> checker(((x >> 4) + (y >> 4) & 1) * 255));
    colours.put("rings", (x, y) -> rings(squared(x, y)));
    colours.put(
        "disc",
        (x, y) -> squared(x, y) < 6400 ? new int[] {30, 60, 200} : new int[] {240, 220, 60});
    colours.put("stripes", (x, y) -> PALETTE[(x + y >> 3) % 4]);
    colours.put("noise", (x, y) -> new int[] {noise.next(), noise.next(), noise.next()});
    Map<String, float[]> pictures = new LinkedHashMap<>();
    colours.forEach((name, colour) -> pictures.put(name, planes(colour)));
    return pictures;
  }

  private static float[] planes(Colour colour) {
    float[] planes = new float[3 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      int[] rgb = colour.at(i % SIDE, i / SIDE);
      for (int channel = 0; channel < 3; channel++) {
        planes[channel * SIDE * SIDE + i] = rgb[channel] / 255f;
      }
    }
    return planes;
  }

  private static int[] checker(int value) {
    return new int[] {value, value, value};
  }

  private static int[] rings(int squared) {
    int ring = squared >> 5 & 255;
    return new int[] {ring, squared >> 6 & 255, 255 - ring};
  }

  private static int squared(int x, int y) {
    return (x - 112) * (x - 112) + (y - 112) * (y - 112);
  }

  /** The linear congruential generator of "Numerical Recipes". */
  private int next() {
    state = state * 1664525 + 1013904223;
    return state >>> 24;
  }
}
