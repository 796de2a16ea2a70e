package io.sallyport.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.NotAsked.Why;
import io.sallyport.decide.RandomCascades.Opinions;
import io.sallyport.decide.RandomCascades.World;
import io.sallyport.policy.Policy;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What holds for every cascade. A failure prints its seed; change SEED to it. */
class CascadePropertyTest {
  private static final long SEED = 20261122;
  private static final int ROUNDS = 4000;

  private interface Property {
    /** True when the case was one that could have failed. */
    boolean holds(World given, RandomCascades random);
  }

  private static void forAll(Opinions opinions, int tellingAtLeast, Property property) {
    int telling = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      RandomCascades random = new RandomCascades(seed);
      try {
        telling += property.holds(random.next(opinions), random) ? 1 : 0;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(telling).as("cases that could have failed").isGreaterThan(tellingAtLeast);
  }

  /** All of a decision that anybody outside of it can tell. */
  private static List<Object> outcome(Decision decision) {
    return List.of(
        decision.verdict(),
        decision.wouldBe(),
        decision.blockedUnavailable(),
        decision.disclosure(),
        decision.blockedCategories(),
        decision.categories());
  }

  @Test
  void withoutSecondOpinionsTheOutcomeIsThatOfAskingEverybody() {
    forAll(
        Opinions.NONE,
        400,
        (given, random) -> {
          Decision cascaded = given.cascadedDecision();
          assertThat(outcome(cascaded)).isEqualTo(outcome(given.fullDecision()));
          return !cascaded.notAsked().isEmpty();
        });
  }

  @Test
  void aLaterStageDecidesAsIfEverybodyHadBeenAsked() {
    forAll(
        Opinions.NONE,
        100,
        (given, random) -> {
          if (given.stage() == Stage.OUTPUT_IMAGE) {
            return false;
          }
          List<Map<String, List<Signal>>> later = List.of(random.oracle(Stage.OUTPUT_IMAGE));
          Decision afterAll = later(given, given.full(), later);
          Decision afterSome = later(given, given.cascaded(), later);
          assertThat(outcome(afterSome)).isEqualTo(outcome(afterAll));
          return !given.cascadedDecision().notAsked().isEmpty();
        });
  }

  private static Decision later(
      World given, Evidence before, List<Map<String, List<Signal>>> oracle) {
    List<Signal> earlier = new ArrayList<>(before.earlier());
    earlier.addAll(before.own());
    return new World(
            given.policy(), Stage.OUTPUT_IMAGE, earlier, oracle, given.advisory(), given.cost())
        .fullDecision();
  }

  @Test
  void secondOpinionsWithoutBandsChangeNoVerdictUnlessTheyFailWhereNobodyListens() {
    forAll(
        Opinions.WITHOUT_BANDS,
        400,
        (given, random) -> {
          Decision cascaded = given.cascadedDecision();
          Decision full = given.fullDecision();
          boolean deafToFailure =
              cascaded.notAsked().stream()
                  .filter(it -> it.why() == Why.CLOSED)
                  .flatMap(it -> given.oracle().get(it.item()).get(it.detector()).stream())
                  .anyMatch(Signal.Unavailable.class::isInstance);
          assertThat(cascaded.verdict()).isLessThanOrEqualTo(full.verdict());
          if (!deafToFailure) {
            assertThat(cascaded.verdict()).isEqualTo(full.verdict());
            assertThat(cascaded.wouldBe()).isEqualTo(full.wouldBe());
            assertThat(cascaded.blockedUnavailable()).isEqualTo(full.blockedUnavailable());
          }
          return !deafToFailure
              && cascaded.notAsked().stream()
                  .anyMatch(it -> given.policy().secondOpinion(it.detector()).isPresent());
        });
  }

  @Test
  void strongerEvidenceIsNeverJudgedMoreMildlyThroughACascade() {
    int[] fewer = new int[1];
    forAll(
        Opinions.ANY,
        1500,
        (given, random) -> {
          Decision before = given.cascadedDecision();
          Decision after = given.saying(random::stronger).cascadedDecision();
          assertThat(after.verdict()).isGreaterThanOrEqualTo(before.verdict());
          assertThat(after.wouldBe()).isGreaterThanOrEqualTo(before.wouldBe());
          fewer[0] += after.notAsked().size() > before.notAsked().size() ? 1 : 0;
          return !before.notAsked().isEmpty() && before.wouldBe() != Verdict.ALLOW;
        });
    assertThat(fewer[0]).as("cases in which fewer were asked").isGreaterThan(50);
  }

  @Test
  void whoeverWasNotAskedIsExcusedAndTheDecisionReplays() {
    forAll(
        Opinions.ANY,
        1500,
        (given, random) -> {
          Evidence seen = given.cascaded();
          Decision decision = given.cascadedDecision();
          Set<NotAsked> silent = new TreeSet<>(java.util.Comparator.comparing(NotAsked::toString));
          for (int item = 0; item < seen.items().size(); item++) {
            for (String detector : given.expected()) {
              List<Signal> own = seen.items().get(item);
              if (own.stream().noneMatch(it -> it.detector().equals(detector))) {
                int at = item;
                assertThat(decision.notAsked())
                    .anyMatch(it -> it.item() == at && it.detector().equals(detector));
                silent.addAll(decision.notAsked());
              }
            }
          }
          assertThat(decision.notAsked()).hasSize(silent.size());
          Evidence copy =
              new Evidence(
                  new ArrayList<>(seen.earlier()),
                  seen.items().stream().<List<Signal>>map(ArrayList::new).toList(),
                  new TreeSet<>(seen.advisory()));
          assertThat(Decider.decide(given.policy(), given.stage(), given.expected(), copy))
              .isEqualTo(decision);
          return !silent.isEmpty();
        });
  }

  @Test
  void aSilenceThatNothingExcusesIsAMissingAnswer() {
    forAll(
        Opinions.ANY,
        1500,
        (given, random) -> {
          Policy strict =
              new Policy(
                  "p",
                  "0",
                  given.policy().detectors(),
                  UnavailableRule.BLOCK,
                  false,
                  given.policy().rules(),
                  given.policy().secondOpinions());
          Evidence half = given.with(strict).cascaded();
          String lost = random.random.one(RandomCases.DETECTORS);
          List<List<Signal>> items = new ArrayList<>();
          half.items()
              .forEach(
                  item ->
                      items.add(item.stream().filter(it -> !it.detector().equals(lost)).toList()));
          Evidence without = new Evidence(half.earlier(), items, Set.of());
          Decision decision = Decider.decide(strict, given.stage(), given.expected(), without);
          long excused =
              decision.notAsked().stream().filter(it -> it.detector().equals(lost)).count();
          if (excused < items.size()) {
            assertThat(decision.verdict()).isEqualTo(Verdict.BLOCK);
            return true;
          }
          return false;
        });
  }

  @Test
  void noBlockHangsOnAnAdvisoryDetector() {
    int[] capped = new int[1];
    forAll(
        Opinions.NONE,
        300,
        (given, random) -> {
          Decision decision = given.fullDecision();
          Set<String> others = new TreeSet<>(given.expected());
          others.removeAll(given.advisory());
          Evidence all = given.full();
          List<List<Signal>> items = new ArrayList<>();
          all.items().forEach(it -> items.add(Conditions.without(given.advisory(), it)));
          Evidence firm = new Evidence(Conditions.without(given.advisory(), all.earlier()), items);
          Decision without = Decider.decide(given.policy(), given.stage(), others, firm);
          assertThat(decision.blocked()).isEqualTo(without.blocked());
          assertThat(decision.wouldBe() == Verdict.BLOCK)
              .isEqualTo(without.wouldBe() == Verdict.BLOCK);
          Decision trusted =
              Decider.decide(
                  given.policy(),
                  given.stage(),
                  given.expected(),
                  new Evidence(all.earlier(), all.items()));
          assertThat(decision.verdict().or(Verdict.FLAG))
              .isLessThanOrEqualTo(trusted.verdict().or(Verdict.FLAG));
          assertThat(decision.verdict() == Verdict.ALLOW)
              .isEqualTo(trusted.verdict() == Verdict.ALLOW);
          capped[0] += decision.blocked() != trusted.blocked() ? 1 : 0;
          return !given.advisory().isEmpty() && decision.blocked();
        });
    assertThat(capped[0]).as("cases that were capped").isGreaterThan(100);
  }
}
