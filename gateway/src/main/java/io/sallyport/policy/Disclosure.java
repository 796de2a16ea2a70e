package io.sallyport.policy;

/** How much a refusal tells the client. The request id is always told. */
public enum Disclosure {
  /** A neutral message without stage or category. */
  NONE,
  /** That a safety rule refused, and at which stage. */
  GENERIC,
  /** The category too. */
  CATEGORY
}
