package io.sallyport.decide;

import io.sallyport.policy.Policy;
import io.sallyport.policy.SecondOpinion;
import io.sallyport.policy.SecondOpinion.Band;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Random policies with what every detector would say if it were asked. */
final class RandomCascades {
  private static final List<String> LABELS = List.of("dog", "beach", "zeppelin");

  final RandomCases random;

  RandomCascades(long seed) {
    random = new RandomCases(seed);
  }

  /** What second opinions a policy has. */
  enum Opinions {
    NONE,
    WITHOUT_BANDS,
    ANY
  }

  /**
   * A policy before a truth of which a cascade sees only a part.
   *
   * @param oracle per item, what each expected detector says when it is asked
   */
  record World(
      Policy policy,
      Stage stage,
      List<Signal> earlier,
      List<Map<String, List<Signal>>> oracle,
      Set<String> advisory,
      Map<String, Integer> cost) {

    Set<String> expected() {
      return new LinkedHashSet<>(RandomCases.DETECTORS);
    }

    /** Everybody is asked. */
    Evidence full() {
      List<List<Signal>> items = new ArrayList<>();
      oracle.forEach(item -> items.add(item.values().stream().flatMap(List::stream).toList()));
      return new Evidence(earlier, items, advisory);
    }

    Decision fullDecision() {
      return Decider.decide(policy, stage, expected(), full());
    }

    /** By cost, never joined: whatever the order, the outcome is to be the same. */
    private List<Set<String>> rounds() {
      Map<Integer, Set<String>> byCost = new TreeMap<>();
      for (String detector : expected()) {
        if (policy.secondOpinion(detector).isEmpty()) {
          byCost.computeIfAbsent(cost.get(detector), at -> new LinkedHashSet<>()).add(detector);
        }
      }
      List<Set<String>> rounds = new ArrayList<>(byCost.values());
      policy.secondOpinions().forEach(opinion -> rounds.add(Set.of(opinion.detector())));
      return rounds;
    }

    /** Asked in rounds, as the gates ask. */
    Evidence cascaded() {
      List<List<Signal>> items = new ArrayList<>();
      oracle.forEach(item -> items.add(new ArrayList<>()));
      List<Set<String>> rounds = rounds();
      for (int round = 0; round < rounds.size(); round++) {
        Evidence known = new Evidence(earlier, items, advisory);
        List<Set<String>> needed = Cascade.needed(policy, stage, expected(), known);
        for (int item = 0; item < items.size(); item++) {
          for (String detector : rounds.get(round)) {
            if (round == 0 || needed.get(item).contains(detector)) {
              items.get(item).addAll(oracle.get(item).get(detector));
            }
          }
        }
      }
      return new Evidence(earlier, items, advisory);
    }

    Decision cascadedDecision() {
      return Decider.decide(policy, stage, expected(), cascaded());
    }

    World with(Policy other) {
      return new World(other, stage, earlier, oracle, advisory, cost);
    }

    /** The same with other words of the same detectors. */
    World saying(UnaryOperator<List<Signal>> change) {
      List<Map<String, List<Signal>>> changed = new ArrayList<>();
      for (Map<String, List<Signal>> item : oracle) {
        Map<String, List<Signal>> said = new LinkedHashMap<>();
        item.forEach((detector, signals) -> said.put(detector, change.apply(signals)));
        changed.add(said);
      }
      return new World(policy, stage, change.apply(earlier), changed, advisory, cost);
    }
  }

  World next(Opinions opinions) {
    Stage stage = random.stage();
    Policy plain = random.policy();
    Policy policy =
        new Policy(
            plain.name(),
            plain.digest(),
            plain.detectors(),
            plain.unavailable(),
            plain.shadow(),
            plain.rules(),
            opinions(opinions));
    List<Map<String, List<Signal>>> oracle = new ArrayList<>();
    for (int i = random.below(3); i >= 0; i--) {
      oracle.add(oracle(stage));
    }
    Map<String, Integer> cost = new HashMap<>();
    RandomCases.DETECTORS.forEach(detector -> cost.put(detector, random.below(3)));
    Set<String> advisory =
        random.chance(0.4) ? Set.of(random.one(RandomCases.DETECTORS)) : Set.of();
    return new World(policy, stage, earlier(stage), oracle, advisory, cost);
  }

  /** One step up, of those who answer: higher scores and shorter distances. */
  List<Signal> stronger(List<Signal> signals) {
    return signals.stream().map(this::stronger).toList();
  }

  private Signal stronger(Signal signal) {
    return switch (signal) {
      case Signal.Score(var detector, var stage, var label, var value) ->
          random.chance(0.5)
              ? signal
              : new Signal.Score(
                  detector, stage, label, Math.min(1, value + random.below(8) / 10.0));
      case Signal.Match(var detector, var stage, var bank, var distance) ->
          new Signal.Match(detector, stage, bank, Math.max(0, distance - random.below(4)));
      case Signal.Unavailable missing -> missing;
    };
  }

  private List<Signal> earlier(Stage stage) {
    List<Signal> earlier = new ArrayList<>();
    for (Stage before : Stage.values()) {
      if (before.compareTo(stage) < 0) {
        earlier.addAll(random.signals(before));
      }
    }
    return earlier;
  }

  Map<String, List<Signal>> oracle(Stage stage) {
    Map<String, List<Signal>> said = new LinkedHashMap<>();
    for (String detector : RandomCases.DETECTORS) {
      List<Signal> signals = new ArrayList<>();
      if (random.chance(0.2)) {
        signals.add(new Signal.Unavailable(detector, stage, random.one(List.of(Cause.values()))));
      } else {
        for (int i = random.below(3); i >= 0; i--) {
          signals.add(answer(detector, stage));
        }
      }
      said.put(detector, signals);
    }
    return said;
  }

  private Signal answer(String detector, Stage stage) {
    Signal signal = random.signal(detector, stage);
    return signal instanceof Signal.Unavailable
        ? new Signal.Score(detector, stage, random.one(LABELS), random.below(11) / 10.0)
        : signal;
  }

  private List<SecondOpinion> opinions(Opinions opinions) {
    List<SecondOpinion> some = new ArrayList<>();
    if (opinions != Opinions.NONE) {
      List<String> shuffled = random.shuffled(RandomCases.DETECTORS);
      for (int i = random.below(2); i >= 0; i--) {
        boolean banded = opinions == Opinions.ANY && random.chance(0.7);
        some.add(
            new SecondOpinion(shuffled.get(i), banded ? Optional.of(band()) : Optional.empty()));
      }
    }
    return some;
  }

  private Band band() {
    int low = random.below(10);
    int high = low + 1 + random.below(10 - low);
    return new Band(
        random.chance(0.2) ? Optional.of(random.stage()) : Optional.empty(),
        random.chance(0.6) ? Optional.of(random.one(RandomCases.DETECTORS)) : Optional.empty(),
        random.one(LABELS),
        low / 10.0,
        high / 10.0);
  }
}
