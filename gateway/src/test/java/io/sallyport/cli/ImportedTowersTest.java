package io.sallyport.cli;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.GatewayFiles;
import io.sallyport.RealGateway;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import io.sallyport.testing.TowerExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From an export of CLIP's kind to a verdict on a picture: both halves imported, phrases embedded
 * by the one, pictures judged by the other, no card written by hand. Red is forbidden here.
 */
class ImportedTowersTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [pictures]
      rules:
        - id: stand-in-concept
          stage: output_image
          category: stand-in
          when: {score: {label: reddish, at_least: 0.8}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        pictures: {kind: image-concepts, model: pictures, file: concepts.yaml}
      models: {dir: models}
      lane: {prompt_deadline: 60s, image_deadline: 60s}
      """;

  @TempDir private Path dir;

  static Stream<TowerExports> exports() {
    return Stream.of(TowerExports.clip(0), TowerExports.clip(77), TowerExports.siglip());
  }

  @ParameterizedTest
  @MethodSource("exports")
  void aPictureIsComparedWithPhrases(TowerExports export) throws Exception {
    Path folder = export.write(dir.resolve("exports"));
    assertThat(imported(folder, TowerExports.TEXT_GRAPH, "words").out())
        .contains("text-embedding", "3 numbers");
    assertThat(imported(folder, TowerExports.IMAGE_GRAPH, "pictures").out())
        .contains("image-embedding", "shorter edge 16, cut to 16x16", "bicubic");
    String card = Files.readString(dir.resolve("gateway/models/words/model.yaml"));
    if (export.tokens() == 0 && export.family().equals("clip")) {
      assertThat(card).doesNotContain("pad:");
    } else {
      assertThat(card).containsPattern("pad: \\d+");
    }
    GatewayFiles files = concepts();
    files.policy("default", POLICY);
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(files.config(upstream.port(), DETECTORS))) {
      assertThat(gateway.generate(prompt("a blue circle")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a green circle")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a red circle")).status()).isEqualTo(400);
    }
  }

  private GatewayFiles concepts() throws IOException {
    GatewayFiles files = new GatewayFiles(dir.resolve("gateway"));
    files.write("phrases.txt", "a red circle\na blue circle\n");
    CommandRun run =
        CommandRun.of(
            "models",
            "embed",
            dir.resolve("gateway/phrases.txt"),
            "--model",
            dir.resolve("gateway/models/words"),
            "--out",
            dir.resolve("gateway/phrases"));
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("2 lines, 2 vectors of 3 numbers by words");
    String sha256 =
        run.out().lines().filter(line -> line.contains("sha256")).findFirst().orElseThrow();
    files.write(
        "concepts.yaml",
        """
        concepts: colours
        vectors: {prefix: phrases, sha256: "%s"}
        temperature: 0.05
        background: 0.3
        labels: {reddish: {positive: [1], contrast: [2]}}
        """
            .formatted(sha256.strip().split("\\s+")[1]));
    return files;
  }

  private CommandRun imported(Path folder, String graph, String name) {
    CommandRun run = run(folder, graph, name);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    return run;
  }

  private CommandRun run(Path folder, String graph, String name) {
    return CommandRun.of(
        "models",
        "import",
        folder,
        "--models",
        dir.resolve("gateway/models"),
        "--graph",
        graph,
        "--name",
        name);
  }

  @Test
  void withoutAChoiceTheHalvesAreNamed() throws Exception {
    Path folder = TowerExports.clip(0).write(dir);
    CommandRun run = CommandRun.of("models", "import", folder, "--models", dir.resolve("models"));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("choose one with --graph: [onnx/text_model.onnx, onnx/vision_model.onnx]");
  }

  @Test
  void bothHalvesInOneGraphAreRefused() throws Exception {
    Path folder = TowerExports.clip(0).write(dir);
    byte[] both =
        new OnnxWriter("both")
            .input("input_ids", ElementType.INT64, Dim.of(1), Dim.of(2))
            .input("pixel_values", ElementType.FLOAT32, Dim.of(1), Dim.of(2))
            .node("Identity", List.of("pixel_values"), "logits")
            .output("logits", ElementType.FLOAT32, Dim.of(1), Dim.of(2))
            .toBytes();
    Files.write(folder.resolve("onnx/model.onnx"), both);
    assertThat(run(folder, "onnx/model.onnx", "both").err())
        .contains("takes a text and a picture at once", "onnx/text_model.onnx");
  }

  /** What comes before the projection has the same shape, and lies elsewhere. */
  @Test
  void anOutputThatIsNotInTheSharedSpaceIsRefused() throws Exception {
    Path folder =
        new TowerExports("clip", "clip", "clip", "pooler_output", "pooler_output", 0).write(dir);
    assertThat(run(folder, TowerExports.TEXT_GRAPH, "words").err())
        .contains("gives [pooler_output]; expected 'text_embeds'");
    assertThat(run(folder, TowerExports.IMAGE_GRAPH, "pictures").err())
        .contains("gives [pooler_output]; expected 'image_embeds'");
  }

  @Test
  void paddingThatNoFileNamesIsRefused() throws Exception {
    Path folder = TowerExports.clip(77).write(dir);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"[PAD]\"}");
    assertThat(run(folder, TowerExports.TEXT_GRAPH, "words").err())
        .contains("no pad_token that tokenizer.json has");
  }
}
