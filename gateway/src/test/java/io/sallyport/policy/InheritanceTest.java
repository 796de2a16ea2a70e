package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InheritanceTest {
  private static final String PARENT =
      """
      policy: parent
      detectors: [words]
      unavailable: {words: {timeout: flag, otherwise: block}, otherwise: flag}
      rules:
        - {id: floor, stage: prompt, category: stand-in, floor: true, verdict: block,
           when: {score: {label: zeppelin, at_least: 0.5}}}
      """;

  @TempDir Path path;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(path).with("parent.yaml", PARENT);
  }

  @Test
  void aChildAddsDetectorsAndRulesToItsParents() {
    Policy child =
        folder
            .with(
                "a-child.yaml",
                """
                policy: child
                extends: parent
                detectors: [colours]
                rules:
                  - {id: own, stage: output_image, category: stand-in, verdict: flag,
                     when: {all: [{score: {label: magenta, at_least: 0.5}},
                                  {score: {label: zeppelin, stage: prompt, at_least: 0.1}}]}}
                """)
            .policy("child");
    assertThat(child.detectors()).containsExactly("words", "colours");
    assertThat(child.rules()).extracting(Rule::id).containsExactly("floor", "own");
    assertThat(child.unavailable()).isEqualTo(folder.policy("parent").unavailable());
    assertThat(child.shadow()).isFalse();
  }

  @Test
  void grandchildrenInheritAll() {
    folder.with("b.yaml", "policy: b\nextends: parent\ndetectors: [colours]\nshadow: true\n");
    folder.with("c.yaml", "policy: c\nextends: b\ndetectors: [known]\n");
    Policy grandchild = folder.policy("c");
    assertThat(grandchild.detectors()).containsExactly("words", "colours", "known");
    assertThat(grandchild.rules()).extracting(Rule::id).containsExactly("floor");
    assertThat(grandchild.shadow()).isTrue();
  }

  @Test
  void aChildMayTightenWhatMissingAnswersMean() {
    folder.with("c.yaml", "policy: c\nextends: parent\nunavailable: {words: block}\n");
    UnavailableRule rule = folder.policy("c").unavailable();
    assertThat(rule.verdict("words", Cause.TIMEOUT)).isEqualTo(Verdict.BLOCK);
    assertThat(rule.verdict("colours", Cause.TIMEOUT)).isEqualTo(Verdict.FLAG);
  }

  @Test
  void aChildDecidesAboutTheDetectorsThatItAdds() {
    folder.with(
        "c.yaml",
        "policy: c\nextends: parent\ndetectors: [colours]\nunavailable: {colours: allow}\n");
    UnavailableRule rule = folder.policy("c").unavailable();
    assertThat(rule.verdict("colours", Cause.CRASH)).isEqualTo(Verdict.ALLOW);
    assertThat(rule.verdict("words", Cause.CRASH)).isEqualTo(Verdict.BLOCK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow | the parent says flag for words without an answer; allow would loosen it",
        "flag | the parent says block for words without an answer; flag would loosen it",
        "{words: flag} | the parent says block for words without an answer; flag would loosen it",
        "{words: {timeout: allow, otherwise: block}} | the parent says flag for words without an"
            + " answer; allow would loosen it",
        // Replaces the parent's entry, so that crashes fall to the parent's "otherwise".
        "{words: {timeout: block}} | the parent says block for words without an answer; flag would"
            + " loosen it",
      })
  void aChildCannotLoosenWhatMissingAnswersMean(String unavailable, String problem) {
    folder.with("c.yaml", "policy: c\nextends: parent\nunavailable: " + unavailable + "\n");
    assertThat(folder.problems()).containsExactly("c.yaml:3: unavailable: " + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow: true, verdict: flag", "verdict: block"})
  void aChildCannotRedefineAParentsRule(String loosened) {
    folder.with(
        "c.yaml",
        """
        policy: c
        extends: parent
        rules:
          - {id: floor, stage: prompt, category: stand-in, %s,
             when: {score: {label: zeppelin, at_least: 1}}}
        """
            .formatted(loosened));
    assertThat(folder.problems())
        .containsExactly("c.yaml:4: rules[0].id: another rule has this id, here or in a parent");
  }

  @Test
  void aParentThatIsNotThereIsAProblem() {
    folder.with("c.yaml", "policy: c\nextends: nobody\n");
    assertThat(folder.problems())
        .containsExactly("c.yaml:2: extends: there is no policy of that name");
  }

  @Test
  void circlesAreToldOnceEach() {
    folder.with("a.yaml", "policy: a\nextends: b\n").with("b.yaml", "policy: b\nextends: c\n");
    folder.with("c.yaml", "policy: c\nextends: a\n").with("d.yaml", "policy: d\nextends: d\n");
    assertThat(folder.problems())
        .containsExactlyInAnyOrder(
            "c.yaml:2: extends: goes in a circle: a -> b -> c -> a",
            "d.yaml:2: extends: goes in a circle: d -> d");
  }

  @Test
  void aChangedParentChangesTheDigestsOfItsChildrenAndOfTheBook() {
    folder
        .with("c.yaml", "policy: c\nextends: parent\n")
        .with("o.yaml", "policy: o\ndetectors: []\n");
    PolicyBook before = folder.load();
    folder.with("parent.yaml", PARENT.replace("at_least: 0.5", "at_least: 0.6"));
    PolicyBook after = folder.load();
    for (String name : List.of("parent", "c")) {
      assertThat(after.get(name).orElseThrow().digest())
          .isNotEqualTo(before.get(name).orElseThrow().digest());
    }
    assertThat(after.get("o")).isEqualTo(before.get("o"));
    assertThat(after.digest()).isNotEqualTo(before.digest());
  }
}
