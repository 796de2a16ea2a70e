package io.sallyport.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.NotAsked.Why;
import io.sallyport.policy.Labels;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is still asked, and who is excused, on policies as an operator writes them. */
class CascadeTest {
  private static final Set<Stage> IMAGES = Set.of(Stage.INPUT_IMAGE, Stage.OUTPUT_IMAGE);
  private static final Map<String, Labels> CATALOGUE =
      Map.of(
          "words", new Labels(Set.of(Stage.PROMPT), Set.of("airship", "dog")),
          "meaning", new Labels(Set.of(Stage.PROMPT), Set.of("dog")),
          "small", new Labels(IMAGES, Set.of("airship")),
          "large", new Labels(IMAGES, Set.of("airship", "kite")),
          "other", new Labels(IMAGES, Set.of("kite")));

  private static final String BAND =
      """
      policy: p
      detectors: [small, large]
      second_opinion:
        detector: large
        when: {score: {detector: small, label: airship, between: [0.3, 0.85]}}
      rules:
        - id: sure
          stage: output_image
          category: stand-in
          when: {score: {detector: small, label: airship, at_least: 0.85}}
          verdict: block
        - id: sure-before
          stage: input_image
          category: stand-in
          when: {score: {detector: small, label: airship, at_least: 0.85}}
          verdict: block
        - id: confirmed
          stage: output_image
          category: stand-in
          when: {score: {detector: large, label: airship, at_least: 0.6}}
          verdict: block
      """;

  @TempDir Path dir;

  private Policy policy(String yaml) throws Exception {
    Files.writeString(dir.resolve("p.yaml"), yaml);
    return PolicyLoader.load(dir, CATALOGUE).get("p").orElseThrow();
  }

  private static Signal score(String detector, String label, double value) {
    return new Signal.Score(detector, Stage.OUTPUT_IMAGE, label, value);
  }

  private static Evidence saying(Signal... signals) {
    return new Evidence(List.of(), List.of(List.of(signals)));
  }

  private static Set<String> needed(Policy policy, Evidence evidence, String... expected) {
    return Cascade.needed(policy, Stage.OUTPUT_IMAGE, Set.of(expected), evidence).getFirst();
  }

  private static Decision decide(Policy policy, Evidence evidence, String... expected) {
    return Decider.decide(policy, Stage.OUTPUT_IMAGE, Set.of(expected), evidence);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0, false, ALLOW",
    "0.2999, false, ALLOW",
    "0.3, true, BLOCK",
    "0.6, true, BLOCK",
    "0.8499, true, BLOCK",
    "0.851, false, BLOCK",
    "1.0, false, BLOCK"
  })
  void aSecondOpinionIsAskedWithinItsBandAndMissedThereOnly(
      double first, boolean asked, Verdict silent) throws Exception {
    Policy policy = policy(BAND);
    Evidence evidence = saying(score("small", "airship", first));
    assertThat(needed(policy, evidence, "small", "large").contains("large")).isEqualTo(asked);
    Decision decision = decide(policy, evidence, "small", "large");
    assertThat(decision.verdict()).isEqualTo(silent);
    assertThat(decision.blockedUnavailable()).isEqualTo(asked);
    assertThat(decision.notAsked())
        .isEqualTo(asked ? List.of() : List.of(new NotAsked(0, "large", Why.BAND)));
  }

  @Test
  void atTheUpperEndWhereTheVerdictStandsItIsSettled() throws Exception {
    Policy policy = policy(BAND);
    Decision decision = decide(policy, saying(score("small", "airship", 0.85)), "small", "large");
    assertThat(decision.notAsked()).containsExactly(new NotAsked(0, "large", Why.SETTLED));
    assertThat(decision.blocked()).isTrue();
  }

  @Test
  void aFirstDetectorWithoutAnAnswerLeavesTheQuestionOpen() throws Exception {
    Policy policy = policy(BAND);
    Signal failed = new Signal.Unavailable("small", Stage.OUTPUT_IMAGE, Cause.TIMEOUT);
    assertThat(needed(policy, saying(failed), "small", "large")).containsExactly("large");
    assertThat(needed(policy, saying(), "small", "large"))
        .containsExactlyInAnyOrder("large", "small");
    Decision refused =
        decide(policy, saying(failed, score("large", "airship", 0.7)), "small", "large");
    assertThat(refused.blockedUnavailable()).isFalse();
  }

  @Test
  void everyImageHasADoubtOfItsOwn() throws Exception {
    Policy policy = policy(BAND);
    Evidence evidence =
        new Evidence(
            List.of(),
            List.of(
                List.of(score("small", "airship", 0.1)), List.of(score("small", "airship", 0.5))));
    assertThat(Cascade.needed(policy, Stage.OUTPUT_IMAGE, Set.of("small", "large"), evidence))
        .containsExactly(Set.of(), Set.of("large"));
  }

  @Test
  void whatASecondOpinionSaidUnaskedStillCounts() throws Exception {
    Policy policy = policy(BAND);
    Evidence evidence = saying(score("small", "airship", 0.1), score("large", "airship", 0.9));
    assertThat(decide(policy, evidence, "small", "large").blocked()).isTrue();
  }

  private static final String JOINT =
      """
      policy: p
      detectors: [words, small, large]
      second_opinion: {detector: large}
      unavailable: {large: flag}
      rules:
        - id: both
          stage: output_image
          category: stand-in
          when:
            all:
              - {score: {stage: prompt, detector: words, label: airship, at_least: 0.4}}
              - {score: {detector: large, label: kite, at_least: 0.5}}
          verdict: block
        - id: first
          stage: output_image
          category: stand-in
          when: {score: {detector: small, label: airship, at_least: 0.9}}
          verdict: block
      """;

  private static Evidence after(double prompt, Signal... signals) {
    return new Evidence(
        List.of(new Signal.Score("words", Stage.PROMPT, "airship", prompt)),
        List.of(List.of(signals)));
  }

  @Test
  void aSecondOpinionWithoutABandIsAskedWhereARuleCanListen() throws Exception {
    Policy policy = policy(JOINT);
    Evidence harmless = after(0.1, score("small", "airship", 0.2));
    assertThat(decide(policy, harmless, "small", "large").notAsked())
        .containsExactly(new NotAsked(0, "large", Why.CLOSED));
    Evidence suspect = after(0.4, score("small", "airship", 0.2));
    assertThat(needed(policy, suspect, "small", "large")).containsExactly("large");
    Evidence settled = after(0.4, score("small", "airship", 0.95));
    assertThat(decide(policy, settled, "small", "large").notAsked())
        .containsExactly(new NotAsked(0, "large", Why.SETTLED));
  }

  @Test
  void aFailureThatWouldBeStricterThanTheVerdictKeepsItOpen() throws Exception {
    Policy policy =
        policy(
            JOINT
                .replace("unavailable: {large: flag}", "unavailable: block")
                .replace("verdict: block", "verdict: flag"));
    Evidence flagged = after(0.4, score("small", "airship", 0.95));
    assertThat(needed(policy, flagged, "small", "large")).containsExactly("large");
  }

  private static final String PLAIN =
      """
      policy: p
      detectors: [small, other]
      unavailable: block
      rules:
        - id: one
          stage: output_image
          category: stand-in
          when: {score: {detector: small, label: airship, at_least: 0.5}}
          verdict: block
          disclose: %s
        - id: two
          stage: output_image
          category: %s
          when: {score: {detector: other, label: kite, at_least: 0.5}}
          verdict: %s
          disclose: %s
      """;

  @ParameterizedTest
  @CsvSource({
    "generic, stand-in, block, generic, false",
    "generic, stand-in, flag, none, false",
    "generic, violence, block, generic, true",
    "generic, violence, flag, generic, true",
    "generic, stand-in, block, none, true",
    "none, stand-in, block, generic, false",
    "category, stand-in, block, category, true"
  })
  void anyOtherDetectorIsAskedWhileTheToldOrRecordedOutcomeCouldChange(
      String told, String category, String verdict, String disclose, boolean asked)
      throws Exception {
    Policy policy = policy(PLAIN.formatted(told, category, verdict, disclose));
    Evidence blocked = saying(score("small", "airship", 0.9));
    assertThat(needed(policy, blocked, "small", "other").contains("other")).isEqualTo(asked);
    assertThat(needed(policy, saying(score("small", "airship", 0.1)), "small", "other"))
        .containsExactly("other");
  }

  @Test
  void aFirstDetectorIsAskedForTheSakeOfASecondOpinion() throws Exception {
    Policy policy =
        policy(
            """
            policy: p
            detectors: [words, small, large]
            unavailable: allow
            second_opinion:
              detector: large
              when: {score: {stage: prompt, detector: words, label: dog, between: [0.5, 1]}}
            rules:
              - id: one
                stage: output_image
                category: stand-in
                when: {score: {detector: large, label: kite, at_least: 0.5}}
                verdict: block
            """);
    Evidence nothing = new Evidence(List.of(), List.of(List.of()));
    assertThat(Cascade.needed(policy, Stage.PROMPT, Set.of("words"), nothing))
        .containsExactly(Set.of("words"));
    Signal dog = new Signal.Score("words", Stage.PROMPT, "dog", 0.5);
    Evidence doubt = new Evidence(List.of(dog), List.of(List.of()));
    assertThat(needed(policy, doubt, "small", "large")).containsExactly("large");
    assertThat(needed(policy, nothing, "small", "large")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"all, 0.1, false", "all, 0.9, true", "any, 0.1, true", "any, 0.9, false"})
  void whatALaterRuleLooksBackForIsAskedWhileItIsOpen(String of, double words, boolean asked)
      throws Exception {
    Policy policy =
        policy(
            """
            policy: p
            detectors: [words, meaning, small]
            unavailable: allow
            rules:
              - id: looks-back
                stage: output_image
                category: stand-in
                when:
                  %s:
                    - {score: {stage: prompt, detector: words, label: dog, at_least: 0.5}}
                    - {score: {stage: prompt, detector: meaning, label: dog, at_least: 0.5}}
                verdict: flag
            """
                .formatted(of));
    Signal said = new Signal.Score("words", Stage.PROMPT, "dog", words);
    Evidence evidence = new Evidence(List.of(), List.of(List.of(said)));
    assertThat(Cascade.needed(policy, Stage.PROMPT, Set.of("words", "meaning"), evidence))
        .containsExactly(asked ? Set.of("meaning") : Set.of());
  }

  @Test
  void roundsThatCouldSpareNobodyAreOne() throws Exception {
    Map<String, Integer> cost = Map.of("small", 0, "other", 1, "large", 0);
    Policy sparing = policy(PLAIN.formatted("generic", "stand-in", "block", "generic"));
    assertThat(Rounds.of(sparing, Stage.OUTPUT_IMAGE, Set.of("small", "other"), cost))
        .containsExactly(Set.of("small"), Set.of("other"));
    Policy open = policy(PLAIN.formatted("generic", "violence", "block", "generic"));
    assertThat(Rounds.of(open, Stage.OUTPUT_IMAGE, Set.of("small", "other"), cost))
        .containsExactly(Set.of("small", "other"));
    assertThat(Rounds.of(policy(BAND), Stage.OUTPUT_IMAGE, Set.of("small", "large"), cost))
        .containsExactly(Set.of("small"), Set.of("large"));
    assertThat(Rounds.of(open, Stage.OUTPUT_IMAGE, Set.of(), cost)).isEmpty();
    Map<String, Integer> rising = Map.of("small", 0, "other", 1, "large", 2);
    assertThat(Rounds.of(sparing, Stage.OUTPUT_IMAGE, Set.of("small", "other", "large"), rising))
        .containsExactly(Set.of("small"), Set.of("other"), Set.of("large"));
  }

  @Test
  void anAdvisoryDetectorFlagsWhereItIsDecisiveAndNoMore() throws Exception {
    Policy policy = policy(PLAIN.formatted("generic", "stand-in", "block", "generic"));
    Set<String> advisory = Set.of("other");
    Signal kite = score("other", "kite", 0.9);
    Signal airship = score("small", "airship", 0.9);
    Signal calm = score("small", "airship", 0.1);
    Signal failed = new Signal.Unavailable("other", Stage.OUTPUT_IMAGE, Cause.CRASH);
    assertThat(verdict(policy, advisory, calm, kite)).isEqualTo(Verdict.FLAG);
    assertThat(verdict(policy, advisory, airship, kite)).isEqualTo(Verdict.BLOCK);
    assertThat(verdict(policy, advisory, calm, failed)).isEqualTo(Verdict.FLAG);
    assertThat(verdict(policy, advisory, calm)).isEqualTo(Verdict.FLAG);
    assertThat(verdict(policy, Set.of(), calm, kite)).isEqualTo(Verdict.BLOCK);
    assertThat(verdict(policy, Set.of(), calm)).isEqualTo(Verdict.BLOCK);
  }

  private static Verdict verdict(Policy policy, Set<String> advisory, Signal... signals) {
    Evidence evidence = new Evidence(List.of(), List.of(List.of(signals)), advisory);
    return decide(policy, evidence, "small", "other").verdict();
  }
}
