package io.sallyport.detect;

import io.sallyport.signal.Cause;

/** What becomes of a task that was handed to the lane. Sealed: a refusal cannot be forgotten. */
sealed interface Turn {
  /** The one instance of {@link Granted} that the lane says. */
  Turn GRANTED = new Granted();

  /** It is the task's turn, to begin or to go on; the thread is the lane's. */
  record Granted() implements Turn {}

  /**
   * It never runs, or never goes on.
   *
   * @param cause {@link Cause#OVERLOAD} when the queue was full or the lane closes, {@link
   *     Cause#TIMEOUT} when the deadline passed, or the caller left, while it waited
   */
  record Refused(Cause cause) implements Turn {}
}
