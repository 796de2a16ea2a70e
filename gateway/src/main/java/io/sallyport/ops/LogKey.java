package io.sallyport.ops;

import java.util.Locale;

/** Every key of a structured log line. Closed, so that no content finds a way into a log. */
public enum LogKey {
  REQUEST_ID,
  CALLER,
  ROUTE,
  STATUS,
  OUTCOME,
  REASON,
  STAGE,
  VERDICT,
  MILLIS,
  UPSTREAM_MILLIS,
  REQUEST_BYTES,
  REPLY_BYTES,
  POLICY,
  DIGEST,
  DETECTOR,
  CAUSE,
  MODEL,
  CIRCUIT,
  ADDRESS,
  FILE,
  COUNT,
  VERSION,
  FORMAT,
  DECODER,
  NOTE,
  ERROR;

  /** The key as it stands in a line. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
