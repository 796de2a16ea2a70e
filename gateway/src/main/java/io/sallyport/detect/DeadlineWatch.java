package io.sallyport.detect;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs short actions at deadlines, made for deadlines that hardly ever come.
 *
 * <p>The thread sleeps until the earliest deadline that it has seen, and an alarm wakes it only
 * when it is sooner than that. As deadlines mostly rise, an alarm that is set and taken back costs
 * two uncontended locks and no switch of threads; a {@code ScheduledThreadPoolExecutor} wakes its
 * thread for every task that becomes the first. {@code DeadlineBench} in {@code load-tests}
 * compares them.
 *
 * <p>Safe on every thread. Owns its thread, a daemon.
 */
public final class DeadlineWatch implements AutoCloseable {
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sooner = lock.newCondition();
  private final DeadlineHeap<Alarm> alarms = new DeadlineHeap<>();
  private long order;
  private long wakesAtNanos;
  private boolean asleep;
  private boolean closed;

  /**
   * @param name the thread's
   * @param nanoTime the clock of all deadlines
   */
  public DeadlineWatch(String name, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    Thread.ofPlatform().daemon().name(name).start(this::watch);
  }

  /** An action that waits for its deadline. */
  public static final class Alarm extends Timed {
    private final Runnable action;

    private Alarm(long deadlineNanos, Runnable action) {
      super(deadlineNanos);
      this.action = action;
    }
  }

  /**
   * Sees to it that the action runs when the deadline comes, on the watch's thread; at once, and
   * here, when the watch is closed.
   */
  public Alarm arm(long deadlineNanos, Runnable action) {
    Alarm alarm = new Alarm(deadlineNanos, action);
    if (!add(alarm)) {
      action.run();
    }
    return alarm;
  }

  private boolean add(Alarm alarm) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      alarm.order = order++;
      alarms.add(alarm);
      if (!asleep || alarm.deadlineNanos - wakesAtNanos < 0) {
        sooner.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes an alarm back. One that is running or has run is left alone. */
  public void disarm(Alarm alarm) {
    lock.lock();
    try {
      alarms.remove(alarm);
    } finally {
      lock.unlock();
    }
  }

  /** Gauge: alarms that wait for their deadline. */
  public int armed() {
    lock.lock();
    try {
      return alarms.size();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    for (Alarm due = next(); due != null; due = next()) {
      try {
        due.action.run();
      } catch (Throwable t) {
        Thread self = Thread.currentThread();
        self.getUncaughtExceptionHandler().uncaughtException(self, t);
      }
    }
  }

  /** Waits for the next alarm that is due; null once the watch is closed and none is left. */
  private @Nullable Alarm next() {
    lock.lock();
    try {
      while (true) {
        Alarm first = alarms.peek();
        if (first == null && closed) {
          return null;
        }
        long left = first == null ? Long.MAX_VALUE : first.deadlineNanos - nanoTime.getAsLong();
        if (left <= 0) {
          return alarms.poll();
        }
        sleep(first, left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void sleep(@Nullable Alarm first, long nanos) {
    asleep = first != null;
    wakesAtNanos = first == null ? 0 : first.deadlineNanos;
    try {
      long unused = sooner.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread to say anything.
    } finally {
      asleep = false;
    }
  }

  /**
   * Takes no more alarms. Those that are set still run at their deadlines, then the thread ends.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      sooner.signal();
    } finally {
      lock.unlock();
    }
  }
}
