package io.sallyport.detect.image.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory outside the heap for native decoders: one block for each decode, kept from one to the
 * next, since fresh memory costs a page fault for every 4 KiB. Safe on every thread.
 *
 * <p>Idle blocks hold at most {@link #KEPT} bytes each, one for each processor; a larger one is
 * given back at the end of its decode. A block holds what the decode before left in it until the
 * next one writes over it; nobody reads what it has not written.
 */
public final class OffHeap {
  /** Enough for the compressed and the raw bytes of 1600 x 1600 pixels. */
  static final long KEPT = 16 << 20;

  /** Blocks are whole multiples, so that pictures of like size share one. */
  private static final long STEP = 1 << 20;

  /** No vector instruction asks for more. */
  private static final long ALIGNMENT = 64;

  private final ArrayBlockingQueue<Lease> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /** Takes a block of at least so many bytes, until it is closed. Its content is undefined. */
  public Lease lease(long bytes) {
    Lease kept = idle.poll();
    if (kept != null) {
      if (kept.memory.byteSize() >= bytes) {
        return kept;
      }
      kept.arena.close();
    }
    long size = (bytes + STEP - 1) / STEP * STEP;
    boolean keeps = size <= KEPT;
    // Only a block that may move to another thread needs the dearer kind of arena.
    Arena arena = keeps ? Arena.ofShared() : Arena.ofConfined();
    return new Lease(arena, arena.allocate(size, ALIGNMENT), keeps);
  }

  int idleBlocks() {
    return idle.size();
  }

  /** A block in use by one thread. Closed once for each lease, by the thread that took it. */
  public final class Lease implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment memory;
    private final boolean keeps;

    private Lease(Arena arena, MemorySegment memory, boolean keeps) {
      this.arena = arena;
      this.memory = memory;
      this.keeps = keeps;
    }

    /** Bytes from 0 on. */
    public MemorySegment head(long length) {
      return memory.asSlice(0, length);
    }

    /** Bytes behind a head of so many. */
    public MemorySegment behind(long head, long length) {
      return memory.asSlice(aligned(head), length);
    }

    @Override
    public void close() {
      if (!keeps || !idle.offer(this)) {
        arena.close();
      }
    }
  }

  /** What a lease needs for two parts, one behind the other. */
  public static long room(long head, long length) {
    return aligned(head) + length;
  }

  private static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
