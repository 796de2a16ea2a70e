package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model that has no answer to one word, from its failures to its circuit and back. */
class CircuitGateTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [prompt-kites]
      rules:
        - id: no-bicycle
          stage: prompt
          category: stand-in
          when: {score: {label: bicycle, at_least: 0.8}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors: {prompt-kites: {kind: text-classifier, model: kites}}
      models: {dir: models}
      lane: {prompt_deadline: 60s, circuit: {window: 4, failures: 2, delay: %s, delay_max: 1h}}
      """;
  private static final String CARD =
      """
      model: kites
      kind: text-classifier
      licence: Apache-2.0
      source: "written by the tests of Sallyport"
      files:
        model.onnx: %s
        tokenizer.json: %s
      input: {tokenizer: tokenizer.json, ids: ids, max_tokens: 64, beyond: windows, window: 64, stride: 32}
      output: {tensor: logits, labels: [bicycle], activation: sigmoid}
      threads: 1
      examples:
        - {input: {text: "a"}, expect: {bicycle: 0.018}, tolerance: 0.01}
      """;
  private static final String TOKENIZER =
      """
      {"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"kite":5,"##s":6}}}
      """;

  @TempDir private Path dir;

  @Test
  void aModelThatFailsIsLeftAloneForAllToSee() throws Exception {
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(config(upstream.port(), "1h"))) {
      assertThat(gateway.generate(prompt("a house")).status()).isEqualTo(200);
      assertThat(circuit(gateway)).isEqualTo("closed");
      for (int i = 0; i < 2; i++) {
        assertThat(causeOf(gateway, gateway.generate(prompt("a kite"))))
            .isEqualTo(Cause.BAD_OUTPUT);
      }
      Answer refused = gateway.generate(prompt("a tree"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.code()).isEqualTo("check_unavailable");
      assertThat(causeOf(gateway, refused)).isEqualTo(Cause.CIRCUIT_OPEN);

      assertThat(circuit(gateway)).isEqualTo("open");
      assertThat(gateway.metric("sallyport_circuit_state", "model=\"kites\"")).isEqualTo(2);
      assertThat(gateway.metric("sallyport_circuit_changes_total", "state=\"open\"")).isEqualTo(1);
      assertThat(gateway.metric("sallyport_detection_seconds_count", "cause=\"circuit_open\""))
          .isPositive();
      Poll.until("on record", () -> !gateway.lifecycle("circuit_open").isEmpty());
      assertThat(gateway.lifecycle("circuit_open"))
          .singleElement()
          .satisfies(row -> assertThat(row.details()).isEqualTo(Map.of("model", "kites")));
    }
  }

  @Test
  void aLiveRequestTriesItAndBringsItBack() throws Exception {
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(config(upstream.port(), "1ms"))) {
      for (int i = 0; i < 2; i++) {
        gateway.generate(prompt("a kite"));
      }
      Poll.until("it is well again", () -> gateway.generate(prompt("a house")).status() == 200);
      assertThat(circuit(gateway)).isEqualTo("closed");
      assertThat(gateway.metric("sallyport_circuit_state", "model=\"kites\"")).isZero();
      Poll.until("on record", () -> !gateway.lifecycle("circuit_closed").isEmpty());
      assertThat(gateway.lifecycle("circuit_half_open")).isNotEmpty();
    }
  }

  private static String circuit(RealGateway gateway) throws Exception {
    return gateway
        .get(gateway.adminUrl() + "/health/ready")
        .json()
        .path("circuits")
        .path("kites")
        .asString("none");
  }

  private static Cause causeOf(RealGateway gateway, Answer answer) {
    List<Signal> signals = gateway.decisions(answer).getFirst().decision().evidence().own();
    assertThat(signals).hasSize(1);
    assertThat(signals.getFirst().stage()).isEqualTo(Stage.PROMPT);
    return ((Signal.Unavailable) signals.getFirst()).cause();
  }

  private Path config(int upstream, String delay) throws Exception {
    Path folder = Files.createDirectories(dir.resolve("models/kites"));
    byte[] graph = graph();
    Files.write(folder.resolve("model.onnx"), graph);
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
    Files.writeString(
        folder.resolve("model.yaml"), CARD.formatted(sha256(graph), sha256(TOKENIZER.getBytes())));
    return new GatewayFiles(dir)
        .policy("default", POLICY)
        .config(upstream, DETECTORS.formatted(delay));
  }

  /** The logit is the sum of the tokens' rows: far below 0, and no number where a kite is. */
  private static byte[] graph() {
    return new OnnxWriter("kites")
        .input("ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
        .floats("rows", new long[] {7, 1}, 0, 0, 0, 0, -4, Float.NaN, 0)
        .node("Gather", List.of("rows", "ids"), "found")
        .longs("axes", new long[] {1}, 1)
        .node("ReduceSum", List.of("found", "axes"), "logits", Attribute.number("keepdims", 0))
        .output("logits", ElementType.FLOAT32, Dim.named("batch"), Dim.of(1))
        .toBytes();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
