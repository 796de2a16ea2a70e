package io.sallyport.detect;

import java.util.Locale;

/** Whether a model is asked. The order is that of the metric: 0, 1, 2. */
public enum CircuitState {
  /** It is asked. */
  CLOSED,
  /** One run at a time tries it; the others are told that it is broken. */
  HALF_OPEN,
  /** It is broken and left alone. */
  OPEN;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in metrics, logs, the record and the health answer. */
  public String wire() {
    return wire;
  }
}
