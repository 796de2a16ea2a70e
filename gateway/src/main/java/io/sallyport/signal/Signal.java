package io.sallyport.signal;

/**
 * What one detector says about one sample. Sealed: whoever handles signals must handle every kind.
 */
public sealed interface Signal {
  /** The name of the detector, as policies spell it. */
  String detector();

  /** The stage of the sample. */
  Stage stage();

  /**
   * How strongly a label applies.
   *
   * @param label the label, as the model card, lexicon or concept file names it
   * @param value from 0 (not at all) to 1, calibrated as the card says; never NaN
   */
  record Score(String detector, Stage stage, String label, double value) implements Signal {
    public Score {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("score out of range: " + value);
      }
    }
  }

  /**
   * A known item was met.
   *
   * @param bank the name of the hash bank
   * @param distance bits that differ; 0 is exact
   */
  record Match(String detector, Stage stage, String bank, int distance) implements Signal {
    public Match {
      if (distance < 0) {
        throw new IllegalArgumentException("negative distance: " + distance);
      }
    }
  }

  /** The detector has no answer. Evidence, not silence: the policy says what it means. */
  record Unavailable(String detector, Stage stage, Cause cause) implements Signal {}
}
