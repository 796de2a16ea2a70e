package io.sallyport.detect.image;

import java.util.Arrays;

/**
 * The pixels of one decoded frame as ARGB, row by row; used again for the next one. For one thread.
 */
final class FramePixels implements RowSink {
  private static final int OPAQUE_BLACK = 0xFF000000;

  private final int[] argb;
  private int width;

  /**
   * @param pixels of the largest frame
   */
  FramePixels(int pixels) {
    this.argb = new int[pixels];
  }

  /** Makes room for a frame; opaque black is what parts of a row leave as it is. */
  void begin(FrameArea area) {
    width = area.width();
    Arrays.fill(argb, 0, area.pixels(), OPAQUE_BLACK);
  }

  int get(int at) {
    return argb[at];
  }

  void set(int at, int colour) {
    argb[at] = colour;
  }

  @Override
  public void rgb(int y, byte[] row) {
    int at = y * width;
    for (int i = 0; i < 3 * width; i += 3) {
      argb[at++] |= (row[i] & 0xFF) << 16 | (row[i + 1] & 0xFF) << 8 | row[i + 2] & 0xFF;
    }
  }

  @Override
  public void rgba(int y, byte[] row) {
    int at = y * width;
    for (int i = 0; i < 4 * width; i += 4) {
      int rgb = (row[i] & 0xFF) << 16 | (row[i + 1] & 0xFF) << 8 | row[i + 2] & 0xFF;
      int alpha = (row[i + 3] & 0xFF) << 24 | 0xFFFFFF;
      argb[at] = (argb[at] | rgb) & alpha;
      at++;
    }
  }
}
