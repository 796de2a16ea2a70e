package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.SecondOpinion.Band;
import io.sallyport.signal.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondOpinionTest {
  private static final String TEXT =
      """
      policy: p
      detectors: [words, meaning]
      second_opinion:
        - detector: meaning
          when: {score: {detector: words, label: dog, between: [0.30, 0.85]}}
      rules:
        - id: sure
          stage: prompt
          category: stand-in
          when: {score: {detector: words, label: dog, at_least: 0.85}}
          verdict: block
        - id: confirmed
          stage: prompt
          category: stand-in
          when: {score: {detector: meaning, label: beach, at_least: 0.5}}
          verdict: block
      """;

  @TempDir Path path;

  private List<String> problems(String text) {
    return new Folder(path).with("p.yaml", text).problems();
  }

  @Test
  void isReadAsItStands() {
    Policy policy = new Folder(path).with("p.yaml", TEXT).policy("p");
    Band band = new Band(Optional.empty(), Optional.of("words"), "dog", 0.30, 0.85);
    assertThat(policy.secondOpinions())
        .containsExactly(new SecondOpinion("meaning", Optional.of(band)));
    String open = TEXT.replaceFirst("(?m)^    when:.*\n", "");
    assertThat(new Folder(path).with("p.yaml", open).policy("p").secondOpinions())
        .containsExactly(new SecondOpinion("meaning", Optional.empty()));
  }

  @Test
  void survivesTheCanonicalFormAndReachesTheDigest() {
    Folder folder = new Folder(path);
    Policy policy = folder.with("p.yaml", TEXT).policy("p");
    assertThat(again(folder, policy)).isEqualTo(policy.secondOpinions());
    for (String part : List.of("0.30,|0.31,", "0.85]|0.86]")) {
      String[] change = part.split("\\|");
      String other = TEXT.replace(change[0], change[1]);
      assertThat(other).isNotEqualTo(TEXT);
      assertThat(folder.with("p.yaml", other).policy("p").digest()).isNotEqualTo(policy.digest());
    }
    String staged = TEXT.replace("label: dog, between", "label: dog, stage: prompt, between");
    Policy named = folder.with("p.yaml", staged).policy("p");
    assertThat(named.digest()).isNotEqualTo(policy.digest());
    assertThat(again(folder, named)).isEqualTo(named.secondOpinions());
  }

  private static List<SecondOpinion> again(Folder folder, Policy policy) {
    Policy again = folder.with("p.yaml", CanonicalForm.of(policy)).policy("p");
    assertThat(again.digest()).isEqualTo(policy.digest());
    return again.secondOpinions();
  }

  @Test
  void everyMistakeIsToldAtItsLine() {
    String text =
        """
        policy: p
        detectors: [words, meaning, colours]
        second_opinion:
          - {detector: nobody}                                                                      #! second_opinion[0].detector: 'nobody' is not among the policy's detectors
          - {detector: colours, odd: 1}                                                             #! second_opinion[1].odd: unknown key ;; second_opinion[1].detector: no detector is asked first at input_image ;; second_opinion[1].detector: no detector is asked first at output_image
          - {detector: colours}                                                                     #! second_opinion[2].detector: listed twice
          - detector: meaning                                                                       #! second_opinion[3].detector: no detector that is asked first gives label 'kite' at prompt before meaning is asked there
            when: {score: {label: kite, between: [0.5, 1]}}
        """;
    assertThat(problems(text))
        .containsExactlyInAnyOrderElementsOf(Folder.announced("p.yaml", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "between: [0.85, 0.30]",
        "between: [0.5, 0.5]",
        "between: [0.5]",
        "between: [0.1, 0.2, 0.3]"
      })
  void aBandRises(String between) {
    assertThat(problems(TEXT.replace("between: [0.30, 0.85]", between)))
        .containsExactly(
            "p.yaml:5: second_opinion[0].when.score.between: expected two rising scores,"
                + " [low, high]");
  }

  @Test
  void aBandNeedsItsScoreItsLabelAndItsEnds() {
    assertThat(
            problems(
                TEXT.replace(
                    "when: {score: {detector: words, label: dog, between: [0.30, 0.85]}}",
                    "when: {score: {}}")))
        .contains(
            "p.yaml:5: second_opinion[0].when.score: missing key 'label'",
            "p.yaml:5: second_opinion[0].when.score: missing key 'between'");
    assertThat(
            problems(
                TEXT.replace(
                    "when: {score: {detector: words, label: dog, between: [0.30, 0.85]}}",
                    "when: {}")))
        .contains("p.yaml:5: second_opinion[0].when: missing key 'score'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label: dog, at_least: 0.85 -> label: dog, at_least: 0.86",
        "label: dog, at_least: 0.85 -> label: beach, at_least: 0.85",
        "{detector: words, label: dog, at_least -> {detector: meaning, label: dog, at_least",
        "between: [0.30, 0.85] -> between: [0.30, 0.80]",
        "{detector: words, label: dog, between -> {label: dog, between",
      })
  void aBandAboveWhichTheVerdictWouldBeMilderIsRefused(String change) {
    String[] part = change.split(" -> ");
    String text = TEXT.replace(part[0], part[1]);
    assertThat(text).isNotEqualTo(TEXT);
    assertThat(problems(text)).singleElement().asString().contains("p.yaml:4", "milder verdict");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at_least: 0.85}} -> at_least: 0.20}}",
        "between: [0.30, 0.85] -> between: [0.30, 1]",
        "at_least: 0.85}}\n"
            + "    verdict: block -> at_least: 0.85}}\n"
            + "    verdict: block\n"
            + "    floor: true",
        "at_least: 0.5}}\n    verdict: block -> at_least: 0.5}}\n    verdict: flag",
        "{score: {detector: words, label: dog, at_least: 0.85}} -> {any: [{score: {label: beach,"
            + " at_least: 1}}, {score: {label: dog, at_least: 0.85}}]}",
      })
  void aBandAboveWhichTheFirstScoreIsEnoughIsTaken(String change) {
    String[] part = change.split(" -> ");
    String text = TEXT.replace(part[0], part[1]);
    assertThat(text).isNotEqualTo(TEXT);
    assertThat(problems(text)).isEmpty();
  }

  @Test
  void aRuleInShadowIsNotEnoughAboveTheBand() {
    String text =
        TEXT.replace(
            "at_least: 0.85}}\n    verdict: block",
            "at_least: 0.85}}\n    verdict: block\n    shadow: true");
    assertThat(problems(text)).singleElement().asString().contains("milder verdict at prompt");
  }

  @Test
  void aFlagIsEnoughWhereTheSecondOpinionOnlyFlags() {
    String text =
        TEXT.replace("verdict: block", "verdict: flag")
            .replace("detectors:", "unavailable: {meaning: flag}\ndetectors:");
    assertThat(problems(text)).isEmpty();
    assertThat(problems(TEXT.replace("verdict: block", "verdict: flag")))
        .singleElement()
        .asString()
        .contains("may lead to block");
  }

  @Test
  void anAdvisoryFirstScoreIsNotEnoughForABlock() {
    Map<String, Labels> advised =
        Map.of(
            "words", new Labels(Set.of(Stage.PROMPT), Set.of("dog"), true),
            "meaning", new Labels(Set.of(Stage.PROMPT), Set.of("beach")));
    new Folder(path).with("p.yaml", TEXT);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> PolicyLoader.load(path, advised))
        .hasMessageContaining("milder verdict");
    Map<String, Labels> both =
        Map.of(
            "words",
            advised.get("words"),
            "meaning",
            new Labels(Set.of(Stage.PROMPT), Set.of("beach"), true));
    assertThat(PolicyLoader.load(path, both).names()).containsExactly("p");
  }

  @Test
  void aChildInheritsAndCannotMakeItsParentsDetectorsOptional() {
    Folder folder = new Folder(path).with("p.yaml", TEXT);
    folder.with("c.yaml", "{policy: c, extends: p}");
    assertThat(folder.policy("c").secondOpinions()).isEqualTo(folder.policy("p").secondOpinions());
    folder.with("c.yaml", "{policy: c, extends: p, second_opinion: {detector: words}}");
    assertThat(folder.problems())
        .contains(
            "c.yaml:1: second_opinion.detector: the parent says when it is asked; another say"
                + " would loosen it");
  }

  @Test
  void aChildWhoseRulesMakeAnInheritedBandMilderIsRefused() {
    Folder folder =
        new Folder(path)
            .with(
                "p.yaml",
                TEXT.replace("verdict: block", "verdict: flag")
                    .replace("detectors:", "unavailable: {meaning: flag}\ndetectors:"));
    assertThat(folder.problems()).isEmpty();
    folder.with(
        "c.yaml",
        """
        policy: c
        extends: p
        rules:
          - id: more
            stage: prompt
            category: stand-in
            when: {score: {detector: meaning, label: beach, at_least: 0.9}}
            verdict: block
        """);
    assertThat(folder.problems()).singleElement().asString().contains("c.yaml:1", "milder");
  }
}
