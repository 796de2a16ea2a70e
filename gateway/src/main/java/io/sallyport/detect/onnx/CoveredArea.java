package io.sallyport.detect.onnx;

import java.util.Arrays;

/**
 * The share of a picture that boxes cover together, counted in cells of a grid. A cell that a box
 * touches counts whole, so the share is never below the true one, and one more box never lowers it.
 *
 * <p>A box costs four additions, whatever its size: the grid holds differences, and sums are taken
 * once. For one thread; used again.
 */
final class CoveredArea {
  /** Cells along a side. */
  static final int CELLS = 128;

  /** A corner so near to a line between cells lies on it: floats are not exact. */
  private static final double LINE = 1e-5;

  private static final int WIDTH = CELLS + 1;

  private final int[] changes = new int[WIDTH * WIDTH];

  /** Forgets all boxes. */
  void clear() {
    Arrays.fill(changes, 0);
  }

  /** Adds a box: left, top, right, bottom, in sides of the picture; what lies beyond is cut off. */
  void add(double[] box) {
    int left = first(box[0]);
    int top = first(box[1]);
    int right = end(box[2]);
    int bottom = end(box[3]);
    if (left < right && top < bottom) {
      changes[top * WIDTH + left]++;
      changes[top * WIDTH + right]--;
      changes[bottom * WIDTH + left]--;
      changes[bottom * WIDTH + right]++;
    }
  }

  /** From 0 to 1. Called once for each {@link #clear()}. */
  double share() {
    int covered = 0;
    for (int y = 0; y < CELLS; y++) {
      int row = 0;
      for (int x = 0; x < CELLS; x++) {
        int at = y * WIDTH + x;
        row += changes[at];
        // The sum over the rows above, kept where this row's differences were.
        changes[at] = row + (y == 0 ? 0 : changes[at - WIDTH]);
        covered += changes[at] > 0 ? 1 : 0;
      }
    }
    return (double) covered / (CELLS * CELLS);
  }

  private static int first(double corner) {
    return (int) Math.clamp(Math.floor(corner * CELLS + LINE), 0, CELLS);
  }

  private static int end(double corner) {
    return (int) Math.clamp(Math.ceil(corner * CELLS - LINE), 0, CELLS);
  }
}
