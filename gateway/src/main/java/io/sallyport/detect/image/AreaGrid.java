package io.sallyport.detect.image;

import java.util.ArrayList;
import java.util.List;

/**
 * One square grid of area averages over a picture, filled by rows in any order. Each cell weighs
 * every source pixel by the area of it that the cell covers; a picture smaller than the grid works
 * the same way. For one thread.
 *
 * <p>Lengths are counted in {@code 1/side} pixels across the source, so that all horizontal weights
 * are whole numbers: a pixel is {@code side} long, a cell {@code width}.
 */
final class AreaGrid {
  private final int side;
  private final int width;
  private final int height;

  /** By cell: the first and last pixel that it touches, and the lengths that it covers of them. */
  private final int[] first;

  private final int[] last;
  private final int[] head;
  private final int[] tail;

  /** Sums of the current row, planar; at most 255 * 65,535. */
  private final int[] sums;

  /** The bare plane, or over black, over white and bare. */
  private final List<float[]> views = new ArrayList<>(3);

  AreaGrid(int side, int width, int height) {
    this.side = side;
    this.width = width;
    this.height = height;
    this.first = new int[side];
    this.last = new int[side];
    this.head = new int[side];
    this.tail = new int[side];
    this.sums = new int[3 * side];
    this.views.add(new float[3 * side * side]);
    for (int cell = 0; cell < side; cell++) {
      measure(cell);
    }
  }

  int side() {
    return side;
  }

  private void measure(int cell) {
    int from = cell * width;
    int to = from + width;
    first[cell] = from / side;
    last[cell] = (to - 1) / side;
    head[cell] = Math.min(to, (first[cell] + 1) * side) - from;
    tail[cell] = to - last[cell] * side;
  }

  /** Adds a row that looks the same in every view. */
  void addOpaque(int y, byte[] row, int step) {
    sum(row, step);
    for (int i = 0; i < views.size(); i++) {
      spread(y, views.get(i));
    }
  }

  /**
   * Adds a row that is not opaque; the first one parts the views, which were one so far.
   *
   * @param black RGB over black, three bytes a pixel
   * @param white RGB over white, three bytes a pixel
   * @param rgba four bytes a pixel
   */
  void addTranslucent(int y, byte[] black, byte[] white, byte[] rgba) {
    if (views.size() == 1) {
      views.add(views.getFirst().clone());
      views.add(views.getFirst().clone());
    }
    sum(black, 3);
    spread(y, views.get(0));
    sum(white, 3);
    spread(y, views.get(1));
    sum(rgba, 4);
    spread(y, views.get(2));
  }

  /** The averages; rounding of floats never leaves the range. Called once, after the last row. */
  List<float[]> finish() {
    for (float[] view : views) {
      for (int i = 0; i < view.length; i++) {
        view[i] = Math.min(view[i], 255f);
      }
    }
    return List.copyOf(views);
  }

  private void sum(byte[] row, int step) {
    for (int cell = 0; cell < side; cell++) {
      int at = first[cell] * step;
      int end = last[cell] * step;
      int weight = head[cell];
      int red = weight * (row[at] & 0xFF);
      int green = weight * (row[at + 1] & 0xFF);
      int blue = weight * (row[at + 2] & 0xFF);
      if (at < end) {
        int fullRed = 0;
        int fullGreen = 0;
        int fullBlue = 0;
        for (at += step; at < end; at += step) {
          fullRed += row[at] & 0xFF;
          fullGreen += row[at + 1] & 0xFF;
          fullBlue += row[at + 2] & 0xFF;
        }
        weight = tail[cell];
        red += side * fullRed + weight * (row[end] & 0xFF);
        green += side * fullGreen + weight * (row[end + 1] & 0xFF);
        blue += side * fullBlue + weight * (row[end + 2] & 0xFF);
      }
      sums[cell] = red;
      sums[side + cell] = green;
      sums[2 * side + cell] = blue;
    }
  }

  /** Adds the sums to each grid row that source row {@code y} touches. */
  private void spread(int y, float[] view) {
    int from = y * side;
    int to = from + side;
    int plane = side * side;
    for (int row = from / height; row <= (to - 1) / height; row++) {
      int covered = Math.min(to, (row + 1) * height) - Math.max(from, row * height);
      float weight = (float) (covered / ((double) width * height));
      for (int channel = 0; channel < 3; channel++) {
        add(view, channel * plane + row * side, channel * side, weight);
      }
    }
  }

  private void add(float[] view, int at, int sumsAt, float weight) {
    for (int i = 0; i < side; i++) {
      view[at + i] += sums[sumsAt + i] * weight;
    }
  }
}
