package io.sallyport.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.RandomCascades.Opinions;
import io.sallyport.decide.RandomCascades.World;
import io.sallyport.policy.CanonicalForm;
import io.sallyport.policy.Condition;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.policy.Rule;
import io.sallyport.policy.SecondOpinion;
import io.sallyport.policy.SecondOpinion.Band;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loader's promise about bands, on generated policies that it takes and refuses. */
class LoadedBandsPropertyTest {
  private static final long SEED = 20261122;
  private static final int ROUNDS = 1500;

  @TempDir Path dir;

  @Test
  void aboveABandThatTheLoaderTakesTheSecondOpinionIsNeverAsked() throws Exception {
    int above = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      RandomCascades random = new RandomCascades(seed);
      World given = withSureRules(random.next(Opinions.ANY), random);
      List<String> problems = new ArrayList<>();
      Optional<Policy> policy = load(given, problems);
      refused += problems.stream().anyMatch(it -> it.contains("milder")) ? 1 : 0;
      for (SecondOpinion opinion : policy.map(Policy::secondOpinions).orElse(List.of())) {
        if (opinion.when().isPresent()) {
          World loud = given.with(policy.orElseThrow()).saying(it -> louder(it, opinion));
          above += neverAsked(loud, opinion, seed);
        }
      }
    }
    assertThat(above).as("silences above a band").isGreaterThan(80);
    assertThat(refused).as("policies refused as milder").isGreaterThan(200);
  }

  /** Rules that look at what has not happened go; some that a band may need come. */
  private static World withSureRules(World given, RandomCascades random) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : given.policy().rules()) {
      Stage first = rule.stages().stream().min(Comparator.naturalOrder()).orElseThrow();
      if (Stream.of(Stage.values())
          .noneMatch(it -> it.compareTo(first) > 0 && rule.when().mentions(it))) {
        rules.add(rule);
      }
    }
    for (SecondOpinion opinion : given.policy().secondOpinions()) {
      if (opinion.when().isPresent() && random.random.chance(0.6)) {
        rules.add(sure(opinion.when().get(), "sure-" + opinion.detector(), random));
      }
    }
    Policy policy = given.policy();
    return given.with(
        new Policy(
            policy.name(),
            "",
            policy.detectors(),
            policy.unavailable(),
            policy.shadow(),
            rules,
            policy.secondOpinions()));
  }

  private static Rule sure(Band band, String id, RandomCascades random) {
    return new Rule(
        id,
        Set.of(Stage.values()),
        Category.STAND_IN,
        new Condition.ScoreAtLeast(band.stage(), band.detector(), band.label(), band.high()),
        random.random.chance(0.8) ? Verdict.BLOCK : Verdict.FLAG,
        random.random.chance(0.6),
        false,
        Disclosure.GENERIC);
  }

  /** How many items have a first score above the band. */
  private static int neverAsked(World given, SecondOpinion opinion, long seed) {
    Band band = opinion.when().orElseThrow();
    Stage where = band.stage().orElse(given.stage());
    Evidence seen = given.cascaded();
    int above = 0;
    for (List<Signal> item : seen.items()) {
      List<Signal> known = new ArrayList<>(seen.earlier());
      known.addAll(item);
      boolean failed =
          known.stream().anyMatch(it -> it instanceof Signal.Unavailable && it.stage() == where);
      boolean loud =
          known.stream()
              .anyMatch(
                  it ->
                      it instanceof Signal.Score score
                          && it.stage() == where
                          && score.label().equals(band.label())
                          && score.value() > band.high()
                          && first(given.policy(), band, it.detector()));
      if (loud && !failed) {
        above++;
        assertThat(item)
            .as("seed %s", seed)
            .noneMatch(it -> it.detector().equals(opinion.detector()));
      }
    }
    return above;
  }

  private static boolean first(Policy policy, Band band, String detector) {
    return band.detector().map(detector::equals).orElse(policy.secondOpinion(detector).isEmpty());
  }

  /** Every score of the band's label at its strongest. */
  private static List<Signal> louder(List<Signal> signals, SecondOpinion opinion) {
    String label = opinion.when().orElseThrow().label();
    return signals.stream()
        .<Signal>map(
            it ->
                it instanceof Signal.Score score && score.label().equals(label)
                    ? new Signal.Score(score.detector(), score.stage(), label, 1)
                    : it)
        .toList();
  }

  private Optional<Policy> load(World given, List<String> problems) throws Exception {
    Files.writeString(dir.resolve("p.yaml"), CanonicalForm.of(given.policy()));
    Map<String, Labels> catalogue = new LinkedHashMap<>();
    Set<String> labels = Set.of("dog", "beach", "zeppelin", "stand-ins", "others");
    for (String detector : RandomCases.DETECTORS) {
      boolean advisory = given.advisory().contains(detector);
      catalogue.put(detector, new Labels(Set.of(Stage.values()), labels, advisory));
    }
    try {
      return PolicyLoader.load(dir, catalogue).get("p");
    } catch (InvalidFileException e) {
      e.problems().forEach(it -> problems.add(it.message()));
      return Optional.empty();
    }
  }
}
