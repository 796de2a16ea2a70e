package io.sallyport.detect;

import io.sallyport.detect.Turnstile.Entry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The threads that models run on: a fixed number of platform threads behind one bounded queue.
 *
 * <p>Platform threads, because a virtual thread inside native code holds its carrier.
 *
 * <p><b>Whose turn it is.</b> Of the callers that have had about as little thread time as the least
 * served one, the task that is due first; see {@link FairQueue}. Prompts are due at their deadline,
 * what an upstream has made at once. A caller that was away comes back level with the least served,
 * neither ahead nor behind. A task whose deadline passed or whose caller left while it waited is
 * refused without running, and so is one that could not end in time while others wait, so that an
 * overloaded lane spends its time on answers that somebody still waits for.
 *
 * <p><b>Who is refused.</b> Whoever would come too late is refused at once, as far as the work that
 * waits before it tells; see {@link Forecast}. So does a full queue: the newcomer, unless another
 * caller holds at least two places more than the newcomer's; then that one's task with the latest
 * deadline goes, and the newcomer takes its place. So a caller alone may fill the queue, and one
 * that floods it cannot keep others out.
 *
 * <p><b>Models.</b> Before a model runs, its detector's task enters the model's {@link Turnstile}
 * and may have to wait there without a thread; or hears at once that the model is broken.
 *
 * <p><b>Threads that hang.</b> A native call cannot be ended from outside. A thread whose task is
 * far beyond its deadline is given up and another one takes its place, up to a bound; the model
 * that it hangs in is broken until it comes back.
 *
 * <p>Owns its threads and one timer thread, all daemons: a model that hangs in native code cannot
 * keep the process alive. Safe on every thread; one lock, never held while a task, a detector or a
 * listener runs. Whoever makes a lane closes it.
 */
public final class InferenceLane implements AutoCloseable {
  private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

  private final LaneOptions options;
  private final LaneMonitor monitor;
  private final Crew crew;
  private boolean closed;

  /** A lane with the usual options whose listener hears nothing. */
  public InferenceLane(String name, int threadCount, int queueMax, LongSupplier nanoTime) {
    this(name, LaneOptions.of(threadCount, queueMax), LaneListener.NONE, nanoTime);
  }

  /**
   * @param name stands in the threads' names
   * @param nanoTime the clock of all deadlines, {@link System#nanoTime()} outside of tests
   */
  public InferenceLane(
      String name, LaneOptions options, LaneListener listener, LongSupplier nanoTime) {
    this.options = options;
    this.monitor = new LaneMonitor(name, options, listener, nanoTime);
    this.crew = new Crew(name, options, monitor);
    monitor.lock();
    try {
      crew.hire();
    } finally {
      monitor.unlockAndTell();
    }
    monitor.timer.arm(now() + LOOK_NANOS, this::tick);
  }

  /**
   * Hands a task to the lane. The task hears {@link Turn.Granted} on a lane thread, once for its
   * beginning and once more after each {@link #enter} that made it wait; or {@link Turn.Refused},
   * once and for all, on a lane or timer thread or, when refused at once, on this one.
   */
  void submit(Question question, Consumer<Turn> task) {
    submit(
        new Ticket(
            question.caller(),
            question.deadlineNanos(),
            question.dueNanos(now()),
            monitor.paces.of(question.sample().stage()),
            question.cancellation(),
            task));
  }

  private void submit(Ticket ticket) {
    boolean refused;
    monitor.lock();
    try {
      if (crew.isClosing()) {
        monitor.state.refusals().refuse(ticket, LaneRefusal.CLOSING);
      } else if (monitor.state.admit(ticket, now())) {
        monitor.wakeOne();
      }
      refused = ticket.refusal != null;
    } finally {
      monitor.unlockAndTell();
    }
    if (refused) {
      ticket.hear();
    }
  }

  /**
   * Runs work that is too long for an event loop, such as reading a large body, as one task of the
   * lane. It is due at once: it is short, and the body takes memory as long as it waits.
   *
   * @param caller whose share of the lane it takes
   * @return what the work returns, on a lane thread; fails with {@link UnavailableException} when
   *     the lane refuses, or with what the work throws
   */
  public <T> CompletionStage<T> call(
      String caller, long deadlineNanos, Cancellation cancellation, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Consumer<Turn> task =
        turn -> {
          switch (turn) {
            case Turn.Refused refused ->
                result.completeExceptionally(
                    new UnavailableException(refused.cause(), "the lane refused"));
            case Turn.Granted granted -> complete(result, work);
          }
        };
    long due = Math.min(now(), deadlineNanos);
    submit(new Ticket(caller, deadlineNanos, due, monitor.paces.work, cancellation, task));
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
   * Asks for a place in a model, for the task that has the calling lane thread. After {@link
   * Entry#WAIT} the task must return at once and touch nothing of its own: its turn may come again
   * on another thread before this returns. After {@link Entry#IN} it must {@link #leave}.
   */
  Entry enter(ModelUse use) {
    Crew.Member self = Crew.self();
    monitor.lock();
    try {
      Entry entry = monitor.state.enter(use, self.task(), now());
      if (entry == Entry.WAIT) {
        self.ticket = null;
      }
      if (closed) {
        monitor.state.dropAll(now());
      }
      return entry;
    } finally {
      monitor.unlockAndTell();
    }
  }

  /** Leaves the model that the calling thread's task is in. */
  void leave(RunOutcome outcome) {
    Crew.Member self = Crew.self();
    monitor.lock();
    try {
      monitor.state.leave(self.task(), outcome, now());
    } finally {
      monitor.unlockAndTell();
    }
  }

  /**
   * Asks whether a model of another machine may be asked now. It has no places here and makes
   * nobody wait; its circuit counts.
   *
   * @param call stands for the call, and for nothing else on the lane
   * @return false while the model is broken; after true the call must {@link #arrive}
   */
  boolean depart(ModelUse use, Ticket call) {
    monitor.lock();
    try {
      return monitor.state.enter(use.unbounded(), call, now()) == Entry.IN;
    } finally {
      monitor.unlockAndTell();
    }
  }

  /** Ends a call that departed. */
  void arrive(Ticket call, RunOutcome outcome) {
    monitor.lock();
    try {
      monitor.state.leave(call, outcome, now());
    } finally {
      monitor.unlockAndTell();
    }
  }

  private void tick() {
    look();
    monitor.lock();
    try {
      if (!crew.isClosing()) {
        monitor.timer.arm(now() + LOOK_NANOS, this::tick);
      }
    } finally {
      monitor.unlockAndTell();
    }
  }

  /** Drops dead tasks and gives up threads that hang; done by itself every half second. */
  void look() {
    monitor.lock();
    try {
      long now = now();
      monitor.state.sweep(now);
      crew.giveUpHanging(now);
    } finally {
      monitor.unlockAndTell();
    }
  }

  /**
   * Runs a short action on the timer thread when the deadline comes. Pending actions survive {@link
   * #close()}, so that what hangs at closing still ends at its deadline; an action that comes after
   * closing runs at once.
   */
  DeadlineWatch.Alarm atDeadline(long deadlineNanos, Runnable action) {
    return monitor.timer.arm(deadlineNanos, action);
  }

  /** Takes back what {@link #atDeadline} said. */
  void forget(DeadlineWatch.Alarm alarm) {
    monitor.timer.disarm(alarm);
  }

  long now() {
    return monitor.now();
  }

  /** Every gauge and count, as of one moment. */
  public LaneLoad load() {
    monitor.lock();
    try {
      LaneState state = monitor.state;
      return new LaneLoad(
          state.waiting(),
          options.queueMax(),
          state.oldestAgeNanos(now()),
          state.running(),
          crew.able(),
          crew.lost(),
          state.callers().active(),
          state.callers().most(),
          state.refusals().counts(),
          state.models());
    } finally {
      monitor.unlockAndTell();
    }
  }

  /**
   * Takes nothing new and lets what runs and waits finish for at most {@code grace}; then refuses
   * what still waits and interrupts what still runs. Does not wait for threads that hang.
   */
  public void close(Duration grace) {
    List<Ticket> dropped;
    List<Crew.Member> left;
    monitor.lock();
    try {
      crew.closing();
      crew.awaitEnd(grace.toNanos());
      closed = true;
      monitor.state.dropAll(now());
      dropped = monitor.state.refusals().unheard();
      left = crew.members();
    } finally {
      monitor.unlockAndTell();
    }
    dropped.forEach(LaneMonitor::hear);
    left.forEach(Thread::interrupt);
    monitor.timer.close();
  }

  /** {@link #close(Duration)} without any grace. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
