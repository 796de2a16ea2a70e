package io.sallyport.signal;

import java.util.Locale;

/** Where in a request's life something is judged. Declared in the order in which stages happen. */
public enum Stage {
  /** The texts of a request. */
  PROMPT,
  /** Images that a client sends along. */
  INPUT_IMAGE,
  /** Images that the upstream made. */
  OUTPUT_IMAGE;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in YAML, metrics, the record and the API. */
  public String wire() {
    return wire;
  }
}
