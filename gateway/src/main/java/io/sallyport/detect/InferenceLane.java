package io.sallyport.detect;

import io.sallyport.signal.Cause;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * The threads that models run on: a fixed number of platform threads behind one bounded queue.
 *
 * <p>Platform threads, because a virtual thread inside native code holds its carrier. A full queue
 * refuses at once, and a task whose deadline passed while it waited is refused without running, so
 * that an overloaded lane spends its time on answers that somebody still waits for. First come,
 * first served; earliest deadline first, and fairness between callers, are issue 3.
 *
 * <p>Owns its threads and one timer thread, all daemons: a model that hangs in native code cannot
 * keep the process alive. Safe on every thread. Whoever makes a lane closes it.
 */
public final class InferenceLane implements AutoCloseable {
  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor timer;
  private final int queueMax;
  private final LongSupplier nanoTime;

  /**
   * @param name stands in the threads' names
   * @param threadCount how many tasks run at once; threads times a model's own threads should not
   *     exceed the cores
   * @param queueMax how many tasks wait at most
   * @param nanoTime the clock of all deadlines, {@link System#nanoTime()} outside of tests
   */
  public InferenceLane(String name, int threadCount, int queueMax, LongSupplier nanoTime) {
    this.queueMax = queueMax;
    this.nanoTime = nanoTime;
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueMax),
            factory("lane-" + name + "-"),
            new ThreadPoolExecutor.AbortPolicy());
    this.timer = new ScheduledThreadPoolExecutor(1, factory("deadlines-" + name + "-"));
    timer.setRemoveOnCancelPolicy(true);
    threads.prestartAllCoreThreads();
  }

  private static ThreadFactory factory(String prefix) {
    return Thread.ofPlatform().daemon().name(prefix, 0).factory();
  }

  /**
   * Hands a task to the lane. The task hears exactly once, on a lane thread or, when refused at
   * once or at closing, on the thread that refuses.
   */
  void submit(Question question, Consumer<Turn> task) {
    submit(question::over, task);
  }

  private void submit(LongPredicate over, Consumer<Turn> task) {
    Ticket ticket = new Ticket(over, task, nanoTime.getAsLong());
    try {
      threads.execute(ticket);
    } catch (RejectedExecutionException e) {
      ticket.refuse(Cause.OVERLOAD);
    }
  }

  /**
   * Runs work that is too long for an event loop, such as reading a large body, as one task of the
   * lane.
   *
   * @return what the work returns, on a lane thread; fails with {@link UnavailableException} when
   *     the lane refuses, or with what the work throws
   */
  public <T> CompletionStage<T> call(
      long deadlineNanos, Cancellation cancellation, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    submit(
        now -> deadlineNanos - now <= 0 || cancellation.cancelled(),
        turn -> {
          switch (turn) {
            case Turn.Refused refused ->
                result.completeExceptionally(
                    new UnavailableException(refused.cause(), "the lane refused"));
            case Turn.Granted granted -> complete(result, work);
          }
        });
    return result;
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
    try {
      result.complete(work.call());
    } catch (Throwable t) {
      result.completeExceptionally(t);
    }
  }

  /**
   * Runs a short action on the timer thread when the deadline comes. Pending actions survive {@link
   * #close()}, so that what hangs at closing still ends at its deadline; an action that comes after
   * closing runs at once.
   */
  Future<?> atDeadline(long deadlineNanos, Runnable action) {
    long delay = Math.max(0, deadlineNanos - nanoTime.getAsLong());
    try {
      return timer.schedule(action, delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      action.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** Gauge: tasks waiting. */
  public int queueDepth() {
    return threads.getQueue().size();
  }

  /** Gauge: how many tasks may wait. */
  public int queueMax() {
    return queueMax;
  }

  /** Gauge: how long the oldest waiting task has waited, in nanoseconds; 0 when none waits. */
  public long oldestAgeNanos() {
    return threads.getQueue().peek() instanceof Ticket ticket ? ticket.ageNanos() : 0;
  }

  /** Gauge: tasks running now, at most the number of threads. */
  public int running() {
    return threads.getActiveCount();
  }

  /**
   * Takes nothing new and lets what runs and waits finish for at most {@code grace}; then refuses
   * what still waits and interrupts what still runs.
   */
  public void close(Duration grace) {
    threads.shutdown();
    try {
      threads.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Runnable waiting : threads.shutdownNow()) {
      if (waiting instanceof Ticket ticket) {
        ticket.refuse(Cause.OVERLOAD);
      }
    }
    timer.shutdown();
  }

  /** {@link #close(Duration)} without any grace. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /** A task in the queue. */
  private final class Ticket implements Runnable {
    private final LongPredicate over;
    private final Consumer<Turn> task;
    private final long sinceNanos;

    Ticket(LongPredicate over, Consumer<Turn> task, long sinceNanos) {
      this.over = over;
      this.task = task;
      this.sinceNanos = sinceNanos;
    }

    @Override
    public void run() {
      if (over.test(nanoTime.getAsLong())) {
        refuse(Cause.TIMEOUT);
      } else {
        task.accept(new Turn.Granted());
      }
    }

    void refuse(Cause cause) {
      task.accept(new Turn.Refused(cause));
    }

    long ageNanos() {
      return nanoTime.getAsLong() - sinceNanos;
    }
  }
}
