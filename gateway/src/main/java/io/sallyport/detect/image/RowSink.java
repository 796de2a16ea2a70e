package io.sallyport.detect.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Takes the rows of one picture, in any order.
 *
 * <p>A row may come in several parts, as the passes of an interlaced PNG do: pixels of other parts
 * are opaque black in it. Rows belong to the decoder and are used again.
 */
interface RowSink {
  /** Takes row {@code y} as RGB, three bytes a pixel from index 0 on. */
  void rgb(int y, byte[] row);

  /** Takes row {@code y} as RGB, three bytes a pixel and no more, from outside the heap. */
  default void rgb(int y, MemorySegment row) {
    rgb(y, row.toArray(ValueLayout.JAVA_BYTE));
  }

  /** Takes row {@code y} as RGBA, four bytes a pixel from index 0 on. */
  void rgba(int y, byte[] row);
}
