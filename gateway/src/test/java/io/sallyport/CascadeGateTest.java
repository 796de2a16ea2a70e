package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.Replay;
import io.sallyport.decide.NotAsked;
import io.sallyport.decide.NotAsked.Why;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyLoader;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.StandInClassifier;
import io.sallyport.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second opinions and advisory models from their files to a verdict, on harmless stand-ins. */
class CascadeGateTest {
  private static final String TERMS =
      """
      lexicon: stand-ins
      terms:
        - {term: paper, label: aircraft, weight: 0.1}
        - {term: kite, label: aircraft, weight: 0.5}
        - {term: balloon, label: aircraft, weight: 0.9}
      """;
  private static final String POLICY =
      """
      policy: default
      detectors: [terms, prompt-airships, colours, colours-again]
      second_opinion:
        - detector: prompt-airships
          when: {score: {detector: terms, label: aircraft, between: [0.30, 0.85]}}
        - detector: colours-again
          when: {score: {detector: colours, label: magenta, between: [0.05, 1]}}
      rules:
        - id: sure
          stage: prompt
          category: stand-in
          when: {score: {detector: terms, label: aircraft, at_least: 0.85}}
          verdict: block
        - id: confirmed
          stage: prompt
          category: stand-in
          when: {score: {detector: prompt-airships, label: airship, at_least: 0.80}}
          verdict: block
        - id: confirmed-picture
          stage: output_image
          category: stand-in
          when: {score: {detector: colours-again, label: magenta, at_least: 0.30}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        terms: {kind: lexicon, file: terms.yaml}
        prompt-airships: {kind: text-classifier, model: airships}
        colours: {kind: image-classifier, model: magenta}
        colours-again: {kind: image-classifier, model: magenta}
      models: {dir: models}
      lane: {prompt_deadline: 60s, image_deadline: 60s}
      """;

  @TempDir private Path dir;
  private StandInImageService upstream;

  @BeforeEach
  void start() throws Exception {
    upstream = StandInImageService.start("127.0.0.1", 0);
    StandInClassifier.writeInto(dir.resolve("models"));
    ColourModel.writeInto(dir.resolve("models"));
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private RealGateway gateway(String policy) throws Exception {
    return RealGateway.start(
        new GatewayFiles(dir)
            .terms(TERMS)
            .policy("default", policy)
            .config(upstream.port(), DETECTORS));
  }

  private static AuditEvent.Decided decision(RealGateway gateway, Answer answer, Stage stage) {
    return gateway.decisions(answer).stream()
        .filter(it -> it.decision().stage() == stage)
        .findFirst()
        .orElseThrow();
  }

  private static NotAsked spared(String detector) {
    return new NotAsked(0, detector, Why.BAND);
  }

  @Test
  void theSecondDetectorIsAskedWhereTheFirstDoubts() throws Exception {
    try (RealGateway gateway = gateway(POLICY)) {
      double before = runs(gateway, "prompt-airships");
      Answer below = gateway.generate(prompt("a paper zeppelin, green"));
      Answer doubt = gateway.generate(prompt("a kite, green"));
      Answer confirmed = gateway.generate(prompt("a kite and a zeppelin, green"));
      Answer above = gateway.generate(prompt("a balloon, green"));
      assertThat(List.of(below, doubt, confirmed, above))
          .extracting(Answer::status)
          .containsExactly(200, 200, 400, 400);
      assertThat(runs(gateway, "prompt-airships") - before).isEqualTo(2);
      for (Answer spared : List.of(below, above)) {
        assertThat(decision(gateway, spared, Stage.PROMPT).decision().notAsked())
            .containsExactly(spared("prompt-airships"));
      }
      assertThat(decision(gateway, doubt, Stage.PROMPT).decision().notAsked()).isEmpty();
      assertThat(
              gateway.metric(
                  "sallyport_not_asked_total",
                  "detector=\"prompt-airships\",stage=\"prompt\",why=\"band\""))
          .isEqualTo(2);
    }
  }

  @Test
  void aRepeatedPromptIsDecidedFromTheCacheAsBefore() throws Exception {
    try (RealGateway gateway = gateway(POLICY)) {
      for (String text : List.of("a paper boat, green", "a kite, green")) {
        AuditEvent.Decided first = decision(gateway, gateway.generate(prompt(text)), Stage.PROMPT);
        AuditEvent.Decided again = decision(gateway, gateway.generate(prompt(text)), Stage.PROMPT);
        assertThat(first.cached()).isFalse();
        assertThat(again.cached()).isTrue();
        assertThat(again.decision()).isEqualTo(first.decision());
      }
      assertThat(gateway.metric("sallyport_not_asked_total", "prompt-airships")).isEqualTo(1);
    }
  }

  @Test
  void aPictureIsDecodedOnceForBothDetectors() throws Exception {
    try (RealGateway gateway = gateway(POLICY)) {
      double before = runs(gateway, "prepare\",result=\"ok\",stage=\"output_image");
      Answer green = gateway.generate(prompt("a green square"));
      Answer magenta = gateway.generate(prompt("a magenta square"));
      assertThat(green.status()).isEqualTo(200);
      assertThat(magenta.status()).isEqualTo(400);
      assertThat(decision(gateway, green, Stage.OUTPUT_IMAGE).decision().notAsked())
          .containsExactly(spared("colours-again"));
      assertThat(decision(gateway, magenta, Stage.OUTPUT_IMAGE).decision().evidence().own())
          .extracting(signal -> signal.detector())
          .containsExactly("colours", "colours-again");
      assertThat(runs(gateway, "prepare\",result=\"ok\",stage=\"output_image") - before)
          .isEqualTo(2);
    }
  }

  @Test
  void everyDecisionReplaysFromTheRecord() throws Exception {
    try (RealGateway gateway = gateway(POLICY)) {
      for (String text : List.of("a paper boat", "a kite", "a magenta square", "a balloon")) {
        gateway.generate(prompt(text));
      }
      Policy policy = PolicyLoader.load(dir.resolve("policies")).get("default").orElseThrow();
      List<AuditEvent.Decided> decisions = gateway.decisions();
      assertThat(decisions).hasSize(7).anyMatch(it -> !it.decision().notAsked().isEmpty());
      assertThat(decisions)
          .map(it -> Replay.of(it, policy))
          .allMatch(Replay::samePolicy)
          .allMatch(Replay::identical);
    }
  }

  @Test
  void aBandThatWouldBeMilderAboveStopsTheStart() throws Exception {
    String mild = POLICY.replace("at_least: 0.85", "at_least: 0.95");
    var refused = catchThrowableOfType(InvalidFileException.class, () -> gateway(mild).close());
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("default.yaml:4", "milder verdict at prompt");
  }

  @Test
  void anAdvisoryModelFlagsAndNeverBlocks() throws Exception {
    Path card = dir.resolve("models/magenta/model.yaml");
    Files.writeString(card, "advisory: true\n", StandardOpenOption.APPEND);
    try (RealGateway gateway = gateway(POLICY)) {
      Answer magenta = gateway.generate(prompt("a magenta square"));
      assertThat(magenta.status()).isEqualTo(200);
      AuditEvent.Decided decided = decision(gateway, magenta, Stage.OUTPUT_IMAGE);
      assertThat(decided.decision().verdict()).isEqualTo(Verdict.FLAG);
      assertThat(decided.decision().evidence().advisory())
          .containsExactlyInAnyOrder("colours", "colours-again");
      Policy policy = PolicyLoader.load(dir.resolve("policies")).get("default").orElseThrow();
      assertThat(Replay.of(decided, policy).identical()).isTrue();
      assertThat(gateway.get(gateway.adminUrl() + "/api/v1/status").text())
          .contains("\"advisory\":true");
    }
  }

  private static double runs(RealGateway gateway, String detector) throws Exception {
    return gateway.metric("sallyport_detection_seconds_count", "detector=\"" + detector);
  }
}
