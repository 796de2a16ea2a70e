package io.sallyport.policy;

import java.util.Locale;

/** How much a refusal tells the client, from least to most. The request id is always told. */
public enum Disclosure {
  /** A neutral message without stage or category. */
  NONE,
  /** That a safety rule refused, and at which stage. */
  GENERIC,
  /** The category too. */
  CATEGORY;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in YAML. */
  public String wire() {
    return wire;
  }
}
