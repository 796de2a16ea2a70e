package io.sallyport.detect;

/**
 * How long tasks of one kind hold a thread: the smoothed mean and mean deviation of RFC 6298,
 * section 2, with its gains of 1/8 and 1/4. Guarded by the lane's lock.
 */
final class Pace {
  private static final int MEAN_SHIFT = 3;
  private static final int DEVIATION_SHIFT = 2;

  private long meanNanos;
  private long deviationNanos;

  /** What the next task may be expected to take: mean and deviation; 0 as long as nobody knows. */
  long expectedNanos() {
    return meanNanos + deviationNanos;
  }

  /** Notes a task that came to its end. */
  void took(long nanos) {
    if (meanNanos == 0) {
      meanNanos = Math.max(1, nanos);
      return;
    }
    long error = nanos - meanNanos;
    deviationNanos += (Math.abs(error) - deviationNanos) >> DEVIATION_SHIFT;
    meanNanos = Math.max(1, meanNanos + (error >> MEAN_SHIFT));
  }

  /** Notes a task whose deadline ended it: it would have taken longer than that. */
  void overran(long nanos) {
    took(Math.max(nanos, meanNanos + (meanNanos >> DEVIATION_SHIFT)));
  }

  /**
   * Notes a task that was given up for the sake of the others. The expectation shrinks a little, so
   * that a wrong one cannot keep every task away for ever.
   */
  void givenUp() {
    meanNanos -= meanNanos >> 6;
    deviationNanos -= deviationNanos >> 6;
  }
}
