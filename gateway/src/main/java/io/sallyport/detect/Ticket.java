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

  /** Whose it is; set when it is let in. */
  @Nullable Account account;

  /** When it was handed in. */
  long sinceNanos;

  /** When its thread took it, the last time. */
  long grantedNanos;

  /** The model that it is in, or has a place kept at. */
  @Nullable Turnstile inside;

  /** True when its run is the one that tries a broken model. */
  boolean probe;

  /** True when its thread was given up as lost. */
  boolean lost;

  /** Why it never runs; none while it may. */
  @Nullable LaneRefusal refusal;

  Ticket(String caller, long deadlineNanos, Cancellation cancellation, Consumer<Turn> task) {
    super(deadlineNanos);
    this.caller = caller;
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
