package io.sallyport.decide;

import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
   *     of this stage in an item counts there as {@link Cause#MISSING}
   */
  public static Decision decide(
      Policy policy, Stage stage, Set<String> expected, Evidence evidence) {
    List<Reason> reasons = new ArrayList<>();
    List<List<Signal>> items = evidence.items();
    for (int item = 0; item < items.size(); item++) {
      List<Signal> known = known(stage, expected, evidence.earlier(), items.get(item));
      judge(policy, stage, item, known, reasons);
    }
    if (items.isEmpty()) {
      judge(policy, stage, 0, evidence.earlier(), reasons);
    }
    List<Reason> sorted = reasons.stream().distinct().sorted(STRICTEST_FIRST).toList();
    Verdict verdict = Verdict.ALLOW;
    Verdict wouldBe = Verdict.ALLOW;
    for (Reason reason : sorted) {
      wouldBe = wouldBe.or(reason.verdict());
      verdict = reason.shadow() ? verdict : verdict.or(reason.verdict());
    }
    return new Decision(stage, policy.name(), policy.digest(), verdict, wouldBe, sorted, evidence);
  }

  /** All that is known about an item: what was said, and who said nothing. */
  private static List<Signal> known(
      Stage stage, Set<String> expected, List<Signal> earlier, List<Signal> own) {
    List<Signal> known = new ArrayList<>(earlier.size() + own.size() + expected.size());
    known.addAll(earlier);
    known.addAll(own);
    for (String detector : expected) {
      if (own.stream().noneMatch(it -> it.stage() == stage && it.detector().equals(detector))) {
        known.add(new Signal.Unavailable(detector, stage, Cause.MISSING));
      }
    }
    return known;
  }

  private static void judge(
      Policy policy, Stage stage, int item, List<Signal> known, List<Reason> reasons) {
    boolean blindInShadow = policy.shadow() && !floorReads(policy, stage);
    for (Signal signal : known) {
      if (signal instanceof Signal.Unavailable(var detector, var where, var cause)
          && where == stage) {
        Verdict verdict = policy.unavailable().verdict(detector, cause);
        if (verdict != Verdict.ALLOW) {
          reasons.add(new Reason.Unavailable(item, detector, cause, verdict, blindInShadow));
        }
      }
    }
    for (Rule rule : policy.rules()) {
      if (rule.stages().contains(stage) && Conditions.holds(rule.when(), stage, known)) {
        boolean shadow = rule.shadow() || (policy.shadow() && !rule.floor());
        reasons.add(
            new Reason.Violation(
                item, rule.id(), rule.category(), rule.verdict(), shadow, rule.disclosure()));
      }
    }
  }

  /**
   * A floor that cannot see must close: a missing answer is in shadow only where no floor looks, be
   * it at its own stage or, from a later stage, back at this one.
   */
  private static boolean floorReads(Policy policy, Stage stage) {
    for (Rule rule : policy.rules()) {
      if (rule.floor()
          && (rule.stages().contains(stage) || Conditions.mentions(rule.when(), stage))) {
        return true;
      }
    }
    return false;
  }

  private static String name(Reason reason) {
    return switch (reason) {
      case Reason.Violation violation -> violation.rule();
      case Reason.Unavailable unavailable -> unavailable.detector() + ":" + unavailable.cause();
    };
  }
}
