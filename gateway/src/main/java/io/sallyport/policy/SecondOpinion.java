package io.sallyport.policy;

import io.sallyport.signal.Stage;
import java.util.Optional;

/**
 * A detector that is asked after the others, and only where its answer can matter: the operator
 * says that it is not worth its cost elsewhere.
 *
 * @param detector one of the policy's
 * @param when the band in which it is asked; empty: wherever it could change the verdict
 */
public record SecondOpinion(String detector, Optional<Band> when) {

  /**
   * Where a first score leaves doubt, both ends included. Below, the second opinion is not asked
   * and counts as if it had found nothing. Above, it is not asked once the verdict is as strict as
   * it could make it; the loader sees to it that the first score alone is enough for that.
   *
   * @param stage where the first score is given; empty: the stage that is decided
   * @param detector who gives it; empty: whoever is no second opinion
   * @param label whose score it is
   * @param low 0 to 1
   * @param high above {@code low}, to 1
   */
  public record Band(
      Optional<Stage> stage, Optional<String> detector, String label, double low, double high) {

    /** True when this leaf of a condition holds for every score above the band. */
    boolean alwaysMeets(Condition.ScoreAtLeast leaf, Stage decided) {
      return leaf.label().equals(label)
          && leaf.atLeast() <= high
          && leaf.stage().orElse(decided) == stage.orElse(decided)
          && (leaf.detector().isEmpty() || leaf.detector().equals(detector));
    }
  }
}
