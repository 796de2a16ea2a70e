package io.sallyport.detect.image;

import java.lang.foreign.MemorySegment;

/**
 * Area averages. Each cell weighs every source pixel by the area of it that the cell covers; a
 * picture smaller than the grid works the same way.
 *
 * <p>Across, lengths are counted in so many parts of a source pixel as the scaled picture has
 * columns, so that all weights are whole numbers: a pixel is {@code place.width()} long, a cell
 * {@code width}. Down it is the same with rows.
 *
 * <p>Sums are linear, so rows of one row of cells are added up before they are weighed across,
 * which is dearer: all of them where the heights have a common divisor that makes small weights
 * (1024 to 224: a row is 7 of a cell's 32 units), else those that lie in no second row of cells.
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

  /** By cell, and one more: the pixel that its left edge is in, and the parts of it before. */
  private final int[] edge;

  private final int[] part;

  /** What is to be added to row {@link #keptRow} of the rectangle, not yet weighed. */
  private final ColumnSums kept;

  private int keptRow;

  /** A row is kept where it covers whole multiples of this. */
  private final int unit;

  /** Sums of the current row or rows, planar. */
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
    this.edge = new int[columns + 1];
    this.part = new int[columns + 1];
    this.sums = new int[3 * columns];
    int first = pixelOf(from);
    for (int cell = from; cell <= to; cell++) {
      edge[cell] = pixelOf(cell) - first;
      part[cell] = (int) ((long) (cell - place.left()) * width % pixel);
    }
    int count = Math.min(width, pixelOf(to) + 1) - first;
    this.kept = new ColumnSums(first, count, width);
    this.unit = unit();
  }

  /** The source pixel that a cell begins in. */
  private int pixelOf(int cell) {
    return (int) ((long) (cell - place.left()) * width / pixel);
  }

  private int unit() {
    int divisor = greatestCommonDivisor(height, place.height());
    boolean shrinks = place.height() <= height;
    return shrinks && height / divisor <= kept.most() ? divisor : place.height();
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
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

  /** How much of row {@code y} lies in that row of the rectangle. */
  private long covered(int y, int row) {
    long start = (long) y * place.height();
    long cell = (long) (row - place.top()) * height;
    return Math.min(start + place.height(), cell + height) - Math.max(start, cell);
  }

  /** Whether the row covers nothing but whole units. */
  private boolean keeps(int y) {
    return needs(y) && covered(y, firstRow(y)) % unit == 0;
  }

  @Override
  void addOpaque(int y, byte[] row, int step) {
    if (!keeps(y)) {
      super.addOpaque(y, row, step);
      return;
    }
    for (int into = firstRow(y); into <= lastRow(y); into++) {
      kept.add(row, step, turnTo(y, into, step));
    }
  }

  @Override
  void addOpaque(int y, MemorySegment row) {
    if (!keeps(y)) {
      super.addOpaque(y, row);
      return;
    }
    for (int into = firstRow(y); into <= lastRow(y); into++) {
      kept.add(row, turnTo(y, into, 3));
    }
  }

  /** Makes sure that a row may be added to what is kept, and tells how many times. */
  private int turnTo(int y, int into, int step) {
    int units = (int) (covered(y, into) / unit);
    if (into != keptRow || !kept.takes(step, units)) {
      settle();
    }
    keptRow = into;
    return units;
  }

  @Override
  void settle() {
    if (!kept.isEmpty()) {
      weigh();
      for (int i = 0; i < views().size(); i++) {
        add(keptRow, unit, views().get(i));
      }
    }
  }

  @Override
  void across(byte[] row, int step) {
    settle();
    kept.add(row, step, 1);
    weigh();
  }

  /** Nothing is below 0, and {@link #add} lets nothing exceed 255. */
  @Override
  void limit(float[] view) {}

  /** Each cell is what lies left of its right edge without what lies left of its left one. */
  private void weigh() {
    kept.sum();
    long redBlue = kept.redBlue(edge[from], pixel, part[from]);
    int green = kept.green(edge[from], pixel, part[from]);
    for (int cell = from; cell < to; cell++) {
      int end = edge[cell + 1];
      int over = part[cell + 1];
      long nextRedBlue = kept.redBlue(end, pixel, over);
      int nextGreen = kept.green(end, pixel, over);
      long both = nextRedBlue - redBlue;
      sums[cell] = (int) both;
      sums[columns + cell] = nextGreen - green;
      sums[2 * columns + cell] = (int) (both >>> 32);
      redBlue = nextRedBlue;
      green = nextGreen;
    }
  }

  @Override
  void down(int y, float[] view) {
    int last = lastRow(y);
    for (int row = firstRow(y); row <= last; row++) {
      add(row, covered(y, row), view);
    }
  }

  private void add(int row, long covered, float[] view) {
    float weight = (float) (covered / ((double) width * height));
    int plane = columns * height();
    for (int channel = 0; channel < 3; channel++) {
      int sumsAt = channel * columns + from;
      add(sums, sumsAt, to - from, weight, view, channel * plane + row * columns + from);
    }
  }

  private static void add(int[] sums, int sumsAt, int count, float weight, float[] view, int at) {
    for (int i = 0; i < count; i++) {
      view[at + i] = Math.min(255f, view[at + i] + sums[sumsAt + i] * weight);
    }
  }
}
