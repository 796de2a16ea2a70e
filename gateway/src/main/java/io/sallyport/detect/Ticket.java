package io.sallyport.detect;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task on the lane. Everything but its making and its hearing is guarded by the lane's lock; it
 * is the only thing that the lane allocates for a task.
 */
final class Ticket extends Timed {
  final String caller;
  private final Cancellation cancellation;
  private final Consumer<Turn> task;

  /** How long tasks like this one take. */
  final Pace pace;

  /** Whose it is; set when it is let in. */
  @Nullable Account account;

  /** When it was handed in. */
  long sinceNanos;

  /** When its thread took it, the last time. */
  long grantedNanos;

  /** Thread time that it has had. */
  long usedNanos;

  /** What it was expected to take when it was let in. */
  long expectedNanos;

  /** The model that it is in, or has a place kept at. */
  @Nullable Turnstile inside;

  /** True when its run is the one that tries a broken model. */
  boolean probe;

  /** True when its thread was given up as lost. */
  boolean lost;

  /** Why it never runs; none while it may. */
  @Nullable LaneRefusal refusal;

  /**
   * @param dueNanos when it should have its turn, at the deadline at the latest
   */
  Ticket(
      String caller,
      long deadlineNanos,
      long dueNanos,
      Pace pace,
      Cancellation cancellation,
      Consumer<Turn> task) {
    super(deadlineNanos, dueNanos);
    this.caller = caller;
    this.pace = pace;
    this.cancellation = cancellation;
    this.task = task;
  }

  /** True when no work on it makes sense any more. */
  boolean over(long nowNanos) {
    return deadlineNanos - nowNanos <= 0 || cancellation.cancelled();
  }

  /** Why it is {@link #over}. */
  LaneRefusal reason() {
    return cancellation.cancelled() ? LaneRefusal.CANCELLED : LaneRefusal.EXPIRED;
  }

  /** True when too little time is left for what it still takes, as far as one can tell. */
  boolean hopeless(long nowNanos) {
    return pace.expectedNanos() - usedNanos > deadlineNanos - nowNanos;
  }

  /** Whose it is, once it is let in. */
  Account owner() {
    Account owner = account;
    if (owner == null) {
      throw new IllegalStateException("a task that was not let in");
    }
    return owner;
  }

  /** Tells the task that its turn has come, or that it never will; never under the lock. */
  void hear() {
    LaneRefusal refused = refusal;
    task.accept(refused == null ? Turn.GRANTED : new Turn.Refused(refused.cause()));
  }
}
