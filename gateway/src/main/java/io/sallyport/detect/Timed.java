package io.sallyport.detect;

/**
 * Something with a deadline, as a {@link DeadlineHeap} orders it: the earlier deadline first, and
 * of equal ones the older. In one heap at a time; guarded by whoever guards the heap.
 */
abstract class Timed {
  /** On {@link System#nanoTime()}'s clock, or the one of a test; compared across its overflow. */
  final long deadlineNanos;

  /** Rises with age: the tie between equal deadlines. */
  long order;

  /** Where it stands in its heap; {@link DeadlineHeap#NOWHERE} when in none. */
  int place = DeadlineHeap.NOWHERE;

  Timed(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  boolean before(Timed other) {
    long sooner = deadlineNanos - other.deadlineNanos;
    return sooner != 0 ? sooner < 0 : order - other.order < 0;
  }
}
