package io.sallyport.policy;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a rule applies. Sealed and monotone on purpose: there is no negation, so that raising a
 * score, shortening a distance or adding a signal can never make a rule stop applying.
 *
 * <p>An empty {@code stage} means the stage that is being decided; a given one lets a later stage
 * see an earlier stage's signals. An empty {@code detector} means any detector.
 */
public sealed interface Condition {
  /** True when some part names this stage. */
  default boolean mentions(Stage stage) {
    return switch (this) {
      case All all -> all.parts().stream().anyMatch(part -> part.mentions(stage));
      case Any any -> any.parts().stream().anyMatch(part -> part.mentions(stage));
      case ScoreAtLeast score -> score.stage().equals(Optional.of(stage));
      case MatchWithin match -> match.stage().equals(Optional.of(stage));
      case DetectorUnavailable missing -> missing.stage().equals(Optional.of(stage));
    };
  }

  /**
   * Some signal scores the label at least that high.
   *
   * @param atLeast from above 0 to 1
   */
  record ScoreAtLeast(
      Optional<Stage> stage, Optional<String> detector, String label, double atLeast)
      implements Condition {}

  /**
   * Some signal matches the bank at most that far away.
   *
   * @param within bits, 0 or more
   */
  record MatchWithin(Optional<Stage> stage, String bank, int within) implements Condition {}

  /** The detector has no answer, for one of these causes; no cause given means any. */
  record DetectorUnavailable(Optional<Stage> stage, String detector, Set<Cause> causes)
      implements Condition {
    public DetectorUnavailable {
      causes = Set.copyOf(causes);
    }
  }

  /** Every part holds. At least one part. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** Some part holds. At least one part. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }
  }
}
