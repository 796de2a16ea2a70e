package io.sallyport.signal;

import java.util.Locale;

/** Why a detector has no answer. Closed, because each is a metric label and a policy key. */
public enum Cause {
  /** The deadline passed before the answer. */
  TIMEOUT,
  /** The lane's queue was full. */
  OVERLOAD,
  /** The detector threw. */
  CRASH,
  /** The sample could not be decoded: truncated, corrupt, or not what it claims to be. */
  UNDECODABLE,
  /** A format, or a feature of one, that is not judged here: sequences, unknown containers. */
  UNSUPPORTED,
  /** Beyond a cap on bytes, pixels, sides, proportions, frames, or characters. */
  TOO_LARGE,
  /** The model answered with the wrong shape, NaN, or scores out of range. */
  BAD_OUTPUT,
  /** The policy expects the detector and no answer of it is there. */
  MISSING,
  /** The model failed or hung repeatedly and is left alone for a while. */
  CIRCUIT_OPEN;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in YAML, metrics, the record and the API. */
  public String wire() {
    return wire;
  }
}
