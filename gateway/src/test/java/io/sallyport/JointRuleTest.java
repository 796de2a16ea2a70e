package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.decide.Decision;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shape of the child-safety rule on harmless stand-ins: two things that are fine alone must not
 * meet, be it in one prompt or in a prompt and its picture; nothing is disclosed; shadow spares the
 * rule not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JointRuleTest {
  private static final String TERMS =
      """
      lexicon: stand-ins
      terms:
        - {term: dog, label: dog, weight: 0.6}
        - {term: beach, label: beach, weight: 0.5}
        - {term: zeppelin, label: zeppelin}
      """;
  private static final String POLICY =
      """
      policy: default
      detectors: [terms, colours]
      rules:
        - id: joint
          stage: prompt
          category: stand-in
          when:
            all:
              - {score: {label: dog, at_least: 0.4}}
              - {score: {label: beach, at_least: 0.3}}
          verdict: block
          floor: true
          disclose: none
        - id: joint-image
          stage: output_image
          category: stand-in
          when:
            all:
              - {score: {stage: prompt, label: dog, at_least: 0.4}}
              - {score: {label: magenta, at_least: 0.5}}
          verdict: block
          floor: true
          disclose: none
        - id: stand-in-term
          stage: prompt
          category: stand-in
          when: {score: {label: zeppelin, at_least: 0.5}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        terms: {kind: lexicon, file: terms.yaml}
        colours: {kind: image-classifier, model: magenta}
      models: {dir: models}
      """;

  private StandInImageService upstream;
  private RealGateway gateway;
  private RealGateway shadow;

  @BeforeAll
  void start(@TempDir Path dir, @TempDir Path other) throws Exception {
    upstream = StandInImageService.start("127.0.0.1", 0);
    gateway = start(dir, POLICY);
    shadow = start(other, POLICY.replace("policy: default\n", "policy: default\nshadow: true\n"));
  }

  private RealGateway start(Path dir, String policy) throws Exception {
    ColourModel.writeInto(dir.resolve("models"));
    GatewayFiles files = new GatewayFiles(dir).terms(TERMS).policy("default", policy);
    return RealGateway.start(files.config(upstream.port(), DETECTORS));
  }

  @AfterAll
  void stop() {
    shadow.close();
    gateway.close();
    upstream.close();
  }

  @Test
  void eachAloneIsAllowedAndBothTogetherAreRefused() throws Exception {
    assertThat(gateway.generate(prompt("a green dog")).status()).isEqualTo(200);
    assertThat(gateway.generate(prompt("a green beach")).status()).isEqualTo(200);
    assertThat(gateway.generate(prompt("a green dog on the beach")).status()).isEqualTo(400);
    assertThat(gateway.generate(prompt("a d-o-g at the b.e.a.c.h")).status()).isEqualTo(400);
  }

  @Test
  void theyMayNotMeetOverTwoMembersOfARequestEither() throws Exception {
    assertThat(
            gateway
                .generate("{\"prompt\":\"a green dog\",\"system_prompt\":\"on the beach\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void aWordOfThePromptAndAPictureMayNotMeet() throws Exception {
    assertThat(gateway.generate(prompt("a magenta square")).status()).isEqualTo(200);
    assertThat(gateway.generate(prompt("a green square of a dog")).status()).isEqualTo(200);
    Answer refused = gateway.generate(prompt("a magenta square of a dog"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(gateway.decisions(refused))
        .extracting(row -> row.decision().stage())
        .containsExactly(Stage.PROMPT, Stage.OUTPUT_IMAGE);
  }

  /** Whoever probes must not learn which half, or which gate, was too much. */
  @Test
  void theRefusalTellsNeitherStageNorCategory() throws Exception {
    Answer early = gateway.generate(prompt("a green dog on the beach"));
    Answer late = gateway.generate(prompt("a magenta square of a dog"));
    String first = early.text().replace(early.requestId(), "ID");
    assertThat(first).isEqualTo(late.text().replace(late.requestId(), "ID"));
    assertThat(first).contains("moderation_blocked", "ID").doesNotContain("stand-in", "\"input\"");
    assertThat(early.response().headers().map().keySet())
        .isEqualTo(late.response().headers().map().keySet());
  }

  @Test
  void shadowRecordsWhatItWouldDoAndLetsPass() throws Exception {
    Answer answer = shadow.generate(prompt("a green zeppelin"));
    assertThat(answer.status()).isEqualTo(200);
    Decision decision = shadow.decisions(answer).getFirst().decision();
    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.wouldBe()).isEqualTo(Verdict.BLOCK);
    assertThat(shadow.metric("sallyport_decisions_total", "would_be=\"block\"")).isPositive();
    assertThat(
            shadow.metric("sallyport_violations_total", "rule=\"stand-in-term\",shadow=\"true\""))
        .isPositive();
    assertThat(gateway.generate(prompt("a green zeppelin")).status()).isEqualTo(400);
  }

  @Test
  void shadowDoesNotLoosenAFloor() throws Exception {
    assertThat(shadow.generate(prompt("a green dog on the beach")).status()).isEqualTo(400);
    assertThat(shadow.generate(prompt("a magenta square of a dog")).status()).isEqualTo(400);
  }
}
