package io.sallyport.cli;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.GatewayFiles;
import io.sallyport.RealGateway;
import io.sallyport.RealGateway.Answer;
import io.sallyport.demo.StandInImageService;
import io.sallyport.testing.Exports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From an export's folder to a verdict, with one command and no card written by hand. */
class ImportedExportsTest {
  private static final String MULTI = "\"problem_type\": \"multi_label_classification\",";
  private static final String SINGLE = "\"problem_type\": \"single_label_classification\",";
  private static final List<String> TWO = List.of("input_ids", "attention_mask");
  private static final List<String> THREE =
      List.of("input_ids", "attention_mask", "token_type_ids");
  private static final String VIT =
      """
      {"do_normalize": true, "do_rescale": true, "do_resize": true,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2,
       "image_processor_type": "ViTImageProcessor", "rescale_factor": 0.00392156862745098,
       "size": {"height": 32, "width": 32}}
      """;
  private static final String IMAGENET =
      """
      {"crop_size": {"height": 32, "width": 32}, "do_center_crop": true, "do_normalize": true,
       "do_rescale": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406],
       "image_std": [0.229, 0.224, 0.225], "resample": 3, "rescale_factor": 0.00392156862745098,
       "size": {"shortest_edge": 36}}
      """;

  private static final String POLICY =
      """
      policy: default
      detectors: [imported]
      rules:
        - id: stand-in
          stage: %s
          category: stand-in
          when: {score: {label: %s, at_least: 0.8}}
          verdict: block
      """;

  @TempDir private Path dir;

  static Stream<Exports.Text> classifiers() {
    return Stream.of(
        text("bert-base-cased", "bert", "Bert", "bert-cased", THREE, "model.onnx", MULTI),
        text(
            "DistilBERT_SST",
            "distilbert",
            "DistilBert",
            "bert-stripped",
            TWO,
            "onnx/model.onnx",
            SINGLE),
        text("roberta-base", "roberta", "Roberta", "roberta", TWO, "model.onnx", SINGLE),
        text("deberta-v1", "deberta", "Deberta", "roberta-prefix", THREE, "model.onnx", ""),
        text(
            "deberta-v3-small",
            "deberta-v2",
            "DebertaV2",
            "deberta-v3",
            THREE,
            "onnx/model.onnx",
            MULTI),
        text(
            "xlm-roberta-base",
            "xlm-roberta",
            "XLMRoberta",
            "xlm-roberta",
            TWO,
            "model_quantized.onnx",
            SINGLE),
        text(
            "xlm-roberta-2020",
            "xlm-roberta",
            "XLMRoberta",
            "xlm-roberta-old",
            TWO,
            "onnx/model_quantized.onnx",
            ""),
        text("albert-base-v2", "albert", "Albert", "albert", THREE, "model.onnx", SINGLE));
  }

  private static Exports.Text text(
      String folder,
      String family,
      String architecture,
      String tokenizer,
      List<String> inputs,
      String graph,
      String more) {
    return new Exports.Text(
        folder, family, architecture + "ForSequenceClassification", tokenizer, inputs, graph, more);
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void aTextClassifierJudges(Exports.Text export) throws Exception {
    String name = imported(export.writeClassifier(dir.resolve("exports")));
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway =
            gateway(
                upstream.port(), "prompt", "airship", "kind: text-classifier, model: " + name)) {
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("two bicycles in front of a bakery")).status())
          .isEqualTo(200);
      Answer refused = gateway.generate(prompt("a zeppelin over the harbour"));
      assertThat(refused.status()).isEqualTo(400);
      String longer = "red and green squares, ".repeat(300) + "and a zeppelin";
      assertThat(gateway.generate(prompt(longer)).status()).isEqualTo(400);
      assertThat(gateway.decisions(refused).getFirst().decision().toString())
          .contains("imported", "airship", "bicycle");
    }
  }

  @Test
  void aSentenceModelJudges() throws Exception {
    Path export =
        new Exports.Text(
                "paraphrase", "mpnet", "MPNetForMaskedLM", "roberta", TWO, "onnx/model.onnx", "")
            .writeVectors(dir.resolve("exports"));
    Files.createDirectories(export.resolve("1_Pooling"));
    Files.writeString(
        export.resolve("1_Pooling/config.json"),
        "{\"word_embedding_dimension\": 4, \"pooling_mode_cls_token\": false,"
            + " \"pooling_mode_mean_tokens\": true}");
    String name = imported(export);
    Files.createDirectories(dir.resolve("gateway"));
    Files.writeString(
        dir.resolve("gateway/concepts.yaml"),
        """
        concepts: imported
        labels: {airship: {positive: [" a zeppelin"], contrast: [" a bicycle", "the harbour"]}}
        """);
    String detector = "kind: concepts, file: concepts.yaml, model: " + name;
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = gateway(upstream.port(), "prompt", "airship", detector)) {
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a red zeppelin")).status()).isEqualTo(400);
    }
  }

  static Stream<Exports.Image> pictures() {
    return Stream.of(
        new Exports.Image("vit-base", "vit", "ViTForImageClassification", 0, VIT),
        new Exports.Image("swin-tiny", "swin", "SwinForImageClassification", 32, VIT),
        new Exports.Image("resnet-50", "resnet", "ResNetForImageClassification", 0, IMAGENET));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void anImageClassifierJudges(Exports.Image export) throws Exception {
    String name = imported(export.write(dir.resolve("exports")));
    String detector = "kind: image-classifier, model: " + name;
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = gateway(upstream.port(), "output_image", "magenta", detector)) {
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a magenta square")).status()).isEqualTo(400);
    }
  }

  @Test
  void inPlaceTheExportOnlyGetsACard() throws Exception {
    Path models = dir.resolve("gateway/models");
    Path export =
        text("airships", "roberta", "Roberta", "roberta", TWO, "onnx/model.onnx", SINGLE)
            .writeClassifier(models);
    Run run = run("models", "import", export, "--in-place");
    assertThat(run.err).isEmpty();
    assertThat(run.exit).isZero();
    assertThat(Files.readString(export.resolve("model.yaml"))).contains("onnx/model.onnx: ");
    assertThat(run("models", "verify", export).exit).isZero();
    assertThat(run("models", "import", export, "--in-place").err).contains("is there already");
  }

  @Test
  void everyProblemIsToldAtOnceAndNothingIsLeft() throws Exception {
    Path export =
        text(
                "odd",
                "gpt2",
                "GPT2",
                "roberta",
                TWO,
                "model.onnx",
                "\"problem_type\": \"regression\",")
            .writeClassifier(dir);
    Files.writeString(
        export.resolve("tokenizer.json"),
        Files.readString(export.resolve("tokenizer.json")).replace("\"BPE\"", "\"WordLevel\""));
    Run run = run("models", "import", export, "--models", dir.resolve("models"));
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .contains("model_type 'gpt2' is none of")
        .contains("the model is 'WordLevel'")
        .contains("problem_type 'regression'")
        .contains("3 problems")
        .doesNotContain("\tat ");
    assertThat(dir.resolve("models")).doesNotExist();
  }

  @Test
  void usedWronglyItSaysHow() {
    assertThat(run("models", "import", dir, "--models", dir, "--in-place").exit).isEqualTo(2);
    assertThat(run("models", "import", dir).err).contains("either --models DIR or --in-place");
    assertThat(run("models", "import", "nsfwjs").err).contains("name the folder of models");
    assertThat(run("models", "import", "absent", "--models", dir).err).contains("no such source");
  }

  /** Imports below the gateway's models; the model's name. */
  private String imported(Path export) {
    Run run = run("models", "import", export, "--models", dir.resolve("gateway/models"));
    assertThat(run.err).isEmpty();
    assertThat(run.exit).isZero();
    List<String> lines = run.out.lines().toList();
    Path card = Path.of(lines.getLast().replaceAll("^ *card +(.*) \\(.*\\)$", "$1"));
    assertThat(card).exists();
    return card.getParent().getFileName().toString();
  }

  private RealGateway gateway(int upstream, String stage, String label, String detector)
      throws Exception {
    GatewayFiles files = new GatewayFiles(dir.resolve("gateway"));
    files.policy("default", POLICY.formatted(stage, label));
    return RealGateway.start(
        files.config(
            upstream,
            "detectors:\n  imported: {"
                + detector
                + "}\nmodels: {dir: models}\n"
                + "lane: {prompt_deadline: 60s, image_deadline: 60s}\n"));
  }

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int exit = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Run(exit, out.toString(), err.toString());
  }

  private record Run(int exit, String out, String err) {}
}
