package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ffm.LibAvif;
import io.sallyport.detect.image.ffm.OffHeap;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Decodes AVIFs by the machine's libavif and dav1d; without them the format is unsupported. Whole
 * frames: callers hold a share of the {@link FrameBudget}. Safe on every thread.
 */
final class AvifReader {
  /**
   * Planes of 16 bits at full size (6), once more with film grain (6), alpha likewise (4), the
   * codec's own notes of a frame (4, rounded up), RGBA (4).
   */
  private static final long BYTES_PER_PIXEL = 24;

  private final Optional<LibAvif> library;
  private final OffHeap memory;

  AvifReader(Optional<LibAvif> library, OffHeap memory) {
    this.library = library;
    this.memory = memory;
  }

  /**
   * Says that nobody decodes AVIF here, before any memory is waited for.
   *
   * @throws UnavailableException {@code UNSUPPORTED} without the library
   */
  void require() throws UnavailableException {
    LibAvif _ = library();
  }

  private LibAvif library() throws UnavailableException {
    return library.orElseThrow(() -> Failures.unsupported("no AVIF decoder here"));
  }

  /** What a decode holds, the file's copy not counted. */
  static long frameBytes(int width, int height) {
    return BYTES_PER_PIXEL * width * height;
  }

  /**
   * @param width of the primary item, from the file's header, in pixels
   * @param height likewise; the product is within the caps
   */
  void read(FileBytes file, int width, int height, RowSink sink) throws UnavailableException {
    LibAvif avif = library();
    long frame = (long) RgbaFrame.PIXEL_BYTES * width * height;
    try (OffHeap.Lease lease = memory.lease(OffHeap.room(file.size(), frame))) {
      MemorySegment in = lease.head(file.size());
      MemorySegment out = lease.behind(file.size(), frame);
      file.copy(0, in, 0, file.size());
      if (!avif.decode(in, out, width, height)) {
        throw Failures.undecodable("AVIF decoder failed");
      }
      new RgbaFrame(out, width, height).average(sink);
    }
  }
}
