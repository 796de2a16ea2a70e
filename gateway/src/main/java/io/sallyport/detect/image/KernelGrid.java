package io.sallyport.detect.image;

import io.sallyport.detect.onnx.Framing;
import java.util.Arrays;

/**
 * Sums weighed by a {@link KernelAxis} across and down. Nothing is rounded in between, and only the
 * end result is kept in range; Pillow on 8-bit pictures does both after each axis.
 */
final class KernelGrid extends Grid {
  private final int from;
  private final int to;
  private final int top;
  private final KernelAxis columns;
  private final KernelAxis rows;

  /** By source row: the first output row that it counts for, and the one after the last. */
  private final int[] firstRow;

  private final int[] endRow;

  /** The current row, weighed across, planar. */
  private final float[] sums;

  KernelGrid(
      Framing.Kernel kernel,
      int columns,
      int rows,
      Placement place,
      int width,
      int height,
      Planes planes) {
    super(columns, rows, planes);
    this.from = Math.max(0, place.left());
    this.to = Math.min(columns, place.left() + place.width());
    this.top = Math.max(0, place.top());
    int bottom = Math.min(rows, place.top() + place.height());
    this.columns =
        KernelAxis.of(kernel, width, place.width(), from - place.left(), Math.max(0, to - from));
    this.rows = KernelAxis.of(kernel, height, place.height(), top - place.top(), bottom - top);
    this.sums = new float[3 * columns];
    this.firstRow = new int[height];
    this.endRow = new int[height];
    Arrays.fill(firstRow, Integer.MAX_VALUE);
    for (int i = 0; i < bottom - top; i++) {
      int first = this.rows.first()[i];
      for (int y = first; y < first + this.rows.count()[i]; y++) {
        firstRow[y] = Math.min(firstRow[y], i);
        endRow[y] = i + 1;
      }
    }
  }

  @Override
  boolean needs(int y) {
    return firstRow[y] < endRow[y];
  }

  @Override
  void across(byte[] row, int step) {
    int plane = width();
    float[] weights = columns.weights();
    for (int i = 0; i < to - from; i++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = columns.first()[i] * step;
      int weightsAt = i * columns.taps();
      int end = weightsAt + columns.count()[i];
      for (int tap = weightsAt; tap < end; tap++) {
        float weight = weights[tap];
        red += weight * (row[at] & 0xFF);
        green += weight * (row[at + 1] & 0xFF);
        blue += weight * (row[at + 2] & 0xFF);
        at += step;
      }
      sums[from + i] = red;
      sums[plane + from + i] = green;
      sums[2 * plane + from + i] = blue;
    }
  }

  @Override
  void settle() {}

  /** A cubic has weights below 0. */
  @Override
  void limit(float[] view) {
    for (int i = 0; i < view.length; i++) {
      view[i] = Math.clamp(view[i], 0f, 255f);
    }
  }

  @Override
  void down(int y, float[] view) {
    int plane = width() * height();
    for (int row = firstRow[y]; row < endRow[y]; row++) {
      float weight = rows.weight(row, y);
      for (int channel = 0; channel < 3; channel++) {
        int at = channel * plane + (top + row) * width();
        int sumsAt = channel * width();
        for (int i = from; i < to; i++) {
          view[at + i] += sums[sumsAt + i] * weight;
        }
      }
    }
  }
}
