package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.SecondOpinion;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * In which rounds a stage's detectors are asked: by cost, cheap ones first, then every second
 * opinion in the policy's order. A round of which no single finding could spare the next one a
 * detector is joined with it, so that nobody waits for nothing. Pure; a matter of cost only:
 * whoever is asked and who is not, {@link Cascade} says.
 */
public final class Rounds {
  private final Policy policy;
  private final Stage stage;
  private final Set<String> expected;

  private Rounds(Policy policy, Stage stage, Set<String> expected) {
    this.policy = policy;
    this.stage = stage;
    this.expected = expected;
  }

  /**
   * The rounds, in order; none when nobody is expected.
   *
   * @param expected as in {@link Decider#decide}
   * @param cost of those that are known, in any unit; the others count as costing nothing
   */
  public static List<Set<String>> of(
      Policy policy, Stage stage, Set<String> expected, Map<String, Integer> cost) {
    TreeMap<Integer, Set<String>> byCost = new TreeMap<>();
    for (String detector : expected) {
      if (policy.secondOpinion(detector).isEmpty()) {
        byCost
            .computeIfAbsent(cost.getOrDefault(detector, 0), at -> new LinkedHashSet<>())
            .add(detector);
      }
    }
    List<Set<String>> rounds = new Rounds(policy, stage, expected).joined(byCost.values());
    for (SecondOpinion opinion : policy.secondOpinions()) {
      if (expected.contains(opinion.detector())) {
        rounds.add(Set.of(opinion.detector()));
      }
    }
    return List.copyOf(rounds);
  }

  private List<Set<String>> joined(Iterable<Set<String>> tiers) {
    List<Set<String>> rounds = new ArrayList<>();
    Set<String> before = new LinkedHashSet<>();
    for (Set<String> tier : tiers) {
      if (!rounds.isEmpty() && !maySpare(before, tier)) {
        rounds.getLast().addAll(tier);
      } else {
        rounds.add(new LinkedHashSet<>(tier));
      }
      before.addAll(tier);
    }
    return rounds;
  }

  /**
   * True when one thing that the asked may say would excuse one of the others, whatever the stages
   * before have brought. What takes several things at once is too rare to wait for.
   */
  private boolean maySpare(Set<String> asked, Set<String> others) {
    Set<Signal> earlier = new LinkedHashSet<>();
    Set<Signal> own = new LinkedHashSet<>();
    asked.forEach(detector -> own.addAll(failures(detector, stage)));
    for (Rule rule : policy.rules()) {
      for (Stage at : rule.stages()) {
        collect(rule.when(), at, asked, earlier, own);
      }
    }
    Set<String> silent = new LinkedHashSet<>(expected);
    silent.removeAll(asked);
    return own.stream()
        .map(said -> new Evidence(List.copyOf(earlier), List.of(List.of(said))))
        .map(evidence -> Cascade.needed(policy, stage, silent, evidence).getFirst())
        .anyMatch(needed -> !needed.containsAll(others));
  }

  private void collect(
      Condition condition, Stage at, Set<String> asked, Set<Signal> earlier, Set<Signal> own) {
    switch (condition) {
      case Condition.All all -> all.parts().forEach(it -> collect(it, at, asked, earlier, own));
      case Condition.Any any -> any.parts().forEach(it -> collect(it, at, asked, earlier, own));
      case Condition.ScoreAtLeast(var named, var detector, var label, var atLeast) -> {
        Stage where = named.orElse(at);
        if (where.compareTo(stage) < 0) {
          earlier.add(new Signal.Score(detector.orElse(""), where, label, 1));
        }
        asked.stream()
            .filter(it -> where == stage && detector.map(it::equals).orElse(true))
            .forEach(it -> own.add(new Signal.Score(it, where, label, 1)));
      }
      case Condition.MatchWithin(var named, var bank, var within) -> {
        Stage where = named.orElse(at);
        if (where.compareTo(stage) < 0) {
          earlier.add(new Signal.Match("", where, bank, 0));
        }
        asked.stream()
            .filter(it -> where == stage)
            .forEach(it -> own.add(new Signal.Match(it, where, bank, 0)));
      }
      case Condition.DetectorUnavailable(var named, var detector, var causes) -> {
        Stage where = named.orElse(at);
        if (where.compareTo(stage) < 0) {
          earlier.addAll(failures(detector, where));
        }
      }
    }
  }

  private static List<Signal> failures(String detector, Stage where) {
    return Arrays.stream(Cause.values())
        .<Signal>map(cause -> new Signal.Unavailable(detector, where, cause))
        .toList();
  }
}
