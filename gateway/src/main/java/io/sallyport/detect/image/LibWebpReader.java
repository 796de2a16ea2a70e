package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ffm.LibWebp;
import io.sallyport.detect.image.ffm.OffHeap;
import java.lang.foreign.MemorySegment;

/**
 * Decodes WebPs by the machine's libwebp. Whole frames: callers hold a share of the {@link
 * FrameBudget}. Safe on every thread.
 */
final class LibWebpReader {
  private final LibWebp library;
  private final OffHeap memory;

  LibWebpReader(LibWebp library, OffHeap memory) {
    this.library = library;
    this.memory = memory;
  }

  void read(FileBytes file, WebpHeader header, RowSink sink) throws UnavailableException {
    int width = header.width();
    int height = header.height();
    long frame = (long) RgbaFrame.PIXEL_BYTES * width * height;
    try (OffHeap.Lease lease = memory.lease(OffHeap.room(file.size(), frame))) {
      MemorySegment in = lease.head(file.size());
      MemorySegment out = lease.behind(file.size(), frame);
      file.copy(0, in, 0, file.size());
      if (!library.decode(in, out, width, height)) {
        throw Failures.undecodable("WebP decoder failed");
      }
      new RgbaFrame(out, width, height).average(sink);
    }
  }
}
