package io.sallyport.detect;

import io.sallyport.signal.Cause;

/** A detector or decoder has no answer. Cheap: carries no stack trace, for hot refusal paths. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause cause;

  /**
   * @param detail for developers' eyes; never holds content
   */
  public UnavailableException(Cause cause, String detail) {
    super(detail, null, false, false);
    this.cause = cause;
  }

  /** Why there is no answer. */
  public Cause why() {
    return cause;
  }
}
