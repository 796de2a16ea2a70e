package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * How strongly a decision's evidence points at a category, for APIs that want a number. Pure.
 *
 * <p>A rule's strength is that of its condition: the label's highest score, the weakest part of an
 * {@code all}, the strongest of an {@code any}, 1 for a match within its distance, 0 for a missing
 * answer. A category's score is its strongest rule's. It orders evidence; it is no probability.
 */
public final class CategoryScores {
  private CategoryScores() {}

  /** The score of a category, 0 to 1. */
  public static double score(Policy policy, Decision decision, Category category) {
    double strongest = 0;
    for (List<Signal> item : decision.evidence().items()) {
      List<Signal> known = new ArrayList<>(decision.evidence().earlier());
      known.addAll(item);
      for (Rule rule : policy.rules()) {
        if (rule.category() == category && rule.stages().contains(decision.stage())) {
          strongest = Math.max(strongest, strength(rule.when(), decision.stage(), known));
        }
      }
    }
    return strongest;
  }

  /** True when an enforced rule of the category applied. */
  public static boolean violated(Decision decision, Category category) {
    return decision.reasons().stream()
        .anyMatch(
            reason ->
                reason instanceof Reason.Violation violation
                    && !violation.shadow()
                    && violation.verdict() != Verdict.ALLOW
                    && violation.category() == category);
  }

  /** True when the policy has a rule of the category at the stage. */
  public static boolean judged(Policy policy, Stage stage, Category category) {
    return policy.rules().stream()
        .anyMatch(rule -> rule.category() == category && rule.stages().contains(stage));
  }

  private static double strength(Condition condition, Stage stage, List<Signal> known) {
    return switch (condition) {
      case Condition.ScoreAtLeast wanted ->
          known.stream().mapToDouble(signal -> value(signal, wanted, stage)).max().orElse(0);
      case Condition.MatchWithin wanted ->
          known.stream()
                  .anyMatch(
                      signal ->
                          signal instanceof Signal.Match match
                              && match.stage() == wanted.stage().orElse(stage)
                              && match.bank().equals(wanted.bank())
                              && match.distance() <= wanted.within())
              ? 1
              : 0;
      case Condition.DetectorUnavailable missing -> 0;
      case Condition.All all ->
          all.parts().stream().mapToDouble(part -> strength(part, stage, known)).min().orElse(0);
      case Condition.Any any ->
          any.parts().stream().mapToDouble(part -> strength(part, stage, known)).max().orElse(0);
    };
  }

  private static double value(Signal signal, Condition.ScoreAtLeast wanted, Stage stage) {
    boolean asked =
        signal instanceof Signal.Score score
            && score.stage() == wanted.stage().orElse(stage)
            && score.label().equals(wanted.label())
            && wanted.detector().map(score.detector()::equals).orElse(true);
    return asked ? ((Signal.Score) signal).value() : 0;
  }
}
