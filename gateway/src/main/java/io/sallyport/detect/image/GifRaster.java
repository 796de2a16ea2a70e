package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.GifHeader.GifFrame;

/**
 * Where the indices of one GIF frame go: row by row, or in the four passes of an interlaced one.
 */
final class GifRaster {
  private static final int[] STARTS = {0, 4, 2, 1};
  private static final int[] STEPS = {8, 8, 4, 2};

  private final int[] colours;
  private final int count;
  private final int width;
  private final int height;
  private final boolean interlaced;
  private final FramePixels pixels;
  private int x;
  private int y;
  private int pass;

  GifRaster(GifFrame frame, int[] colours, FramePixels pixels) {
    this.colours = colours;
    this.count = frame.paletteSize();
    this.width = frame.area().width();
    this.height = frame.area().height();
    this.interlaced = frame.interlaced();
    this.pixels = pixels;
  }

  /** Takes the next pixel's index. */
  void put(int index) throws UnavailableException {
    if (full()) {
      throw Failures.undecodable("more image data than the frame calls for");
    }
    if (index >= count) {
      throw Failures.undecodable("an index beyond the palette");
    }
    pixels.set(y * width + x, colours[index]);
    if (++x == width) {
      x = 0;
      nextRow();
    }
  }

  boolean full() {
    return y >= height;
  }

  private void nextRow() {
    if (!interlaced) {
      y++;
      return;
    }
    y += STEPS[pass];
    while (y >= height && pass < STARTS.length - 1) {
      y = STARTS[++pass];
    }
  }
}
