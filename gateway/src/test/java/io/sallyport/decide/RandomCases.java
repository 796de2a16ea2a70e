package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Random policies and evidence from a small world, so that rules and signals often meet. The same
 * seed gives the same cases.
 */
final class RandomCases {
  static final List<String> DETECTORS = List.of("a", "b", "c");
  private static final List<String> LABELS = List.of("dog", "beach", "zeppelin");
  private static final List<String> BANKS = List.of("stand-ins", "others");

  private final SplittableRandom random;

  RandomCases(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Everything that a decision is made of. */
  record Case(Policy policy, Stage stage, Set<String> expected, Evidence evidence) {
    Decision decide() {
      return Decider.decide(policy, stage, expected, evidence);
    }

    Case with(Policy other) {
      return new Case(other, stage, expected, evidence);
    }

    Case with(Evidence other) {
      return new Case(policy, stage, expected, other);
    }
  }

  Case next() {
    Stage stage = stage();
    return new Case(policy(), stage, Set.copyOf(some(DETECTORS)), evidence(stage));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(double of) {
    return random.nextDouble() < of;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  <T> List<T> shuffled(List<T> of) {
    List<T> list = new ArrayList<>(of);
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
    return list;
  }

  Policy policy() {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      rules.add(rule("r" + i));
    }
    return new Policy("p", "0", Set.copyOf(DETECTORS), unavailable(), chance(0.3), rules);
  }

  private Rule rule(String id) {
    boolean floor = chance(0.3);
    Set<Stage> stages = EnumSet.of(stage());
    if (chance(0.5)) {
      stages.add(stage());
    }
    return new Rule(
        id,
        stages,
        one(List.of(Category.values())),
        condition(2),
        chance(0.5) ? Verdict.BLOCK : Verdict.FLAG,
        floor,
        !floor && chance(0.3),
        one(List.of(Disclosure.values())));
  }

  private Condition condition(int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0, 1 ->
          new Condition.ScoreAtLeast(
              maybe(this::stage), maybe(() -> one(DETECTORS)), one(LABELS), above0());
      case 2 -> new Condition.MatchWithin(maybe(this::stage), one(BANKS), random.nextInt(4));
      case 3 ->
          new Condition.DetectorUnavailable(
              maybe(this::stage), one(DETECTORS), new HashSet<>(some(List.of(Cause.values()))));
      case 4 -> new Condition.All(parts(depth));
      default -> new Condition.Any(parts(depth));
    };
  }

  private List<Condition> parts(int depth) {
    List<Condition> parts = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      parts.add(condition(depth - 1));
    }
    return parts;
  }

  private UnavailableRule unavailable() {
    Map<String, Verdict> byDetector = new HashMap<>();
    Map<String, Map<Cause, Verdict>> byCause = new HashMap<>();
    for (String detector : some(DETECTORS)) {
      byDetector.put(detector, verdict());
    }
    for (String detector : some(DETECTORS)) {
      Map<Cause, Verdict> causes = new EnumMap<>(Cause.class);
      some(List.of(Cause.values())).forEach(cause -> causes.put(cause, verdict()));
      byCause.put(detector, causes);
    }
    return new UnavailableRule(verdict(), byDetector, byCause);
  }

  private Evidence evidence(Stage stage) {
    List<Signal> earlier = new ArrayList<>();
    if (stage != Stage.PROMPT) {
      earlier.addAll(signals(Stage.PROMPT));
    }
    if (stage == Stage.OUTPUT_IMAGE) {
      earlier.addAll(signals(Stage.INPUT_IMAGE));
    }
    List<List<Signal>> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(signals(stage));
    }
    return new Evidence(earlier, items);
  }

  List<Signal> signals(Stage stage) {
    List<Signal> signals = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      signals.add(signal(one(DETECTORS), stage));
    }
    return signals;
  }

  Signal signal(String detector, Stage stage) {
    return switch (random.nextInt(5)) {
      case 0 -> new Signal.Match(detector, stage, one(BANKS), random.nextInt(5));
      case 1 -> new Signal.Unavailable(detector, stage, one(List.of(Cause.values())));
      default -> new Signal.Score(detector, stage, one(LABELS), random.nextInt(11) / 10.0);
    };
  }

  Stage stage() {
    return one(List.of(Stage.values()));
  }

  Verdict verdict() {
    return one(List.of(Verdict.values()));
  }

  private double above0() {
    return random.nextInt(1, 11) / 10.0;
  }

  private <T> Set<T> some(List<T> of) {
    Set<T> some = new LinkedHashSet<>();
    of.stream().filter(each -> chance(0.5)).forEach(some::add);
    return some;
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return chance(0.5) ? Optional.of(value.get()) : Optional.empty();
  }
}
