package io.sallyport.detect;

/**
 * A flag that an exchange raises when nobody waits for its answer any more. Raised once, never
 * lowered; safe on every thread.
 */
public final class Cancellation {
  private volatile boolean cancelled;

  /** Says that the work is no longer wanted. What runs already may finish; nothing new starts. */
  public void cancel() {
    cancelled = true;
  }

  public boolean cancelled() {
    return cancelled;
  }
}
