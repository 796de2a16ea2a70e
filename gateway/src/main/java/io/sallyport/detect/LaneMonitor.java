package io.sallyport.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The lane's one lock, the books that it guards, and what must be told once it is let go: neither a
 * task nor a listener is ever called under it.
 */
final class LaneMonitor {
  final LaneState state;
  final Paces paces = new Paces();
  final DeadlineWatch timer;
  private final LongSupplier nanoTime;
  private final LaneListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final List<Consumer<LaneListener>> news = new ArrayList<>();
  private int idle;

  LaneMonitor(String name, LaneOptions options, LaneListener listener, LongSupplier nanoTime) {
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.timer = new DeadlineWatch("deadlines-" + name, nanoTime);
    this.state =
        new LaneState(
            options.queueMax(),
            options.threads(),
            options.circuit(),
            change -> news.add(hears -> hears.circuit(change)));
  }

  long now() {
    return nanoTime.getAsLong();
  }

  void lock() {
    lock.lock();
  }

  /**
   * Wakes threads for what has become ready, lets go of the lock, and then tells: listeners here,
   * dropped tasks on the timer's thread, for this one may be an event loop and they may be many.
   */
  void unlockAndTell() {
    List<Ticket> dropped;
    List<Consumer<LaneListener>> told;
    try {
      for (int i = Math.min(idle, state.freed()); i > 0; i--) {
        work.signal();
      }
      dropped = state.refusals().unheard();
      told = news.isEmpty() ? List.of() : List.copyOf(news);
      news.clear();
    } finally {
      lock.unlock();
    }
    if (!dropped.isEmpty()) {
      timer.arm(now(), () -> dropped.forEach(LaneMonitor::hear));
    }
    told.forEach(this::tell);
  }

  /** Lets a task hear, and survives what it throws. */
  static void hear(Ticket ticket) {
    try {
      ticket.hear();
    } catch (Throwable t) {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, t);
    }
  }

  private void tell(Consumer<LaneListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      // Telling must never break a check; see LaneListener.
    }
  }

  /** Under the lock: what the listener will hear. */
  void news(Consumer<LaneListener> event) {
    news.add(event);
  }

  /** Under the lock: waits for {@link #wakeOne} or {@link #wakeAll}. */
  void awaitWork() {
    idle++;
    work.awaitUninterruptibly();
    idle--;
  }

  /** Under the lock: wakes a thread that waits for work, if there is one. */
  void wakeOne() {
    if (idle > 0) {
      work.signal();
    }
  }

  /** Under the lock: wakes every thread that waits for work. */
  void wakeAll() {
    work.signalAll();
  }

  /** Under the lock: a thread has ended. */
  void threadEnded() {
    ended.signalAll();
  }

  /** Under the lock: waits for {@link #threadEnded}; how many of the nanoseconds are left. */
  long awaitEnded(long nanos) throws InterruptedException {
    return ended.awaitNanos(nanos);
  }
}
