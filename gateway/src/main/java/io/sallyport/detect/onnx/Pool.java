package io.sallyport.detect.onnx;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A few buffers kept for the next run, so that steady traffic allocates none.
 *
 * <p>Bounded: what comes back when the pool is full is freed. Never waits: an empty pool makes the
 * caller allocate. Safe on every thread.
 */
final class Pool<B> {
  private final ArrayBlockingQueue<B> idle;
  private final Consumer<B> free;
  private volatile boolean closed;

  /**
   * @param capacity how many are kept at most; the number of lane threads is enough
   * @param free gives a buffer's native memory back
   */
  Pool(int capacity, Consumer<B> free) {
    this.idle = new ArrayBlockingQueue<>(capacity);
    this.free = free;
  }

  /** An idle buffer, or a new one. */
  B take(Supplier<B> source) {
    B buffer = idle.poll();
    return buffer != null ? buffer : source.get();
  }

  /** Keeps a buffer for the next run. */
  void give(B buffer) {
    if (!idle.offer(buffer)) {
      free.accept(buffer);
    } else if (closed) {
      drain();
    }
  }

  /** Frees what is idle now, and whatever comes back later. */
  void close() {
    closed = true;
    drain();
  }

  private void drain() {
    for (B buffer = idle.poll(); buffer != null; buffer = idle.poll()) {
      free.accept(buffer);
    }
  }
}
