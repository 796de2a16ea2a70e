package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The judge. Pure: the same policy, stage and evidence always give an equal decision. */
public final class Decider {
  private static final Comparator<Reason> STRICTEST_FIRST =
      Comparator.comparing(Reason::verdict, Comparator.reverseOrder())
          .thenComparing(Reason::item)
          .thenComparing(Decider::name);

  private Decider() {}

  /**
   * Decides one stage.
   *
   * @param expected those of the policy's detectors that look at this stage; one without a signal
   *     in an item counts there as {@link Cause#MISSING}
   */
  public static Decision decide(
      Policy policy, Stage stage, Set<String> expected, Evidence evidence) {
    List<Reason> reasons = new ArrayList<>();
    List<List<Signal>> items = evidence.items();
    for (int item = 0; item < items.size(); item++) {
      judgeItem(policy, stage, expected, evidence.earlier(), items.get(item), item, reasons);
    }
    if (items.isEmpty()) {
      judgeItem(policy, stage, Set.of(), evidence.earlier(), List.of(), 0, reasons);
    }
    reasons = reasons.stream().distinct().sorted(STRICTEST_FIRST).toList();
    Verdict verdict = Verdict.ALLOW;
    Verdict wouldBe = Verdict.ALLOW;
    for (Reason reason : reasons) {
      wouldBe = wouldBe.or(reason.verdict());
      verdict = reason.shadow() ? verdict : verdict.or(reason.verdict());
    }
    return new Decision(
        stage, policy.name(), policy.digest(), verdict, wouldBe, reasons, evidence);
  }

  private static void judgeItem(
      Policy policy,
      Stage stage,
      Set<String> expected,
      List<Signal> earlier,
      List<Signal> own,
      int item,
      List<Reason> reasons) {
    List<Signal> known = new ArrayList<>(earlier.size() + own.size() + 1);
    known.addAll(earlier);
    known.addAll(own);
    for (String detector : expected) {
      if (own.stream().noneMatch(signal -> signal.detector().equals(detector))) {
        known.add(new Signal.Unavailable(detector, stage, Cause.MISSING));
      }
    }
    boolean blindInShadow = policy.shadow() && !hasFloor(policy, stage);
    for (Signal signal : known) {
      if (signal instanceof Signal.Unavailable missing && missing.stage() == stage) {
        Verdict verdict = policy.unavailable().verdict(missing.detector(), missing.cause());
        if (verdict != Verdict.ALLOW) {
          reasons.add(
              new Reason.Unavailable(
                  item, missing.detector(), missing.cause(), verdict, blindInShadow));
        }
      }
    }
    for (Rule rule : policy.rules()) {
      if (rule.stages().contains(stage) && holds(rule.when(), stage, known)) {
        boolean shadow = rule.shadow() || (policy.shadow() && !rule.floor());
        reasons.add(
            new Reason.Violation(
                item, rule.id(), rule.category(), rule.verdict(), shadow, rule.disclosure()));
      }
    }
  }

  /** A floor that cannot see must close: a missing answer is in shadow only where no floor stands. */
  private static boolean hasFloor(Policy policy, Stage stage) {
    return policy.rules().stream().anyMatch(rule -> rule.floor() && rule.stages().contains(stage));
  }

  private static boolean holds(Condition condition, Stage stage, List<Signal> known) {
    return switch (condition) {
      case Condition.ScoreAtLeast score ->
          some(
              known,
              signal ->
                  signal instanceof Signal.Score(var detector, var where, var label, var value)
                      && where == score.stage().orElse(stage)
                      && label.equals(score.label())
                      && value >= score.atLeast()
                      && same(score.detector(), detector));
      case Condition.MatchWithin match ->
          some(
              known,
              signal ->
                  signal instanceof Signal.Match(var detector, var where, var bank, var distance)
                      && where == match.stage().orElse(stage)
                      && bank.equals(match.bank())
                      && distance <= match.within());
      case Condition.DetectorUnavailable missing ->
          some(
              known,
              signal ->
                  signal instanceof Signal.Unavailable(var detector, var where, var cause)
                      && where == missing.stage().orElse(stage)
                      && detector.equals(missing.detector())
                      && (missing.causes().isEmpty() || missing.causes().contains(cause)));
      case Condition.All all ->
          all.parts().stream().allMatch(part -> holds(part, stage, known));
      case Condition.Any any ->
          any.parts().stream().anyMatch(part -> holds(part, stage, known));
    };
  }

  private static boolean some(List<Signal> signals, Predicate<Signal> test) {
    return signals.stream().anyMatch(test);
  }

  private static boolean same(Optional<String> wanted, String detector) {
    return wanted.isEmpty() || wanted.get().equals(detector);
  }

  private static String name(Reason reason) {
    return switch (reason) {
      case Reason.Violation violation -> violation.rule();
      case Reason.Unavailable unavailable -> unavailable.detector() + unavailable.cause();
    };
  }
}
