package io.sallyport.audit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Thrown, inside a receipt, when an event was not recorded. The answer that waits for it must not
 * go out (I2). Carries no stack trace: it is made on hot paths.
 */
public final class AuditUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why an event was not recorded. Closed, because each is a metric label. */
  public enum Reason {
    /** The queue is at its bound: the store is slower than the traffic. */
    FULL,
    /** The store could not write: disk full, input or output error, locked by another program. */
    FAILED,
    /** The log is closed, or was before the event's turn came. */
    CLOSED,
    /** The event has no canonical form, see {@link AuditCodec#encode}. */
    INVALID;

    /** The name as a metric label. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;

  AuditUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
