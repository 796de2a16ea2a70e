package io.sallyport.detect;

/**
 * Something with a deadline, as a {@link DeadlineHeap} orders it: what is due earlier first, and of
 * equal ones the older. In one heap at a time; guarded by whoever guards the heap.
 */
abstract class Timed {
  /** On {@link System#nanoTime()}'s clock, or the one of a test; compared across its overflow. */
  final long deadlineNanos;

  /** When it should have its turn, on the same clock: the deadline, or before it. */
  final long dueNanos;

  /** Rises with age: the tie between equally due ones. */
  long order;

  /** Where it stands in its heap; {@link DeadlineHeap#NOWHERE} when in none. */
  int place = DeadlineHeap.NOWHERE;

  Timed(long deadlineNanos) {
    this(deadlineNanos, deadlineNanos);
  }

  Timed(long deadlineNanos, long dueNanos) {
    this.deadlineNanos = deadlineNanos;
    this.dueNanos = dueNanos;
  }

  boolean before(Timed other) {
    long sooner = dueNanos - other.dueNanos;
    return sooner != 0 ? sooner < 0 : order - other.order < 0;
  }
}
