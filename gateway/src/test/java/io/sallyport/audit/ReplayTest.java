package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.policy.Condition;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.SecondOpinion;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** I9: a recorded decision can be run again from what the log holds. */
class ReplayTest {
  private static final List<String> DETECTORS = List.of("lexicon", "concepts", "colours");
  private static final List<String> LABELS = List.of("dog", "beach", "magenta");

  @TempDir Path dataDir;

  private static Policy policy(String digest, double atLeast) {
    Condition dog = new Condition.ScoreAtLeast(Optional.empty(), Optional.empty(), "dog", atLeast);
    Condition beachBefore =
        new Condition.ScoreAtLeast(Optional.of(Stage.PROMPT), Optional.empty(), "beach", 0.4);
    return new Policy(
        "demo",
        digest,
        Set.copyOf(DETECTORS),
        new UnavailableRule(
            Verdict.BLOCK, Map.of("concepts", Verdict.FLAG, "lexicon", Verdict.ALLOW), Map.of()),
        false,
        List.of(
            rule("dogs", dog, Verdict.FLAG),
            rule("dogs-on-beaches", new Condition.All(List.of(dog, beachBefore)), Verdict.BLOCK),
            rule(
                "posters",
                new Condition.MatchWithin(Optional.empty(), "posters", 8),
                Verdict.BLOCK)),
        List.of(
            new SecondOpinion(
                "colours",
                Optional.of(
                    new SecondOpinion.Band(
                        Optional.empty(), Optional.of("concepts"), "dog", 0.3, 1)))));
  }

  private static Rule rule(String id, Condition when, Verdict verdict) {
    return new Rule(
        id,
        Set.of(Stage.PROMPT, Stage.OUTPUT_IMAGE),
        Category.STAND_IN,
        when,
        verdict,
        false,
        false,
        Disclosure.GENERIC);
  }

  private static AuditEvent.Decided decided(SplittableRandom random, Policy policy) {
    Stage stage = random.nextBoolean() ? Stage.PROMPT : Stage.OUTPUT_IMAGE;
    List<Signal> earlier = stage == Stage.PROMPT ? List.of() : signals(random, Stage.PROMPT);
    List<List<Signal>> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(signals(random, stage));
    }
    Map<String, String> expected = new LinkedHashMap<>();
    DETECTORS.stream()
        .filter(name -> random.nextInt(4) > 0)
        .forEach(name -> expected.put(name, Events.DIGEST));
    Decision decision =
        Decider.decide(
            policy,
            stage,
            expected.keySet(),
            new Evidence(earlier, items, random.nextInt(4) == 0 ? Set.of("concepts") : Set.of()));
    return new AuditEvent.Decided(
        Events.TIME,
        Events.request("r", "studio"),
        decision,
        expected,
        new Coverage(1, 1, items.size(), items.size(), 0),
        Map.of(),
        List.of(),
        List.of(),
        false);
  }

  private static List<Signal> signals(SplittableRandom random, Stage stage) {
    List<Signal> signals = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String detector = DETECTORS.get(random.nextInt(DETECTORS.size()));
      signals.add(
          switch (random.nextInt(4)) {
            case 0 -> new Signal.Match(detector, stage, "posters", random.nextInt(32));
            case 1 ->
                new Signal.Unavailable(
                    detector, stage, Cause.values()[random.nextInt(Cause.values().length)]);
            default ->
                new Signal.Score(
                    detector, stage, LABELS.get(random.nextInt(3)), random.nextDouble());
          });
    }
    return signals;
  }

  @Test
  void every_recorded_decision_replays_to_an_equal_one_and_another_policy_to_its_own() {
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    Policy policy = policy("a0".repeat(32), 0.6);
    try (AuditLog log = Logs.open(dataDir)) {
      for (int i = 0; i < 500; i++) {
        Receipt unused = Logs.await(log.append(decided(random, policy)));
      }
    }
    List<Replay> same = replayed(policy);
    assertThat(same).hasSize(500).as("seed %s", seed).allMatch(Replay::identical);
    assertThat(same).allMatch(Replay::samePolicy).noneMatch(Replay::verdictChanged);
    assertThat(same.stream().map(replay -> replay.recorded().verdict()).distinct())
        .containsExactlyInAnyOrder(Verdict.values());
    assertThat(same)
        .as("some were not asked, some only advised")
        .anyMatch(replay -> !replay.recorded().notAsked().isEmpty())
        .anyMatch(replay -> !replay.recorded().evidence().advisory().isEmpty());

    List<Replay> stricter = replayed(policy("b1".repeat(32), 0.1));
    assertThat(stricter).noneMatch(Replay::samePolicy).noneMatch(Replay::identical);
    assertThat(stricter).anyMatch(Replay::verdictChanged);
    assertThat(stricter).allMatch(r -> r.now().verdict().compareTo(r.recorded().verdict()) >= 0);
  }

  private List<Replay> replayed(Policy policy) {
    List<Replay> replays = new ArrayList<>();
    new AuditSearch(dataDir)
        .export(List.of(), row -> replays.add(Replay.of((AuditEvent.Decided) row.event(), policy)));
    return replays;
  }
}
