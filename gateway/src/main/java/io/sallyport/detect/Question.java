package io.sallyport.detect;

/**
 * What is asked of the detectors, for whom, and for how long.
 *
 * @param caller whose share of the lane it takes
 * @param deadlineNanos on the lane's clock
 * @param cancellation raised when nobody waits for the answer any more
 */
record Question(String caller, Sample sample, long deadlineNanos, Cancellation cancellation) {
  /**
   * When it should have its turn: at its deadline, but an image that an upstream has made at once.
   * Much was spent on it, and nothing yet on the prompts that wait; if those went first, an
   * overloaded gateway would let in more than it can finish, and finish little.
   */
  long dueNanos(long nowNanos) {
    return switch (sample.stage()) {
      case PROMPT, NEGATIVE_PROMPT, INPUT_IMAGE -> deadlineNanos;
      case OUTPUT_IMAGE -> Math.min(nowNanos, deadlineNanos);
    };
  }

  /** True when no further work on it makes sense. */
  boolean over(long nowNanos) {
    return deadlineNanos - nowNanos <= 0 || cancellation.cancelled();
  }
}
