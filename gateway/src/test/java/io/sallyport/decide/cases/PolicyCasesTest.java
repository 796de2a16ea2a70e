package io.sallyport.decide.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Labels;
import io.sallyport.policy.PolicyBook;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCasesTest {
  private static final Map<String, Labels> CATALOGUE =
      Map.of(
          "words", new Labels(Set.of(Stage.PROMPT), Set.of("zeppelin")),
          "known", new Labels(Set.of(Stage.OUTPUT_IMAGE), Set.of("stand-ins")),
          "unasked", new Labels(Set.of(Stage.PROMPT), Set.of("zeppelin")));

  @TempDir Path path;
  private PolicyBook book;
  private Path cases;

  @BeforeEach
  void makePolicy() throws IOException {
    Files.writeString(
        path.resolve("p.yaml"),
        """
        policy: p
        detectors: [words, known]
        rules:
          - {id: z, stage: prompt, category: stand-in, verdict: block,
             when: {score: {label: zeppelin, at_least: 0.5}}}
          - {id: m, stage: output_image, category: stand-in, verdict: flag, shadow: true,
             when: {all: [{match: {bank: stand-ins, within: 3}},
                          {score: {label: zeppelin, stage: prompt, at_least: 0.1}}]}}
        """);
    book = PolicyLoader.load(path, CATALOGUE);
    cases = Files.createDirectory(path.resolve("cases"));
  }

  private List<String> run(String text) throws IOException {
    Files.writeString(cases.resolve("c.yaml"), "kind: policy\npolicy: p\ncases:\n" + text);
    try {
      PolicyCases loaded = PolicyCases.load(cases);
      assertThat(loaded.size()).isPositive();
      return loaded.run(book, CATALOGUE).stream().map(this::tell).toList();
    } catch (InvalidFileException e) {
      return e.problems().stream().map(this::tell).toList();
    }
  }

  private String tell(io.sallyport.yaml.Problem problem) {
    return problem.toString().replace(cases + "/", "");
  }

  @Test
  void aCaseThatComesOutAsItSaysHasNoDifference() throws IOException {
    assertThat(
            run(
                """
                - name: refused
                  stage: prompt
                  items: [[{score: {detector: words, label: zeppelin, value: 0.5}}]]
                  verdict: block
                  reasons: [z]
                - name: recorded only
                  stage: output_image
                  earlier: [{score: {detector: words, stage: prompt, label: zeppelin, value: 1}}]
                  items: [[{match: {detector: known, bank: stand-ins, distance: 3}}]]
                  verdict: allow
                  would_be: flag
                  reasons: [m]
                - name: unavailable
                  stage: prompt
                  items: [[{unavailable: {detector: words, cause: timeout}}]]
                  verdict: block
                  reasons: ["words:timeout"]
                """))
        .isEmpty();
  }

  @Test
  void aDifferenceIsToldWithItsPlaceAndBothSides() throws IOException {
    assertThat(
            run(
                """
                - name: ordinary
                  stage: prompt
                  items: []
                  verdict: allow
                - name: wrong
                  stage: prompt
                  items: [[{score: {detector: words, label: zeppelin, value: 0.49}}]]
                  verdict: block
                  reasons: [z]
                """))
        .containsExactly(
            "c.yaml:8: case 'wrong': expected verdict block, would_be block, reasons [z];"
                + " got verdict allow, would_be allow, reasons []");
  }

  @Test
  void aRightVerdictForAnotherReasonIsADifference() throws IOException {
    assertThat(
            run(
                """
                - name: other reason
                  stage: prompt
                  items: [[{unavailable: {detector: words, cause: crash}}]]
                  verdict: block
                  reasons: [z]
                """))
        .hasSize(1);
  }

  @Test
  void aSlipInANameCannotMakeACasePass() throws IOException {
    assertThat(
            run(
                """
                - name: slip in a label
                  stage: prompt
                  items: [[{score: {detector: words, label: zepelin, value: 1}}]]
                  verdict: allow
                - name: a detector that is not asked
                  stage: prompt
                  items: [[{score: {detector: unasked, label: zeppelin, value: 0.1}}]]
                  verdict: allow
                - name: a detector that does not look there
                  stage: prompt
                  items: [[{match: {detector: known, bank: stand-ins, distance: 9}}]]
                  verdict: allow
                - name: no such policy
                  policy: q
                  stage: prompt
                  items: []
                  verdict: allow
                """))
        .hasSize(4)
        .allMatch(it -> it.contains("no expected detector says this") || it.contains("'q'"));
  }

  @Test
  void aCaseSaysWhoIsNotAskedAndWhoOnlyAdvises() throws IOException {
    Files.writeString(
        path.resolve("p.yaml"),
        """
        policy: p
        detectors: [words, unasked]
        second_opinion:
          detector: unasked
          when: {score: {detector: words, label: zeppelin, between: [0.3, 1]}}
        rules:
          - {id: z, stage: prompt, category: stand-in, verdict: block,
             when: {score: {detector: unasked, label: zeppelin, at_least: 0.5}}}
        """);
    book = PolicyLoader.load(path, CATALOGUE);
    assertThat(
            run(
                """
                - name: below the band
                  stage: prompt
                  items: [[{score: {detector: words, label: zeppelin, value: 0.29}}]]
                  not_asked: [unasked]
                  verdict: allow
                - name: only advice
                  stage: prompt
                  items: [[{score: {detector: unasked, label: zeppelin, value: 0.9}}]]
                  advisory: [unasked]
                  verdict: flag
                  reasons: [z]
                """))
        .isEmpty();
    assertThat(
            run(
                """
                - name: in the band
                  stage: prompt
                  items: [[{score: {detector: words, label: zeppelin, value: 0.3}}]]
                  not_asked: [unasked]
                  verdict: block
                  reasons: ["unasked:missing"]
                - name: it spoke
                  stage: prompt
                  items: [[{score: {detector: unasked, label: zeppelin, value: 0.1}}]]
                  not_asked: [unasked]
                  verdict: allow
                - name: nobody
                  stage: prompt
                  items: [[]]
                  not_asked: [known]
                  verdict: block
                  reasons: ["known:missing"]
                """))
        .hasSize(3)
        .allMatch(it -> it.contains("would be asked, or is none"));
  }

  @Test
  void everyMistakeInACaseFileIsToldAtItsLine() throws IOException {
    assertThat(
            run(
                """
                - name: a
                  stage: lobby
                  items: [[{score: {detector: words, label: zeppelin, value: 2}}, {}]]
                  verdict: block
                - name: b
                  stage: prompt
                  earlier: [{unavailable: {detector: words, cause: timeout}}]
                  items: [[{unavailable: {detector: words, cause: tired, stage: prompt}}]]
                  odd: 1
                """))
        .containsExactlyInAnyOrder(
            "c.yaml:5: cases[0].stage: expected one of prompt, negative_prompt, input_image,"
                + " output_image, found 'lobby'",
            "c.yaml:6: cases[0].items[0][0].score.value: expected a number from 0.0 to 1.0, found"
                + " 2",
            "c.yaml:6: cases[0].items[0][1]: expected exactly one of score, match, unavailable",
            "c.yaml:8: cases[1]: missing key 'verdict'",
            "c.yaml:10: cases[1].earlier[0].unavailable: missing key 'stage'",
            "c.yaml:11: cases[1].items[0][0].unavailable.cause: expected one of timeout, overload,"
                + " crash, undecodable, unsupported, too_large, bad_output, missing, circuit_open,"
                + " found 'tired'",
            "c.yaml:11: cases[1].items[0][0].unavailable.stage: unknown key",
            "c.yaml:12: cases[1].odd: unknown key");
  }

  @Test
  void aFileOfAnotherKindIsAProblem() throws IOException {
    Files.writeString(cases.resolve("c.yaml"), "kind: proxy\npolicy: p\ncases: []\n");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> PolicyCases.load(cases))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageEndingWith("c.yaml:1: kind: expected 'policy'");
  }
}
