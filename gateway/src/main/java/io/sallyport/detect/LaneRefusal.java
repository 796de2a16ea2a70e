package io.sallyport.detect;

import io.sallyport.signal.Cause;
import java.util.Locale;

/** Why the lane refused a task. Closed, because each is a metric label. */
public enum LaneRefusal {
  /** The queue was full, and nobody held more of it. */
  FULL(Cause.OVERLOAD),
  /** The queue was full, and the place went to a caller that held fewer. */
  PUSHED_OUT(Cause.OVERLOAD),
  /** Those who wait before it leave it too little time. */
  TOO_LATE(Cause.OVERLOAD),
  /** The deadline passed while it waited. */
  EXPIRED(Cause.TIMEOUT),
  /** Whoever asked left while it waited. */
  CANCELLED(Cause.TIMEOUT),
  /** The lane is closed, or was while it waited. */
  CLOSING(Cause.OVERLOAD);

  private final Cause cause;
  private final String wire = name().toLowerCase(Locale.ROOT);

  LaneRefusal(Cause cause) {
    this.cause = cause;
  }

  /** What the refusal means to whoever asked. */
  Cause cause() {
    return cause;
  }

  /** The name in metrics. */
  public String wire() {
    return wire;
  }
}
