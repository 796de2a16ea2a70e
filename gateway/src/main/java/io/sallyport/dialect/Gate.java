package io.sallyport.dialect;

import java.util.Locale;

/** Which of the two gates refuses. */
public enum Gate {
  /** The request: its texts and the images that it brings. */
  INPUT,
  /** The reply: the images that the upstream made. */
  OUTPUT;

  /** The name in refusals; OpenAI's {@code moderation_stage}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
