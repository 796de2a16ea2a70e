package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLoaderTest {
  private static final String MINIMAL =
      """
      policy: minimal
      detectors: [words]
      rules:
        - id: no-zeppelin
          stage: prompt
          category: stand-in
          when: {score: {label: zeppelin, at_least: 0.5}}
          verdict: block
      """;

  @TempDir Path path;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(path);
  }

  @Test
  void aMinimalPolicyHasStrictDefaults() {
    Policy policy = folder.with("m.yaml", MINIMAL).policy("minimal");
    assertThat(policy.detectors()).containsExactly("words");
    assertThat(policy.unavailable()).isEqualTo(UnavailableRule.BLOCK);
    assertThat(policy.shadow()).isFalse();
    assertThat(policy.digest()).matches("[0-9a-f]{64}");
    assertThat(policy.rules())
        .containsExactly(
            new Rule(
                "no-zeppelin",
                Set.of(Stage.PROMPT),
                Category.STAND_IN,
                new Condition.ScoreAtLeast(Optional.empty(), Optional.empty(), "zeppelin", 0.5),
                Verdict.BLOCK,
                false,
                false,
                Disclosure.GENERIC));
  }

  @Test
  void everyKindOfConditionAndEveryKeyIsRead() {
    Policy policy =
        folder
            .with(
                "full.yaml",
                """
                policy: full
                detectors: [words, colours, known]
                unavailable:
                  words: flag
                  colours: {timeout: flag, unsupported: allow}
                  known: {otherwise: flag, crash: block}
                  otherwise: block
                shadow: true
                rules:
                  - id: everything
                    stage: [input_image, output_image]
                    category: violence/graphic
                    when:
                      all:
                        - score: {label: dog, at_least: 1, stage: prompt, detector: words}
                        - any:
                            - match: {bank: stand-ins, within: 31, stage: output_image}
                            - unavailable: colours
                            - unavailable: {detector: words, causes: [crash, timeout], stage: prompt}
                            - unavailable: {detector: colours, causes: overload}
                    verdict: flag
                    floor: true
                    disclose: none
                  - {id: s, stage: prompt, category: hate, shadow: true, disclose: category,
                     when: {score: {label: beach, at_least: 0.001}}, verdict: block}
                """)
            .policy("full");
    assertThat(policy.shadow()).isTrue();
    assertThat(policy.unavailable())
        .isEqualTo(
            new UnavailableRule(
                Verdict.BLOCK,
                Map.of("words", Verdict.FLAG, "known", Verdict.FLAG),
                Map.of(
                    "colours",
                        Map.of(Cause.TIMEOUT, Verdict.FLAG, Cause.UNSUPPORTED, Verdict.ALLOW),
                    "known", Map.of(Cause.CRASH, Verdict.BLOCK))));
    Rule everything = policy.rules().getFirst();
    assertThat(everything.stages()).containsOnly(Stage.INPUT_IMAGE, Stage.OUTPUT_IMAGE);
    assertThat(everything.floor()).isTrue();
    assertThat(everything.verdict()).isEqualTo(Verdict.FLAG);
    assertThat(everything.disclosure()).isEqualTo(Disclosure.NONE);
    assertThat(everything.when())
        .isEqualTo(
            new Condition.All(
                List.of(
                    new Condition.ScoreAtLeast(
                        Optional.of(Stage.PROMPT), Optional.of("words"), "dog", 1),
                    new Condition.Any(
                        List.of(
                            new Condition.MatchWithin(
                                Optional.of(Stage.OUTPUT_IMAGE), "stand-ins", 31),
                            new Condition.DetectorUnavailable(
                                Optional.empty(), "colours", Set.of()),
                            new Condition.DetectorUnavailable(
                                Optional.of(Stage.PROMPT),
                                "words",
                                Set.of(Cause.CRASH, Cause.TIMEOUT)),
                            new Condition.DetectorUnavailable(
                                Optional.empty(), "colours", Set.of(Cause.OVERLOAD)))))));
    assertThat(policy.rules().get(1).shadow()).isTrue();
    assertThat(policy.rules().get(1).disclosure()).isEqualTo(Disclosure.CATEGORY);
  }

  @Test
  void aPolicyMayAskNobody() {
    assertThat(folder.with("o.yaml", "policy: open\ndetectors: []\n").policy("open").rules())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        detectors: [words] #! missing key 'policy'
        """,
        """
        policy: p #! missing key 'detectors'
        """,
        """
        policy: P/1 #! policy: a name is at most 63 of a-z, 0-9 and '-', and does not start with '-'
        detectors: [words]
        colour: red #! colour: unknown key
        """,
        """
        policy: p
        detectors:
          - words
          - nobody #! detectors[1]: unknown detector 'nobody'
          - words #! detectors[2]: listed twice
        """,
        """
        policy: p
        detectors: [words]
        unavailable: never #! unavailable: expected one of allow, flag, block, found 'never'
        shadow: 1 #! shadow: expected true or false, found 1
        """,
        """
        policy: p
        detectors: [words]
        unavailable:
          colours: block #! unavailable.colours: not among the policy's detectors
          words: {tired: flag} #! unavailable.words.tired: unknown key
        """,
        """
        policy: p
        detectors: [words, otherwise] #! detectors[1]: 'otherwise' is no name for a detector: it has a meaning under 'unavailable' ;; detectors[1]: unknown detector 'otherwise'
        """,
        """
        policy: p
        detectors: [words]
        rules:
          - stage: lobby #! rules[0]: missing key 'id' ;; rules[0].stage: expected one of prompt, negative_prompt, input_image, output_image, found 'lobby'
            category: fun #! rules[0].category: unknown category
            when: {score: {label: dog, at_least: 0.5}}
            verdict: allow #! rules[0].verdict: a rule flags or blocks; what no rule speaks of is allowed
            colour: red #! rules[0].colour: unknown key
        """,
        """
        policy: p
        detectors: [words]
        rules:
          - id: a
            stage: [] #! rules[0].stage: at least one stage is needed
            category: hate
            when: {score: {label: dog, at_least: 0.5}}
            verdict: block
            floor: true
            shadow: true #! rules[0].shadow: a floor cannot be in shadow
          - id: a #! rules[1].id: another rule has this id, here or in a parent
            stage: [prompt, prompt] #! rules[1].stage[1]: listed twice
            category: hate
            when: {score: {label: dog, at_least: 0.5}}
            verdict: block
            disclose: all #! rules[1].disclose: expected one of none, generic, category, found 'all'
        """,
        """
        policy: p
        detectors: [words, known]
        rules:
          - id: a
            stage: prompt
            category: hate
            when:
              any:
                - score: {label: dog, at_least: 0} #! rules[0].when.any[0].score.at_least: a threshold is above 0, and at most 1
                - score: {label: dog, at_least: 1.01} #! rules[0].when.any[1].score.at_least: expected a number from 0.0 to 1.0, found 1.01
                - score: {label: dog} #! rules[0].when.any[2].score: missing key 'at_least'
                - match: {bank: b, within: 257} #! rules[0].when.any[3].match.within: expected a whole number from 0 to 256, found 257 ;; rules[0].when.any[3]: no expected detector has bank 'b' there
                - not: {unavailable: words} #! rules[0].when.any[4].not: unknown key ;; rules[0].when.any[4]: expected exactly one of score, match, unavailable, all, any
                - {} #! rules[0].when.any[5]: expected exactly one of score, match, unavailable, all, any
                - all: [] #! rules[0].when.any[6].all: at least one part is needed
                - unavailable: {detector: words, causes: []} #! rules[0].when.any[7].unavailable.causes: at least one cause is needed; leave 'causes' out for any
                - unavailable: {detector: words, causes: [crash, crash]} #! rules[0].when.any[8].unavailable.causes[1]: listed twice
            verdict: block
        """,
      })
  void everyMistakeInAFileIsToldAtItsLine(String text) {
    assertThat(folder.with("p.yaml", text).problems())
        .containsExactlyInAnyOrderElementsOf(Folder.announced("p.yaml", text))
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A slip in a label, in a detector, and a detector that is not asked.
        """
        policy: p
        detectors: [words]
        rules:
          - id: a
            stage: prompt
            category: hate
            when:
              any:
                - score: {label: zepelin, at_least: 0.5} #! rules[0].when.any[0]: no expected detector gives label 'zepelin' there
                - score: {label: dog, detector: wurds, at_least: 0.5} #! rules[0].when.any[1]: 'wurds' is not an expected detector
                - score: {label: magenta, at_least: 0.5} #! rules[0].when.any[2]: no expected detector gives label 'magenta' there
                - unavailable: colours #! rules[0].when.any[3]: 'colours' is not expected to look there
            verdict: block
        """,
        // A stage that nobody looks at.
        """
        policy: p
        detectors: [words]
        rules:
          - id: a #! rules[0].id: no expected detector looks at output_image
            stage: [prompt, output_image]
            category: hate
            when: {score: {label: dog, stage: prompt, at_least: 0.5}}
            verdict: block
        """,
        // Both halves can happen, but never at the same stage.
        """
        policy: p
        detectors: [words, colours]
        rules:
          - id: a #! rules[0].id: can never apply at prompt ;; rules[0].id: can never apply at output_image
            stage: [prompt, output_image]
            category: hate
            when:
              all:
                - score: {label: beach, at_least: 0.5}
                - score: {label: magenta, at_least: 0.5}
            verdict: block
        """,
        // The future cannot be seen.
        """
        policy: p
        detectors: [words, colours, known]
        rules:
          - id: a
            stage: prompt
            category: hate
            when: {score: {label: magenta, stage: output_image, at_least: 0.5}} #! rules[0].when: no expected detector gives label 'magenta' there
            verdict: block
          - id: b
            stage: input_image
            category: hate
            when: {match: {bank: stand-ins, stage: output_image, within: 3}} #! rules[1].when: no expected detector has bank 'stand-ins' there
            verdict: block
        """,
      })
  void whatCanNeverHappenIsAProblem(String text) {
    assertThat(folder.with("p.yaml", text).problems())
        .containsExactlyInAnyOrderElementsOf(Folder.announced("p.yaml", text))
        .isNotEmpty();
  }

  @Test
  void partsOfAnAnyMayBelongToDifferentStages() {
    String text =
        """
        policy: p
        detectors: [words, colours]
        rules:
          - id: a
            stage: [prompt, output_image]
            category: hate
            when:
              any:
                - score: {label: beach, at_least: 0.5}
                - score: {label: magenta, at_least: 0.5}
            verdict: block
        """;
    assertThat(folder.with("p.yaml", text).problems()).isEmpty();
  }

  @Test
  void everyProblemOfEveryFileIsToldAtOnce() {
    folder
        .with("a.yaml", "policy: a\ndetectors: [x]\n")
        .with("b.yaml", "policy: [")
        .with("c.yaml", "");
    assertThat(folder.problems())
        .hasSize(3)
        .anyMatch(it -> it.startsWith("a.yaml:2: "))
        .anyMatch(it -> it.startsWith("b.yaml:1: "))
        .contains("c.yaml: empty");
  }

  @Test
  void onlyYamlFilesDirectlyInTheFolderAreRead() throws IOException {
    folder.with("m.yaml", MINIMAL).with("README.md", "x: [").with(".hidden.yaml", "x: [");
    Files.createDirectory(path.resolve("cases"));
    Files.createDirectory(path.resolve("odd.yaml"));
    folder.with("cases/c.yaml", "x: [");
    assertThat(folder.load().names()).containsExactly("minimal");
  }

  @Test
  void aNearMissOfTheEndingIsToldInsteadOfSkipped() {
    folder.with("m.yaml", MINIMAL).with("n.yml", "policy: n\n");
    assertThat(folder.problems()).containsExactly("n.yml: policy files end in .yaml; rename it");
  }

  @Test
  void aFolderThatIsEmptyOrMissingIsAProblem() {
    assertThat(folder.problems()).singleElement().asString().contains("no policy files");
    assertThat(new Folder(path.resolve("none")).problems())
        .anyMatch(it -> it.contains("cannot be listed"));
  }

  @Test
  void twoFilesCannotNameOnePolicy() {
    folder.with("a.yaml", MINIMAL).with("b.yaml", MINIMAL);
    assertThat(folder.problems())
        .containsExactly("b.yaml:1: policy: another file has a policy of this name");
  }

  @Test
  void moreRulesThanAnyPolicyNeedsAreRefused() {
    String rule =
        "  - {id: r%d, stage: prompt, category: hate, verdict: flag,"
            + " when: {score: {label: dog, at_least: 0.5}}}\n";
    StringBuilder text = new StringBuilder("policy: p\ndetectors: [words]\nrules:\n");
    for (int i = 0; i <= 1000; i++) {
      text.append(rule.formatted(i));
    }
    assertThat(folder.with("p.yaml", text.toString()).problems())
        .containsExactly("p.yaml:4: rules: more than 1000 rules");
  }
}
