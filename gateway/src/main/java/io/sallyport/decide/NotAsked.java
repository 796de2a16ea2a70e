package io.sallyport.decide;

import java.util.Locale;

/**
 * A detector that the policy expects and that said nothing about an item, because nothing hung on
 * it. The judge itself finds this out, from policy and evidence; a silence that it cannot excuse is
 * a missing answer.
 *
 * @param item index of the item in {@link Evidence#items()}
 */
public record NotAsked(int item, String detector, Why why) {

  /** Why nothing hung on the answer. */
  public enum Why {
    /** A second opinion whose first score lies outside of its band. */
    BAND,
    /** A second opinion that no rule can listen to: what else it needs is known not to be there. */
    CLOSED,
    /** Whatever it said or failed to say, the outcome would be the same. */
    SETTLED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and the record. */
    public String wire() {
      return wire;
    }
  }
}
