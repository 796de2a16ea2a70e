package io.sallyport.detect.image;

/**
 * Area averages. Each cell weighs every source pixel by the area of it that the cell covers; a
 * picture smaller than the grid works the same way.
 *
 * <p>Across, lengths are counted in so many parts of a source pixel as the scaled picture has
 * columns, so that all weights are whole numbers: a pixel is {@code place.width()} long, a cell
 * {@code width}. Down it is the same with rows.
 */
final class AreaGrid extends Grid {
  private final Placement place;
  private final int width;
  private final int height;
  private final int columns;

  /** How long a source pixel is across. */
  private final int pixel;

  /** The columns of the rectangle that show the picture. */
  private final int from;

  private final int to;

  /** By cell: the first and last pixel that it touches, and the lengths that it covers of them. */
  private final int[] first;

  private final int[] last;
  private final int[] head;
  private final int[] tail;

  /** Sums of the current row, planar; at most 255 * 65,535. */
  private final int[] sums;

  AreaGrid(int columns, int rows, Placement place, int width, int height, Planes planes) {
    super(columns, rows, planes);
    this.place = place;
    this.width = width;
    this.height = height;
    this.columns = columns;
    this.pixel = place.width();
    this.from = Math.max(0, place.left());
    this.to = Math.min(columns, place.left() + place.width());
    this.first = new int[columns];
    this.last = new int[columns];
    this.head = new int[columns];
    this.tail = new int[columns];
    this.sums = new int[3 * columns];
    for (int cell = from; cell < to; cell++) {
      measure(cell);
    }
  }

  private void measure(int cell) {
    long start = (long) (cell - place.left()) * width;
    long end = start + width;
    first[cell] = (int) (start / pixel);
    last[cell] = (int) ((end - 1) / pixel);
    head[cell] = (int) (Math.min(end, (first[cell] + 1L) * pixel) - start);
    tail[cell] = (int) (end - (long) last[cell] * pixel);
  }

  @Override
  boolean needs(int y) {
    return firstRow(y) <= lastRow(y);
  }

  /** The first row of the rectangle that source row {@code y} touches. */
  private int firstRow(int y) {
    return Math.max(0, (int) ((long) y * place.height() / height) + place.top());
  }

  private int lastRow(int y) {
    int touched = (int) (((y + 1L) * place.height() - 1) / height) + place.top();
    return Math.min(height() - 1, touched);
  }

  @Override
  void across(byte[] row, int step) {
    for (int cell = from; cell < to; cell++) {
      cell(cell, row, step);
    }
  }

  private void cell(int cell, byte[] row, int step) {
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
      red += pixel * fullRed + weight * (row[end] & 0xFF);
      green += pixel * fullGreen + weight * (row[end + 1] & 0xFF);
      blue += pixel * fullBlue + weight * (row[end + 2] & 0xFF);
    }
    sums[cell] = red;
    sums[columns + cell] = green;
    sums[2 * columns + cell] = blue;
  }

  @Override
  void down(int y, float[] view) {
    long start = (long) y * place.height();
    long end = start + place.height();
    int plane = columns * height();
    int lastRow = lastRow(y);
    for (int row = firstRow(y); row <= lastRow; row++) {
      long cell = (long) (row - place.top()) * height;
      long covered = Math.min(end, cell + height) - Math.max(start, cell);
      float weight = (float) (covered / ((double) width * height));
      for (int channel = 0; channel < 3; channel++) {
        int sumsAt = channel * columns + from;
        add(sums, sumsAt, to - from, weight, view, channel * plane + row * columns + from);
      }
    }
  }

  private static void add(int[] sums, int sumsAt, int count, float weight, float[] view, int at) {
    for (int i = 0; i < count; i++) {
      view[at + i] += sums[sumsAt + i] * weight;
    }
  }
}
