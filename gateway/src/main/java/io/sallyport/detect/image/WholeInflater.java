package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ffm.LibDeflate;
import io.sallyport.detect.image.ffm.OffHeap;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Inflates all of a PNG at once by libdeflate, which is about twice as fast as the JDK's zlib and
 * needs the whole of it in memory. Only ever a short cut: where memory is short, or the stream is
 * not flawless, the rows are streamed, and that decides. Safe on every thread.
 */
final class WholeInflater {
  private static final int IDAT = 0x49444154;
  private static final int OVERHEAD = 12;

  /** Beyond it streaming costs little more in proportion, and its memory a great deal less. */
  static final long RAW_MAX = 64 << 20;

  private final LibDeflate library;
  private final OffHeap memory;
  private final FrameBudget budget;

  WholeInflater(LibDeflate library, OffHeap memory, FrameBudget budget) {
    this.library = library;
    this.memory = memory;
    this.budget = budget;
  }

  /** The rows, or none when they must be streamed. */
  Optional<PngRows> rows(FileBytes file, PngHeader header) throws UnavailableException {
    long raw = header.rawBytes();
    int packed = packedBytes(file, header.dataAt());
    long room = OffHeap.room(packed, raw);
    Optional<FrameBudget.Share> share = raw > RAW_MAX ? Optional.empty() : budget.takeNow(room);
    if (share.isEmpty()) {
      return Optional.empty();
    }
    OffHeap.Lease lease = memory.lease(room);
    Optional<PngRows> rows = Optional.empty();
    try {
      MemorySegment in = lease.head(packed);
      gather(file, header.dataAt(), in);
      MemorySegment out = lease.behind(packed, raw);
      if (library.inflate(in, out)) {
        rows = Optional.of(new WholeRows(out, lease, share.get()));
      }
      return rows;
    } finally {
      if (rows.isEmpty()) {
        lease.close();
        share.get().close();
      }
    }
  }

  /** The header's reader has seen to it that the chunks are in one piece and within the file. */
  private static int packedBytes(FileBytes file, int dataAt) throws UnavailableException {
    int bytes = 0;
    for (int at = dataAt; file.i32(at + 4) == IDAT; at += OVERHEAD + file.i32(at)) {
      bytes += file.i32(at);
    }
    return bytes;
  }

  private static void gather(FileBytes file, int dataAt, MemorySegment into)
      throws UnavailableException {
    long to = 0;
    for (int at = dataAt; file.i32(at + 4) == IDAT; at += OVERHEAD + file.i32(at)) {
      file.copy(at + 8, into, to, file.i32(at));
      to += file.i32(at);
    }
  }
}
