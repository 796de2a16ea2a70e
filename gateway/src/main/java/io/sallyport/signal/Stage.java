package io.sallyport.signal;

import java.util.Locale;
import java.util.Set;

/** Where in a request's life something is judged. Declared in the order in which stages happen. */
public enum Stage {
  /** The texts of a request that say what to make. */
  PROMPT,
  /**
   * The texts of a request that say what not to make. Harmful words are ordinary there, so that
   * only rules which name this stage look at it.
   */
  NEGATIVE_PROMPT,
  /** Images that a client sends along. */
  INPUT_IMAGE,
  /** Images that the upstream made. */
  OUTPUT_IMAGE;

  /** The stages at which texts are judged. */
  public static final Set<Stage> OF_TEXTS = Set.of(PROMPT, NEGATIVE_PROMPT);

  /** The stages at which images are judged. */
  public static final Set<Stage> OF_IMAGES = Set.of(INPUT_IMAGE, OUTPUT_IMAGE);

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in YAML, metrics, the record and the API. */
  public String wire() {
    return wire;
  }
}
