package io.sallyport.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.RandomCases.Case;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What holds for every policy and all evidence. A failure prints its seed; change SEED to it. */
class DeciderPropertyTest {
  private static final long SEED = 20261122;
  private static final int ROUNDS = 7000;
  private static final UnavailableRule IGNORE =
      new UnavailableRule(Verdict.ALLOW, Map.of(), Map.of());

  /** Runs a property on many cases; it says whether the case was one that could have failed it. */
  private static void forAll(int tellingAtLeast, Property property) {
    int telling = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      RandomCases random = new RandomCases(seed);
      try {
        telling += property.holds(random.next(), random) ? 1 : 0;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(telling).as("cases that could have failed").isGreaterThan(tellingAtLeast);
  }

  private interface Property {
    boolean holds(Case given, RandomCases random);
  }

  @Test
  void theOrderOfSignalsItemsRulesAndPartsNeverMatters() {
    forAll(
        1900,
        (given, random) -> {
          Decision decision = given.decide();
          List<List<Signal>> items =
              given.evidence().items().stream().map(random::shuffled).toList();
          Evidence shuffled = new Evidence(random.shuffled(given.evidence().earlier()), items);
          Policy policy = withRules(given.policy(), random.shuffled(given.policy().rules()));
          Set<String> expected =
              new LinkedHashSet<>(random.shuffled(List.copyOf(given.expected())));
          Decision other = new Case(policy, given.stage(), expected, shuffled).decide();
          assertThat(other.verdict()).isEqualTo(decision.verdict());
          assertThat(other.wouldBe()).isEqualTo(decision.wouldBe());
          assertThat(other.reasons()).isEqualTo(decision.reasons());
          return decision.reasons().size() > 1;
        });
  }

  @Test
  void strongerEvidenceIsNeverJudgedMoreMildly() {
    int[] stricter = new int[1];
    forAll(
        2000,
        (given, random) -> {
          Decision before = given.decide();
          Decision after = given.with(stronger(given, random)).decide();
          assertThat(after.verdict()).isGreaterThanOrEqualTo(before.verdict());
          assertThat(after.wouldBe()).isGreaterThanOrEqualTo(before.wouldBe());
          assertThat(after.categories()).containsAll(before.categories());
          // A silence that counted may be excused once nothing hangs on it any more.
          if (after.notAsked().isEmpty()) {
            assertThat(after.reasons()).containsAll(before.reasons());
          }
          stricter[0] += after.verdict().compareTo(before.verdict()) > 0 ? 1 : 0;
          return !before.reasons().isEmpty();
        });
    assertThat(stricter[0]).as("cases that became stricter").isGreaterThan(200);
  }

  @Test
  void aMissingDetectorIsTheSameAsOneThatSaysItIsMissing() {
    forAll(
        1000,
        (given, random) -> {
          if (given.expected().isEmpty() || given.evidence().items().isEmpty()) {
            return false;
          }
          String silent = random.one(List.copyOf(given.expected()));
          Predicate<Signal> others = signal -> !signal.detector().equals(silent);
          Signal missing = new Signal.Unavailable(silent, given.stage(), Cause.MISSING);
          Decision left = given.with(edit(given.evidence(), others, List.of())).decide();
          Decision spelled = given.with(edit(given.evidence(), others, List.of(missing))).decide();
          // A silence on which nothing hangs is none; it would have changed no verdict.
          if (left.notAsked().isEmpty() && spelled.notAsked().isEmpty()) {
            assertThat(left.reasons()).isEqualTo(spelled.reasons());
          }
          assertThat(left.verdict()).isEqualTo(spelled.verdict());
          assertThat(left.wouldBe()).isEqualTo(spelled.wouldBe());
          return left.wouldBe() != Verdict.ALLOW;
        });
  }

  @Test
  void aMissingAnswerIsNeverMilderThanThePolicySays() {
    forAll(
        1500,
        (given, random) -> {
          String detector = random.one(RandomCases.DETECTORS);
          Cause cause = random.one(List.of(Cause.values()));
          Signal missing = new Signal.Unavailable(detector, given.stage(), cause);
          Evidence blind = edit(given.evidence(), signal -> true, List.of(missing));
          if (blind.items().isEmpty()) {
            return false;
          }
          Verdict asked = given.policy().unavailable().verdict(detector, cause);
          Decision decision = given.with(blind).decide();
          assertThat(decision.wouldBe()).isGreaterThanOrEqualTo(asked);
          if (!given.policy().shadow()) {
            assertThat(decision.verdict()).isGreaterThanOrEqualTo(asked);
          }
          return asked != Verdict.ALLOW;
        });
  }

  @Test
  void aFailedCheckBlocksWhereThePolicyDoesNotSayOtherwise() {
    forAll(
        1500,
        (given, random) -> {
          Policy strict = with(given.policy(), UnavailableRule.BLOCK, false);
          Signal failed =
              new Signal.Unavailable(
                  random.one(RandomCases.DETECTORS),
                  given.stage(),
                  random.one(List.of(Cause.values())));
          Predicate<Signal> others = signal -> !signal.detector().equals(failed.detector());
          Evidence blind = edit(given.evidence(), others, List.of(failed));
          Decision decision = given.with(strict).with(blind).decide();
          if (blind.items().isEmpty()) {
            return false;
          }
          assertThat(decision.blocked()).isTrue();
          return given.decide().verdict() != Verdict.BLOCK;
        });
  }

  @Test
  void floorsHoldInAPolicyThatIsInShadow() {
    forAll(
        150,
        (given, random) -> {
          Policy shadowed = with(given.policy(), given.policy().unavailable(), true);
          List<Rule> floors = given.policy().rules().stream().filter(Rule::floor).toList();
          Policy floorsOnly =
              withRules(with(given.policy(), given.policy().unavailable(), false), floors);
          Decision enforced = given.with(floorsOnly).decide();
          Decision decision = given.with(shadowed).decide();
          for (Reason reason : enforced.reasons()) {
            if (reason instanceof Reason.Violation) {
              assertThat(decision.verdict()).isGreaterThanOrEqualTo(reason.verdict());
              assertThat(decision.reasons()).contains(reason);
            }
          }
          return enforced.reasons().stream().anyMatch(Reason.Violation.class::isInstance);
        });
  }

  @Test
  void aFloorThatCannotSeeClosesInAPolicyThatIsInShadow() {
    forAll(
        300,
        (given, random) -> {
          Policy shadowed = with(given.policy(), UnavailableRule.BLOCK, true);
          Evidence blind =
              edit(
                  given.evidence(),
                  signal -> true,
                  List.of(new Signal.Unavailable("a", given.stage(), Cause.CRASH)));
          boolean floorLooks =
              shadowed.rules().stream()
                  .anyMatch(
                      rule ->
                          rule.floor()
                              && (rule.stages().contains(given.stage())
                                  || rule.when()
                                      .toString()
                                      .contains("stage=Optional[" + given.stage() + "]")));
          if (!floorLooks || blind.items().isEmpty()) {
            return false;
          }
          assertThat(given.with(shadowed).with(blind).decide().blocked()).isTrue();
          return true;
        });
  }

  @Test
  void aPolicyInShadowWithoutFloorsEnforcesNothingAndRecordsAll() {
    forAll(
        1000,
        (given, random) -> {
          Policy open =
              withRules(
                  with(given.policy(), given.policy().unavailable(), false),
                  given.policy().rules().stream().filter(rule -> !rule.floor()).toList());
          Decision enforced = given.with(open).decide();
          Decision shadowed = given.with(with(open, open.unavailable(), true)).decide();
          assertThat(shadowed.verdict()).isEqualTo(Verdict.ALLOW);
          assertThat(shadowed.wouldBe()).isEqualTo(enforced.wouldBe());
          return enforced.verdict() != Verdict.ALLOW;
        });
  }

  @Test
  void aRuleInShadowChangesWhatWouldBeAndNeverWhatIs() {
    forAll(
        150,
        (given, random) -> {
          // Missing answers do not count here: they would often be stricter than any rule.
          Policy policy = with(given.policy(), IGNORE, given.policy().shadow());
          List<Rule> lit = policy.rules().stream().filter(rule -> !rule.shadow()).toList();
          Decision with = given.with(policy).decide();
          Decision without = given.with(withRules(policy, lit)).decide();
          assertThat(with.verdict()).isEqualTo(without.verdict());
          assertThat(with.wouldBe()).isGreaterThanOrEqualTo(without.wouldBe());
          return with.wouldBe() != without.wouldBe();
        });
  }

  @Test
  void whatWouldBeIsNeverMilderThanWhatIs() {
    forAll(
        500,
        (given, random) -> {
          Decision decision = given.decide();
          assertThat(decision.wouldBe()).isGreaterThanOrEqualTo(decision.verdict());
          return decision.wouldBe() != decision.verdict();
        });
  }

  @Test
  void equalInputGivesAnEqualDecision() {
    forAll(
        2000,
        (given, random) -> {
          Case same =
              new RandomCases.Case(given.policy(), given.stage(), given.expected(), copy(given));
          assertThat(same.decide()).isEqualTo(given.decide()).hasSameHashCodeAs(given.decide());
          return !given.decide().reasons().isEmpty();
        });
  }

  @Test
  void theReasonsExplainTheVerdict() {
    forAll(
        2000,
        (given, random) -> {
          Decision decision = given.decide();
          Verdict strictest = Verdict.ALLOW;
          for (Reason reason : decision.reasons()) {
            strictest = reason.shadow() ? strictest : strictest.or(reason.verdict());
          }
          assertThat(decision.verdict()).isEqualTo(strictest);
          assertThat(decision.reasons()).doesNotHaveDuplicates();
          return decision.verdict() != Verdict.ALLOW;
        });
  }

  /** A copy whose lists are other objects. */
  private static Evidence copy(Case given) {
    return new Evidence(
        new ArrayList<>(given.evidence().earlier()),
        given.evidence().items().stream().map(ArrayList::new).<List<Signal>>map(x -> x).toList());
  }

  /** One step up: a higher score, a shorter distance, one more signal, one more item. */
  private static Evidence stronger(Case given, RandomCases random) {
    List<Signal> earlier = new ArrayList<>(given.evidence().earlier());
    List<List<Signal>> items = new ArrayList<>();
    given.evidence().items().forEach(item -> items.add(new ArrayList<>(item)));
    switch (random.below(4)) {
      case 0 -> items.add(random.signals(given.stage()));
      case 1 -> earlier.add(random.signal("a", random.stage()));
      case 2 -> {
        // From one who answers already: an answer of a missing detector is not more evidence.
        List<Signal> item = items.isEmpty() ? earlier : random.one(items);
        if (!item.isEmpty()) {
          item.add(random.signal(random.one(item).detector(), given.stage()));
        }
      }
      default -> {
        List<Signal> signals = items.isEmpty() ? earlier : random.one(items);
        signals.replaceAll(signal -> stronger(signal, random));
      }
    }
    return new Evidence(earlier, items);
  }

  private static Signal stronger(Signal signal, RandomCases random) {
    return switch (signal) {
      case Signal.Score score ->
          new Signal.Score(
              score.detector(),
              score.stage(),
              score.label(),
              Math.min(1, score.value() + random.below(6) / 10.0));
      case Signal.Match match ->
          new Signal.Match(
              match.detector(),
              match.stage(),
              match.bank(),
              Math.max(0, match.distance() - random.below(4)));
      case Signal.Unavailable missing -> missing;
    };
  }

  /** Every item without what the filter drops, and with what is added. */
  private static Evidence edit(Evidence evidence, Predicate<Signal> kept, List<Signal> added) {
    List<List<Signal>> items = new ArrayList<>();
    for (List<Signal> item : evidence.items()) {
      List<Signal> edited = new ArrayList<>(item.stream().filter(kept).toList());
      edited.addAll(added);
      items.add(edited);
    }
    return new Evidence(evidence.earlier(), items);
  }

  private static Policy with(Policy policy, UnavailableRule unavailable, boolean shadow) {
    return new Policy(
        policy.name(), policy.digest(), policy.detectors(), unavailable, shadow, policy.rules());
  }

  private static Policy withRules(Policy policy, List<Rule> rules) {
    return new Policy(
        policy.name(),
        policy.digest(),
        policy.detectors(),
        policy.unavailable(),
        policy.shadow(),
        rules);
  }
}
