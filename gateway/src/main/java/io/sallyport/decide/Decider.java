package io.sallyport.decide;

import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Signal.Unavailable;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The judge. Pure: the same policy, stage and evidence always give an equal decision. */
public final class Decider {
  private static final Comparator<Reason> STRICTEST_FIRST =
      Comparator.comparing(Reason::verdict, Comparator.reverseOrder())
          .thenComparingInt(Reason::item)
          .thenComparing(Decider::name);

  private Decider() {}

  /**
   * Decides one stage.
   *
   * @param expected those of the policy's detectors that look at this stage; one without a signal
   *     of this stage in an item counts there as {@link Cause#MISSING}, unless nothing hangs on its
   *     answer (see {@link Cascade})
   */
  public static Decision decide(
      Policy policy, Stage stage, Set<String> expected, Evidence evidence) {
    List<Set<String>> silent = silent(stage, expected, evidence);
    Decision spoken = judge(policy, stage, evidence, List.of(), List.of());
    if (silent.stream().allMatch(Set::isEmpty)) {
      return spoken;
    }
    List<NotAsked> excused = new Cascade(policy, spoken, silent).excused();
    excused.forEach(it -> silent.get(it.item()).remove(it.detector()));
    return judge(policy, stage, evidence, silent, excused);
  }

  /** Per item, who is expected and has no signal of this stage in it. */
  static List<Set<String>> silent(Stage stage, Set<String> expected, Evidence evidence) {
    List<Set<String>> silent = new ArrayList<>();
    for (List<Signal> item : evidence.items()) {
      Set<String> without = new TreeSet<>(expected);
      for (Signal signal : item) {
        if (signal.stage() == stage) {
          without.remove(signal.detector());
        }
      }
      silent.add(without);
    }
    return silent;
  }

  /**
   * Decides on what was said.
   *
   * @param missing per item whose answers are missing; empty when nobody's are
   */
  static Decision judge(
      Policy policy,
      Stage stage,
      Evidence evidence,
      List<Set<String>> missing,
      List<NotAsked> notAsked) {
    List<Reason> reasons = new ArrayList<>();
    List<List<Signal>> items = evidence.items().isEmpty() ? List.of(List.of()) : evidence.items();
    for (int item = 0; item < items.size(); item++) {
      List<Signal> known = new ArrayList<>(evidence.earlier());
      known.addAll(items.get(item));
      if (!missing.isEmpty()) {
        missing.get(item).forEach(it -> known.add(new Unavailable(it, stage, Cause.MISSING)));
      }
      judge(policy, stage, item, known, evidence.advisory(), reasons);
    }
    List<Reason> sorted = reasons.stream().distinct().sorted(STRICTEST_FIRST).toList();
    Verdict verdict = Verdict.ALLOW;
    Verdict wouldBe = Verdict.ALLOW;
    for (Reason reason : sorted) {
      wouldBe = wouldBe.or(reason.verdict());
      verdict = reason.shadow() ? verdict : verdict.or(reason.verdict());
    }
    return new Decision(
        stage, policy.name(), policy.digest(), verdict, wouldBe, sorted, evidence, notAsked);
  }

  private static void judge(
      Policy policy,
      Stage stage,
      int item,
      List<Signal> known,
      Set<String> advisory,
      List<Reason> reasons) {
    boolean blindInShadow = !policy.enforcesMissing(stage);
    for (Signal signal : known) {
      if (signal instanceof Unavailable(var detector, var where, var cause) && where == stage) {
        Verdict verdict =
            policy.unavailable().verdict(detector, cause).capped(advisory.contains(detector));
        if (verdict != Verdict.ALLOW) {
          reasons.add(new Reason.Unavailable(item, detector, cause, verdict, blindInShadow));
        }
      }
    }
    List<Signal> firm = advisory.isEmpty() ? known : Conditions.without(advisory, known);
    for (Rule rule : policy.rules()) {
      if (rule.stages().contains(stage) && Conditions.holds(rule.when(), stage, known)) {
        boolean advised = firm != known && !Conditions.holds(rule.when(), stage, firm);
        reasons.add(violation(item, rule, rule.verdict().capped(advised), policy.enforces(rule)));
      }
    }
  }

  private static Reason violation(int item, Rule rule, Verdict verdict, boolean enforced) {
    return new Reason.Violation(
        item, rule.id(), rule.category(), verdict, !enforced, rule.disclosure());
  }

  private static String name(Reason reason) {
    return switch (reason) {
      case Reason.Violation violation -> violation.rule();
      case Reason.Unavailable unavailable -> unavailable.detector() + ":" + unavailable.cause();
    };
  }
}
