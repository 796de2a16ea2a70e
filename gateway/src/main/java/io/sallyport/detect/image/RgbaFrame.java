package io.sallyport.detect.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A whole picture outside the heap: RGBA, rows from the top without gaps. */
record RgbaFrame(MemorySegment pixels, int width, int height) {
  static final int PIXEL_BYTES = 4;

  void average(RowSink sink) {
    byte[] rgba = new byte[PIXEL_BYTES * width];
    for (int y = 0; y < height; y++) {
      long at = (long) y * rgba.length;
      MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, at, rgba, 0, rgba.length);
      sink.rgba(y, rgba);
    }
  }
}
