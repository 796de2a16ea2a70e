package io.sallyport.policy;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.util.Optional;

/**
 * The strictest that a policy can do at a stage because of one detector, be it for an answer, for
 * the lack of one, or at a later stage that looks back. A detector counts as able to give every
 * label that a rule does not ask of another one by name. Pure.
 *
 * @param enforced the strictest verdict that would be enforced
 * @param wouldBe the same with all that is in shadow; never milder
 */
public record Strictest(Verdict enforced, Verdict wouldBe) {
  private static final Strictest NOTHING = new Strictest(Verdict.ALLOW, Verdict.ALLOW);

  /** What the detector can bring about at the stage. */
  public static Strictest of(Policy policy, Stage stage, String detector, boolean advisory) {
    Strictest strictest = NOTHING;
    for (Rule rule : policy.rules()) {
      if (reads(rule, stage, detector)) {
        strictest = strictest.or(rule.verdict().capped(advisory), policy.enforces(rule));
      }
    }
    for (Cause cause : Cause.values()) {
      Verdict missing = policy.unavailable().verdict(detector, cause).capped(advisory);
      strictest = strictest.or(missing, policy.enforcesMissing(stage));
    }
    return strictest;
  }

  /**
   * What a score above the band is sure to bring about, whatever else is known.
   *
   * @param advisory true when the first score may come from an advisory detector
   */
  static Strictest above(Policy policy, Stage stage, SecondOpinion.Band band, boolean advisory) {
    Strictest strictest = NOTHING;
    for (Rule rule : policy.rules()) {
      if (rule.stages().contains(stage) && holdsAbove(rule.when(), stage, band)) {
        strictest = strictest.or(rule.verdict().capped(advisory), policy.enforces(rule));
      }
    }
    return strictest;
  }

  /** True when neither verdict is milder than the other's. */
  public boolean covers(Strictest other) {
    return enforced.compareTo(other.enforced) >= 0 && wouldBe.compareTo(other.wouldBe) >= 0;
  }

  private Strictest or(Verdict verdict, boolean isEnforced) {
    return new Strictest(isEnforced ? enforced.or(verdict) : enforced, wouldBe.or(verdict));
  }

  private static boolean reads(Rule rule, Stage stage, String detector) {
    return rule.stages().stream()
        .anyMatch(at -> at.compareTo(stage) >= 0 && reads(rule.when(), at, stage, detector));
  }

  private static boolean reads(Condition condition, Stage at, Stage stage, String detector) {
    return switch (condition) {
      case Condition.All all ->
          all.parts().stream().anyMatch(part -> reads(part, at, stage, detector));
      case Condition.Any any ->
          any.parts().stream().anyMatch(part -> reads(part, at, stage, detector));
      case Condition.ScoreAtLeast score ->
          score.stage().orElse(at) == stage
              && (score.detector().isEmpty() || score.detector().equals(Optional.of(detector)));
      case Condition.MatchWithin match -> match.stage().orElse(at) == stage;
      case Condition.DetectorUnavailable missing ->
          missing.stage().orElse(at) == stage && missing.detector().equals(detector);
    };
  }

  private static boolean holdsAbove(Condition condition, Stage stage, SecondOpinion.Band band) {
    return switch (condition) {
      case Condition.All all ->
          all.parts().stream().allMatch(part -> holdsAbove(part, stage, band));
      case Condition.Any any ->
          any.parts().stream().anyMatch(part -> holdsAbove(part, stage, band));
      case Condition.ScoreAtLeast score -> band.alwaysMeets(score, stage);
      case Condition.MatchWithin match -> false;
      case Condition.DetectorUnavailable missing -> false;
    };
  }
}
