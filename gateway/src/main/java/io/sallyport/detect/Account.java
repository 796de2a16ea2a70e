package io.sallyport.detect;

/** What the lane knows of one caller. Guarded by the lane's lock. */
final class Account {
  /**
   * How far behind the others a caller can fall: what it took beyond that is forgiven, or a run
   * that hung for an hour would shut its caller out for an hour.
   */
  static final long DEBT_MAX_NANOS = 5_000_000_000L;

  final String name;

  /** Thread time that it had, in nanoseconds, lifted to the others' when it comes back. */
  long servedNanos;

  /** Its tasks in the queue, and those that wait for a model. */
  int waiting;

  /** Its tasks that have a thread. */
  int running;

  Account(String name) {
    this.name = name;
  }

  boolean idle() {
    return waiting == 0 && running == 0;
  }

  /**
   * Notes thread time.
   *
   * @param floorNanos what the least served of those that wait had
   */
  void charge(long nanos, long floorNanos) {
    servedNanos = Math.min(servedNanos + nanos, floorNanos + DEBT_MAX_NANOS);
  }
}
