package io.sallyport.policy;

import java.util.Locale;

/** What is done with a request or reply; declared from mildest to strictest. */
public enum Verdict {
  /** Pass untouched. */
  ALLOW,
  /** Pass, and mark in the record for people to look at. */
  FLAG,
  /** Refuse in the API's own shape. */
  BLOCK;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The stricter of the two. */
  public Verdict or(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** At most {@link #FLAG} when that is all that may come of it. */
  public Verdict capped(boolean atFlag) {
    return atFlag && this == BLOCK ? FLAG : this;
  }

  /** The name in YAML, metrics, the record and the API. */
  public String wire() {
    return wire;
  }
}
