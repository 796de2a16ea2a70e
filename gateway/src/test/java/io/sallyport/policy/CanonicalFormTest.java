package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalFormTest {
  private static final String TEXT =
      """
      policy: p
      detectors: [words, colours, known]
      unavailable: {words: {timeout: flag}, colours: flag, otherwise: block}
      shadow: false
      rules:
        - id: one
          stage: [input_image, output_image]
          category: stand-in
          when:
            all:
              - {score: {label: dog, at_least: 0.60, stage: prompt, detector: words}}
              - any:
                  - {score: {label: magenta, at_least: 0.5}}
                  - {unavailable: {detector: colours, causes: [crash, timeout]}}
          verdict: block
        - id: two
          stage: output_image
          category: hate
          when: {match: {bank: stand-ins, within: 31}}
          verdict: flag
          disclose: none
      """;

  @TempDir Path path;

  private String digest(String text) {
    return new Folder(path).with("p.yaml", text).policy("p").digest();
  }

  @Test
  void layoutCommentsDefaultsAndOrderDoNotReachTheDigest() {
    String same =
        """
        # a comment
        rules:
          - {disclose: none, verdict: flag, id: two, stage: [output_image], floor: false,
             when: {match: {within: 31, bank: "stand-ins"}}, category: hate}
          - verdict: "block"
            when: {all: [{score: {at_least: 6e-1, detector: words, label: dog, stage: prompt}},
              {any: [{score: {label: magenta, at_least: 0.50}},
                     {unavailable: {causes: [timeout, crash], detector: colours}}]}]}
            category: stand-in
            shadow: false
            stage: [output_image, input_image]
            id: one
            disclose: generic
        detectors: [known, colours, words]
        unavailable: {colours: flag, words: {timeout: flag, otherwise: block}}
        policy: p
        """;
    assertThat(digest(same)).isEqualTo(digest(TEXT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "at_least: 0.60 | at_least: 0.61",
        "stage: prompt, detector: words | stage: prompt",
        "label: dog | label: beach",
        "causes: [crash, timeout] | causes: [crash]",
        "within: 31 | within: 30",
        "[input_image, output_image] | [output_image]",
        "category: hate | category: violence",
        "verdict: flag | verdict: block",
        "disclose: none | disclose: generic",
        "disclose: none | floor: true",
        "disclose: none | shadow: true",
        "id: two | id: three",
        "shadow: false | shadow: true",
        "colours: flag | colours: block",
        "timeout: flag | crash: flag",
        "otherwise: block | otherwise: allow",
        "any: | all:",
        "[words, colours, known] | [words, colours, known, meaning]",
      })
  void whateverIsDecidedByReachesTheDigest(String part, String changed) {
    assertThat(TEXT).contains(part);
    assertThat(digest(TEXT.replace(part, changed))).isNotEqualTo(digest(TEXT));
  }

  @Test
  void theCanonicalFormIsAPolicyFileOfTheSameDigest() {
    Folder folder = new Folder(path).with("p.yaml", TEXT);
    Policy policy = folder.policy("p");
    String canonical = CanonicalForm.of(policy);
    assertThat(canonical).startsWith("{\"policy\":\"p\",\"detectors\":[\"colours\",");
    assertThat(folder.with("p.yaml", canonical).policy("p").digest()).isEqualTo(policy.digest());
  }

  @Test
  void oddLabelsSurviveTheCanonicalForm() {
    String label = "a \"b\" \\ \u00e9 \ud83d\ude00 \u2028 end";
    assertThat(new Json().open('{').key("v").text(label).close('}').toString())
        .isEqualTo("{\"v\":\"a \\\"b\\\" \\\\ \\u00e9 \\ud83d\\ude00 \\u2028 end\"}");
  }
}
