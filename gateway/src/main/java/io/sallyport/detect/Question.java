package io.sallyport.detect;

/**
 * What is asked of the detectors, for whom, and for how long.
 *
 * @param caller whose share of the lane it takes
 * @param deadlineNanos on the lane's clock
 * @param cancellation raised when nobody waits for the answer any more
 */
record Question(String caller, Sample sample, long deadlineNanos, Cancellation cancellation) {
  /** True when no further work on it makes sense. */
  boolean over(long nowNanos) {
    return deadlineNanos - nowNanos <= 0 || cancellation.cancelled();
  }
}
