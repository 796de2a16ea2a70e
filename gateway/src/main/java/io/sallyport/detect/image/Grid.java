package io.sallyport.detect.image;

import io.sallyport.detect.onnx.Framing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One rectangle of weighed sums over a picture, filled by rows in any order. Sums are linear in the
 * rows, so that a row may come in parts. For one thread.
 */
abstract sealed class Grid permits AreaGrid, KernelGrid {
  private final int width;
  private final int height;
  private final Planes planes;

  /** The bare plane, or over black, over white and bare. */
  private final List<float[]> views = new ArrayList<>(3);

  /** A row from outside the heap. */
  private byte[] copied = new byte[0];

  /**
   * @param width of the rectangle
   * @param height of the rectangle
   * @param planes where views are taken from
   */
  Grid(int width, int height, Planes planes) {
    this.width = width;
    this.height = height;
    this.planes = planes;
    this.views.add(planes.take(3 * width * height));
  }

  /**
   * A grid for a picture of {@code width * height} pixels that stands where {@code place} says in a
   * rectangle of {@code columns * rows}.
   */
  static Grid of(
      Framing.Kernel kernel,
      int columns,
      int rows,
      Placement place,
      int width,
      int height,
      Planes planes) {
    return switch (kernel) {
      case AREA -> new AreaGrid(columns, rows, place, width, height, planes);
      case BILINEAR, BICUBIC -> new KernelGrid(kernel, columns, rows, place, width, height, planes);
    };
  }

  final int width() {
    return width;
  }

  final int height() {
    return height;
  }

  /** Whether any row of the rectangle needs source row {@code y}. */
  abstract boolean needs(int y);

  /**
   * Weighs a row across and keeps the result.
   *
   * @param step bytes from one pixel to the next
   */
  abstract void across(byte[] row, int step);

  /** Adds the kept result to every row of the view that source row {@code y} counts for. */
  abstract void down(int y, float[] view);

  /** Colours what the picture does not reach. Called before the first row. */
  final void surround(Framing.Letterbox colour, Placement place) {
    int[] channels = {colour.red(), colour.green(), colour.blue()};
    float[] view = views.getFirst();
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < height; y++) {
        int from = (channel * height + y) * width;
        if (y < place.top() || y >= place.top() + place.height()) {
          Arrays.fill(view, from, from + width, channels[channel]);
        } else {
          Arrays.fill(view, from, from + place.left(), channels[channel]);
          Arrays.fill(view, from + place.left() + place.width(), from + width, channels[channel]);
        }
      }
    }
  }

  /** Adds to the views what was not added to them at once. */
  abstract void settle();

  /** Keeps the sums of a view in range, unless they are so as they stand. */
  abstract void limit(float[] view);

  /** One, or three once a row was not opaque. */
  final List<float[]> views() {
    return views;
  }

  /**
   * Adds a row that looks the same in every view, at once or later.
   *
   * @param step bytes from one pixel to the next, 3 or 4
   */
  void addOpaque(int y, byte[] row, int step) {
    if (needs(y)) {
      across(row, step);
      for (int i = 0; i < views.size(); i++) {
        down(y, views.get(i));
      }
    }
  }

  /** Likewise a row of RGB that lies outside the heap, and is no longer than its pixels. */
  void addOpaque(int y, MemorySegment row) {
    if (needs(y)) {
      if (copied.length != row.byteSize()) {
        copied = new byte[(int) row.byteSize()];
      }
      MemorySegment.copy(row, ValueLayout.JAVA_BYTE, 0, copied, 0, copied.length);
      addOpaque(y, copied, 3);
    }
  }

  /**
   * Adds a row that is not opaque; the first one parts the views, which were one so far.
   *
   * @param black RGB over black, three bytes a pixel
   * @param white RGB over white, three bytes a pixel
   * @param rgba four bytes a pixel
   */
  final void addTranslucent(int y, byte[] black, byte[] white, byte[] rgba) {
    if (!needs(y)) {
      return;
    }
    settle();
    if (views.size() == 1) {
      views.add(copy(views.getFirst()));
      views.add(copy(views.getFirst()));
    }
    across(black, 3);
    down(y, views.get(0));
    across(white, 3);
    down(y, views.get(1));
    across(rgba, 4);
    down(y, views.get(2));
  }

  private float[] copy(float[] view) {
    float[] copy = planes.take(view.length);
    System.arraycopy(view, 0, copy, 0, view.length);
    return copy;
  }

  /** The sums, kept in range. Called once, after the last row. */
  final List<float[]> finish() {
    settle();
    views.forEach(this::limit);
    return List.copyOf(views);
  }
}
