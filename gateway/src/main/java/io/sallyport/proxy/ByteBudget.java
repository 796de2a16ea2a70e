package io.sallyport.proxy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all bodies in flight may take together. Safe on every thread.
 *
 * <p>A byte of a body counts twice: once as it travels, once for what is decoded from it.
 */
public final class ByteBudget {
  private static final int COPIES = 2;

  private final long cap;
  private final AtomicLong used = new AtomicLong();

  public ByteBudget(long cap) {
    this.cap = cap;
  }

  /** Takes room for {@code bytes} of a body, or none at all. */
  boolean take(long bytes) {
    long more = bytes * COPIES;
    long now = used.addAndGet(more);
    if (now > cap) {
      used.addAndGet(-more);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    used.addAndGet(-bytes * COPIES);
  }

  /** Bytes taken now. */
  public long used() {
    return used.get();
  }
}
