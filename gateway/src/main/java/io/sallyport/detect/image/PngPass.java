package io.sallyport.detect.image;

import java.util.List;

/**
 * Which pixels one pass over a PNG holds: every {@code dx}-th of every {@code dy}-th row, from
 * {@code (x, y)} on.
 */
record PngPass(int x, int y, int dx, int dy) {
  /** A picture that is not interlaced. */
  static final List<PngPass> WHOLE = List.of(new PngPass(0, 0, 1, 1));

  /** The seven passes of the specification's section 8.1. */
  static final List<PngPass> ADAM7 =
      List.of(
          new PngPass(0, 0, 8, 8),
          new PngPass(4, 0, 8, 8),
          new PngPass(0, 4, 4, 8),
          new PngPass(2, 0, 4, 4),
          new PngPass(0, 2, 2, 4),
          new PngPass(1, 0, 2, 2),
          new PngPass(0, 1, 1, 2));

  /** Pixels in a row of this pass, 0 when the picture is too narrow for it. */
  int columns(int width) {
    return (width - x + dx - 1) / dx;
  }

  /** Rows of this pass, 0 when the picture is too low for it. */
  int rows(int height) {
    return (height - y + dy - 1) / dy;
  }
}
