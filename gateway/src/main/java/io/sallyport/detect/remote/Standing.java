package io.sallyport.detect.remote;

import java.util.List;

/** What was found of a remote model. Sealed: only one that was verified is asked. */
public sealed interface Standing {

  /** It is ready, its tensors are the card's, and it answered the card's examples as it must. */
  record Verified() implements Standing {}

  /**
   * It could not be asked; it is tried again.
   *
   * @param why for the operator
   */
  record Unreachable(String why) implements Standing {}

  /**
   * It is not what the card says; it is tried again.
   *
   * @param misfits at least one
   */
  record Refused(List<Misfit> misfits) implements Standing {
    public Refused {
      misfits = List.copyOf(misfits);
    }
  }

  /**
   * One thing that is not as the card says.
   *
   * @param line of the card, 1-based; 0 for all of it
   */
  record Misfit(int line, String message) {}

  /** The name in health answers. */
  default String wire() {
    return switch (this) {
      case Verified verified -> "verified";
      case Unreachable unreachable -> "unreachable";
      case Refused refused -> "refused";
    };
  }
}
