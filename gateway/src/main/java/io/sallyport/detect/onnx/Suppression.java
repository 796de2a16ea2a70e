package io.sallyport.detect.onnx;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression of one label's boxes: the strongest is kept, what shares too much
 * with a kept one is dropped, and so on (Neubeck and Van Gool, <i>Efficient Non-Maximum
 * Suppression</i>, 2006, algorithm 1). Of equal scores the earlier candidate comes first, so that
 * equal tables give equal answers.
 *
 * <p>Each candidate is compared with kept boxes only, of which there are at most so many as are
 * counted: work is candidates times kept, never candidates squared. For one thread; used again.
 */
final class Suppression {
  private final double iou;
  private final double[] kept;
  private long[] order = new long[64];
  private double[] corners = new double[4 * 64];
  private int size;

  /**
   * @param iou a box that shares more than this with a kept one is dropped
   * @param maxBoxes boxes that are kept at most
   */
  Suppression(double iou, int maxBoxes) {
    this.iou = iou;
    this.kept = new double[4 * maxBoxes];
  }

  /** Forgets all boxes. */
  void clear() {
    size = 0;
  }

  /** Adds a box: left, top, right, bottom, and a score of at least 0. */
  void add(double[] box, double score) {
    if (size == order.length) {
      order = Arrays.copyOf(order, 2 * size);
      corners = Arrays.copyOf(corners, 8 * size);
    }
    System.arraycopy(box, 0, corners, 4 * size, 4);
    // Bits of floats from 0 on rise with the float: inverted, the strongest sorts first.
    order[size] = (long) ~Float.floatToIntBits((float) score) << Integer.SIZE | size;
    size++;
  }

  /** How many boxes are left, at most the number that is kept. */
  int count() {
    Arrays.sort(order, 0, size);
    int count = 0;
    for (int i = 0; i < size && 4 * count < kept.length; i++) {
      int box = 4 * (int) order[i];
      if (apart(box, count)) {
        System.arraycopy(corners, box, kept, 4 * count, 4);
        count++;
      }
    }
    return count;
  }

  private boolean apart(int box, int count) {
    for (int other = 0; other < 4 * count; other += 4) {
      if (overlap(corners, box, kept, other) > iou) {
        return false;
      }
    }
    return true;
  }

  /** Intersection over union; 0 for boxes without area. */
  static double overlap(double[] a, int i, double[] b, int j) {
    double width = Math.min(a[i + 2], b[j + 2]) - Math.max(a[i], b[j]);
    double height = Math.min(a[i + 3], b[j + 3]) - Math.max(a[i + 1], b[j + 1]);
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double shared = width * height;
    return shared / (area(a, i) + area(b, j) - shared);
  }

  private static double area(double[] box, int at) {
    return (box[at + 2] - box[at]) * (box[at + 3] - box[at + 1]);
  }
}
