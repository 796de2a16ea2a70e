package io.sallyport.decide;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeciderTest {
  private static final Condition ZEPPELIN = score("zeppelin", 0.5);
  private static final Condition DOG = score("dog", 0.5);
  private static final Condition BEACH = score("beach", 0.5);

  private static Condition score(String label, double atLeast) {
    return new Condition.ScoreAtLeast(Optional.empty(), Optional.empty(), label, atLeast);
  }

  private static Condition promptScore(String label, double atLeast) {
    return new Condition.ScoreAtLeast(Optional.of(Stage.PROMPT), Optional.empty(), label, atLeast);
  }

  private static Rule rule(String id, Stage stage, Condition when, Verdict verdict) {
    return new Rule(
        id, Set.of(stage), Category.STAND_IN, when, verdict, false, false, Disclosure.GENERIC);
  }

  private static Rule floor(Stage stage, Condition when) {
    return new Rule(
        "floor", Set.of(stage), Category.HATE, when, Verdict.BLOCK, true, false, Disclosure.NONE);
  }

  private static Policy policy(boolean shadow, Rule... rules) {
    return new Policy("p", "0", Set.of("d"), UnavailableRule.BLOCK, shadow, List.of(rules));
  }

  private static Policy policy(UnavailableRule unavailable) {
    return new Policy("p", "0", Set.of("d"), unavailable, false, List.of());
  }

  private static Signal said(Stage stage, String label, double value) {
    return new Signal.Score("d", stage, label, value);
  }

  private static Decision prompt(Policy policy, Signal... signals) {
    Evidence evidence = new Evidence(List.of(), List.of(List.of(signals)));
    return Decider.decide(policy, Stage.PROMPT, Set.of("d"), evidence);
  }

  private static Decision output(Policy policy, List<Signal> earlier, Signal... signals) {
    Evidence evidence = new Evidence(earlier, List.of(List.of(signals)));
    return Decider.decide(policy, Stage.OUTPUT_IMAGE, Set.of("d"), evidence);
  }

  @ParameterizedTest
  @CsvSource({"0.4999, ALLOW", "0.5, BLOCK", "1, BLOCK", "0, ALLOW"})
  void aScoreCountsFromItsThresholdOn(double value, Verdict verdict) {
    Policy policy = policy(false, rule("z", Stage.PROMPT, ZEPPELIN, Verdict.BLOCK));
    assertThat(prompt(policy, said(Stage.PROMPT, "zeppelin", value)).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"0, BLOCK", "31, BLOCK", "32, ALLOW"})
  void aMatchCountsUpToItsDistance(int distance, Verdict verdict) {
    Condition within = new Condition.MatchWithin(Optional.empty(), "stand-ins", 31);
    Policy policy = policy(false, rule("m", Stage.PROMPT, within, Verdict.BLOCK));
    Signal match = new Signal.Match("d", Stage.PROMPT, "stand-ins", distance);
    assertThat(prompt(policy, match).verdict()).isEqualTo(verdict);
    Signal other = new Signal.Match("d", Stage.PROMPT, "others", distance);
    assertThat(prompt(policy, other).verdict()).isEqualTo(Verdict.ALLOW);
  }

  @ParameterizedTest
  @CsvSource({
    "0.4, 0.4, ALLOW, ALLOW",
    "0.5, 0.4, ALLOW, BLOCK",
    "0.4, 0.5, ALLOW, BLOCK",
    "0.5, 0.5, BLOCK, BLOCK",
  })
  void allNeedsEveryPartAndAnyNeedsOne(double dog, double beach, Verdict all, Verdict any) {
    Signal[] said = {said(Stage.PROMPT, "dog", dog), said(Stage.PROMPT, "beach", beach)};
    Condition both = new Condition.All(List.of(DOG, BEACH));
    Condition either = new Condition.Any(List.of(DOG, BEACH));
    assertThat(prompt(policy(false, rule("r", Stage.PROMPT, both, Verdict.BLOCK)), said).verdict())
        .isEqualTo(all);
    assertThat(
            prompt(policy(false, rule("r", Stage.PROMPT, either, Verdict.BLOCK)), said).verdict())
        .isEqualTo(any);
  }

  @Test
  void aConditionMayAskForOneDetector() {
    Condition fromOther =
        new Condition.ScoreAtLeast(Optional.empty(), Optional.of("other"), "zeppelin", 0.5);
    Policy policy = policy(false, rule("z", Stage.PROMPT, fromOther, Verdict.BLOCK));
    assertThat(prompt(policy, said(Stage.PROMPT, "zeppelin", 1)).verdict())
        .isEqualTo(Verdict.ALLOW);
    Signal others = new Signal.Score("other", Stage.PROMPT, "zeppelin", 1);
    assertThat(prompt(policy, said(Stage.PROMPT, "dog", 0), others).verdict())
        .isEqualTo(Verdict.BLOCK);
  }

  @Test
  void aRuleIsAskedAtItsOwnStagesOnly() {
    Policy policy = policy(false, rule("z", Stage.OUTPUT_IMAGE, ZEPPELIN, Verdict.BLOCK));
    assertThat(prompt(policy, said(Stage.PROMPT, "zeppelin", 1)).reasons()).isEmpty();
  }

  @Test
  void aLaterStageSeesWhatAnEarlierOneSaidOnlyWhenAskedTo() {
    List<Signal> earlier = List.of(said(Stage.PROMPT, "dog", 0.6));
    Signal own = said(Stage.OUTPUT_IMAGE, "beach", 0.6);
    Condition across = new Condition.All(List.of(promptScore("dog", 0.5), BEACH));
    assertThat(
            output(
                    policy(false, rule("r", Stage.OUTPUT_IMAGE, across, Verdict.BLOCK)),
                    earlier,
                    own)
                .verdict())
        .isEqualTo(Verdict.BLOCK);
    Condition here = new Condition.All(List.of(DOG, BEACH));
    assertThat(
            output(policy(false, rule("r", Stage.OUTPUT_IMAGE, here, Verdict.BLOCK)), earlier, own)
                .verdict())
        .isEqualTo(Verdict.ALLOW);
  }

  @Test
  void aReplyWithoutImagesIsJudgedByWhatWasSaidBefore() {
    Condition dog = promptScore("dog", 0.5);
    Policy policy = policy(false, rule("r", Stage.OUTPUT_IMAGE, dog, Verdict.FLAG));
    Evidence none = new Evidence(List.of(said(Stage.PROMPT, "dog", 1)), List.of());
    Decision decision = Decider.decide(policy, Stage.OUTPUT_IMAGE, Set.of("d"), none);
    assertThat(decision.verdict()).isEqualTo(Verdict.FLAG);
    assertThat(decision.reasons()).hasSize(1);
  }

  @Test
  void twoImagesDoNotAddUpToOne() {
    Condition both = new Condition.All(List.of(DOG, BEACH));
    Policy policy = policy(false, rule("r", Stage.OUTPUT_IMAGE, both, Verdict.BLOCK));
    List<Signal> dog = List.of(said(Stage.OUTPUT_IMAGE, "dog", 1));
    List<Signal> beach = List.of(said(Stage.OUTPUT_IMAGE, "beach", 1));
    Evidence evidence = new Evidence(List.of(), List.of(dog, beach));
    assertThat(Decider.decide(policy, Stage.OUTPUT_IMAGE, Set.of("d"), evidence).verdict())
        .isEqualTo(Verdict.ALLOW);
  }

  @Test
  void reasonsNameTheirItemAndTheStrictestComesFirst() {
    Policy policy =
        policy(
            false,
            rule("dog", Stage.OUTPUT_IMAGE, DOG, Verdict.FLAG),
            rule("beach", Stage.OUTPUT_IMAGE, BEACH, Verdict.BLOCK));
    List<Signal> dog = List.of(said(Stage.OUTPUT_IMAGE, "dog", 1));
    List<Signal> beach = List.of(said(Stage.OUTPUT_IMAGE, "beach", 1));
    List<Signal> none = List.of(new Signal.Unavailable("d", Stage.OUTPUT_IMAGE, Cause.CRASH));
    Evidence evidence = new Evidence(List.of(), List.of(dog, beach, none));
    Decision decision = Decider.decide(policy, Stage.OUTPUT_IMAGE, Set.of("d"), evidence);
    assertThat(decision.reasons())
        .containsExactly(
            new Reason.Violation(
                1, "beach", Category.STAND_IN, Verdict.BLOCK, false, Disclosure.GENERIC),
            new Reason.Unavailable(2, "d", Cause.CRASH, Verdict.BLOCK, false),
            new Reason.Violation(
                0, "dog", Category.STAND_IN, Verdict.FLAG, false, Disclosure.GENERIC));
  }

  @Test
  void anExpectedDetectorWithoutASignalIsMissing() {
    Decision decision = prompt(policy(UnavailableRule.BLOCK));
    assertThat(decision.reasons())
        .containsExactly(new Reason.Unavailable(0, "d", Cause.MISSING, Verdict.BLOCK, false));
    assertThat(decision.blockedUnavailable()).isTrue();
  }

  @Test
  void aSignalOfAnotherStageIsNoAnswer() {
    Decision decision = prompt(policy(UnavailableRule.BLOCK), said(Stage.OUTPUT_IMAGE, "dog", 0));
    assertThat(decision.blockedUnavailable()).isTrue();
  }

  @Test
  void anAnswerAtAnEarlierStageIsNoAnswerHere() {
    List<Signal> earlier = List.of(said(Stage.PROMPT, "dog", 0));
    assertThat(output(policy(UnavailableRule.BLOCK), earlier).blockedUnavailable()).isTrue();
  }

  @Test
  void anAnswerThatWasMissingEarlierWasDecidedThen() {
    List<Signal> earlier = List.of(new Signal.Unavailable("d", Stage.PROMPT, Cause.TIMEOUT));
    Decision decision =
        output(policy(UnavailableRule.BLOCK), earlier, said(Stage.OUTPUT_IMAGE, "dog", 0));
    assertThat(decision.reasons()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "d, TIMEOUT, FLAG",
    "d, CRASH, ALLOW",
    "e, TIMEOUT, BLOCK",
    "f, TIMEOUT, BLOCK",
  })
  void theClosestEntryAboutAMissingAnswerCounts(String detector, Cause cause, Verdict verdict) {
    UnavailableRule rule =
        new UnavailableRule(
            Verdict.BLOCK,
            Map.of("d", Verdict.ALLOW),
            Map.of("d", Map.of(Cause.TIMEOUT, Verdict.FLAG), "f", Map.of()));
    Signal missing = new Signal.Unavailable(detector, Stage.PROMPT, cause);
    Decision decision = prompt(policy(rule), said(Stage.PROMPT, "dog", 0), missing);
    assertThat(decision.verdict()).isEqualTo(verdict);
  }

  @Test
  void anAnswerDoesNotHideThatTheSameDetectorFailed() {
    Signal failed = new Signal.Unavailable("d", Stage.PROMPT, Cause.TOO_LARGE);
    Decision decision = prompt(policy(UnavailableRule.BLOCK), said(Stage.PROMPT, "dog", 0), failed);
    assertThat(decision.blockedUnavailable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"d, CRASH, FLAG", "d, TIMEOUT, ALLOW", "e, CRASH, ALLOW"})
  void aRuleMayAskForAMissingAnswer(String detector, Cause cause, Verdict verdict) {
    Condition crashed =
        new Condition.DetectorUnavailable(Optional.empty(), "d", Set.of(Cause.CRASH));
    UnavailableRule allow = new UnavailableRule(Verdict.ALLOW, Map.of(), Map.of());
    Policy policy =
        new Policy(
            "p",
            "0",
            Set.of("d"),
            allow,
            false,
            List.of(rule("r", Stage.PROMPT, crashed, Verdict.FLAG)));
    Signal missing = new Signal.Unavailable(detector, Stage.PROMPT, cause);
    assertThat(prompt(policy, missing).verdict()).isEqualTo(verdict);
  }

  @Test
  void aPolicyInShadowRecordsWhatItWouldDo() {
    Policy policy = policy(true, rule("z", Stage.PROMPT, ZEPPELIN, Verdict.BLOCK));
    Decision decision = prompt(policy, said(Stage.PROMPT, "zeppelin", 1));
    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.wouldBe()).isEqualTo(Verdict.BLOCK);
    assertThat(decision.reasons()).allMatch(Reason::shadow);
    assertThat(prompt(policy).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(prompt(policy).wouldBe()).isEqualTo(Verdict.BLOCK);
  }

  @Test
  void aFloorStandsInAPolicyInShadow() {
    Policy policy = policy(true, floor(Stage.PROMPT, ZEPPELIN));
    assertThat(prompt(policy, said(Stage.PROMPT, "zeppelin", 1)).blocked()).isTrue();
    assertThat(prompt(policy, said(Stage.PROMPT, "zeppelin", 0)).verdict())
        .isEqualTo(Verdict.ALLOW);
  }

  @Test
  void aFloorThatCannotSeeClosesEvenInShadow() {
    assertThat(prompt(policy(true, floor(Stage.PROMPT, ZEPPELIN))).blocked()).isTrue();
  }

  @Test
  void aFloorThatLooksBackClosesTheStageThatItLooksBackAt() {
    Condition across = new Condition.All(List.of(promptScore("dog", 0.5), BEACH));
    Policy policy = policy(true, floor(Stage.OUTPUT_IMAGE, across));
    assertThat(prompt(policy).blocked()).isTrue();
  }

  @Test
  void aRefusalTellsAsLittleAsTheMostReservedOfItsRules() {
    Rule open =
        new Rule(
            "open",
            Set.of(Stage.PROMPT),
            Category.STAND_IN,
            DOG,
            Verdict.BLOCK,
            false,
            false,
            Disclosure.CATEGORY);
    Policy policy = policy(false, open, floor(Stage.PROMPT, BEACH));
    Decision one = prompt(policy, said(Stage.PROMPT, "dog", 1));
    assertThat(one.disclosure()).isEqualTo(Disclosure.CATEGORY);
    assertThat(one.blockedCategories()).containsExactly(Category.STAND_IN);
    Decision both = prompt(policy, said(Stage.PROMPT, "dog", 1), said(Stage.PROMPT, "beach", 1));
    assertThat(both.disclosure()).isEqualTo(Disclosure.NONE);
    assertThat(both.categories()).containsExactly(Category.HATE, Category.STAND_IN);
    assertThat(prompt(policy).disclosure()).isEqualTo(Disclosure.GENERIC);
  }

  @Test
  void aViolationBesideAFailedCheckIsAViolation() {
    Policy policy = policy(false, rule("z", Stage.PROMPT, ZEPPELIN, Verdict.BLOCK));
    Signal failed = new Signal.Unavailable("e", Stage.PROMPT, Cause.TIMEOUT);
    Decision decision = prompt(policy, said(Stage.PROMPT, "zeppelin", 1), failed);
    assertThat(decision.blocked()).isTrue();
    assertThat(decision.blockedUnavailable()).isFalse();
    assertThat(decision.reasons()).hasSize(2);
  }

  @Test
  void aFlagThatHoldsWhileAFailedCheckBlocksIsStillUnavailable() {
    Policy policy = policy(false, rule("z", Stage.PROMPT, ZEPPELIN, Verdict.FLAG));
    Signal failed = new Signal.Unavailable("e", Stage.PROMPT, Cause.TIMEOUT);
    Decision decision = prompt(policy, said(Stage.PROMPT, "zeppelin", 1), failed);
    assertThat(decision.blockedUnavailable()).isTrue();
  }
}
