package io.sallyport.detect;

/**
 * What is asked of the detectors, and for how long.
 *
 * @param deadlineNanos on the lane's clock
 * @param cancellation raised when nobody waits for the answer any more
 */
record Question(Sample sample, long deadlineNanos, Cancellation cancellation) {
  /** True when no further work on it makes sense. */
  boolean over(long nowNanos) {
    return deadlineNanos - nowNanos <= 0 || cancellation.cancelled();
  }
}
