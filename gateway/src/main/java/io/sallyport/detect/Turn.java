package io.sallyport.detect;

import io.sallyport.signal.Cause;

/** What becomes of a task that was handed to the lane. Sealed: a refusal cannot be forgotten. */
sealed interface Turn {

  /** It is the task's turn; the thread is the lane's. */
  record Granted() implements Turn {}

  /**
   * It never runs.
   *
   * @param cause {@link Cause#OVERLOAD} when the queue was full or the lane closes, {@link
   *     Cause#TIMEOUT} when the deadline passed, or the caller left, while it waited
   */
  record Refused(Cause cause) implements Turn {}
}
