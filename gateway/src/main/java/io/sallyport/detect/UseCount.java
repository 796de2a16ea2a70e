package io.sallyport.detect;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something that must be closed, and closes it after the last of them: the answer
 * to a pointer that is swapped while others still hold what it pointed to.
 *
 * <p>Begins with one user, its maker. Whoever entered leaves exactly once. Once nobody is left
 * nobody can enter any more. Safe on every thread; never blocks.
 */
public final class UseCount {
  private final AtomicInteger users = new AtomicInteger(1);
  private final Runnable last;

  /**
   * @param last runs once, on the thread of the last one to leave, which may be an event loop: it
   *     must be quick
   */
  public UseCount(Runnable last) {
    this.last = last;
  }

  /** Counts one more user; false when the last one has left already. */
  public boolean enter() {
    int now = users.get();
    while (now > 0) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
      now = users.get();
    }
    return false;
  }

  /** Counts one user less. */
  public void leave() {
    int left = users.decrementAndGet();
    if (left == 0) {
      last.run();
    } else if (left < 0) {
      throw new IllegalStateException("left more often than entered");
    }
  }
}
