package io.sallyport.detect.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.testing.Exports;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportImportTest {
  private static final List<String> INPUTS =
      List.of("input_ids", "attention_mask", "token_type_ids");
  private static final String MULTI = "\"problem_type\": \"multi_label_classification\",";
  private static OnnxRuntime runtime;

  @TempDir private Path dir;

  @BeforeAll
  static void open() {
    runtime = OnnxRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void tellsWhatItTookAndWhatItAssumed() throws IOException {
    Path export = bert("model.onnx", MULTI);
    assertThat(run(export))
        .containsExactly(
            "  graph       model.onnx (the folder)",
            "  inputs      input_ids, attention_mask, token_type_ids (the graph)",
            "  tokenizer   WordPiece, cased, with accents, 809 tokens (tokenizer.json)",
            "  max_tokens  512 (model_max_length in tokenizer_config.json)",
            "  windows     512 tokens, one every 256 (assumed: the classifier was trained on whole"
                + " texts)",
            "  labels      3: airship, bicycle, other (id2label in config.json)",
            "  activation  sigmoid (problem_type in config.json)",
            "  kind        text-classifier (the graph)",
            "  licence     not stated (assumed: the export does not say; see --licence)",
            "  self-test   passed, on the examples in the card (this machine's answers)",
            "  card        "
                + dir.resolve("models/stand-in/model.yaml")
                + " (digests of all files in it)");
  }

  @Test
  void theCardHoldsTheModelsOwnAnswers() throws IOException {
    Path export = bert("model.onnx", MULTI);
    Files.writeString(export.resolve("README.md"), "---\nlanguage: en\nlicense: mit\n---\n# A\n");
    run(export);
    Path made = dir.resolve("models/stand-in");
    assertThat(Files.readString(made.resolve("model.yaml")))
        .contains("licence: \"mit\"")
        .contains("source: \"export Stand-In\"")
        .contains("mask: attention_mask, types: token_type_ids, max_tokens: 512")
        .contains(
            "{text: \"the harbour at dawn\"}, expect: {\"other\": 0.8808, \"airship\": 0.0180");
    assertThat(made).isDirectoryContaining("glob:**README.md");
    assertThat(dir.resolve("models")).isDirectoryNotContaining("glob:**/.import-*");
  }

  @Test
  void thePlainGraphComesBeforeTheQuantisedOne() throws IOException {
    Path export = bert("onnx/model.onnx", MULTI);
    Files.copy(export.resolve("onnx/model.onnx"), export.resolve("onnx/model_quantized.onnx"));
    assertThat(run(export)).contains("  graph       onnx/model.onnx (the folder)");
    assertThat(dir.resolve("models/stand-in/model.onnx")).exists();
  }

  @Test
  void theOperatorMayChooseTheGraph() throws IOException {
    Path export = bert("onnx/model_O3.onnx", MULTI);
    assertThat(refused(export))
        .singleElement()
        .asString()
        .contains("is not there", "choose one with --graph: [onnx/model_O3.onnx]");
    run(request(export, "chosen", Optional.of("onnx/model_O3.onnx")));
    assertThat(dir.resolve("models/chosen/model_O3.onnx")).exists();
  }

  @Test
  void namesThatAreMissingAreTheLibrarysOwn() throws IOException {
    Path export = bert("model.onnx", MULTI);
    edit(export, "config.json", "\"id2label\"", "\"unknown\"");
    assertThat(run(export))
        .anySatisfy(line -> assertThat(line).contains("LABEL_0, LABEL_1, LABEL_2 (assumed"));
  }

  @Test
  void labelsThatDoNotFitACardAreShortenedOrNumbered() throws IOException {
    Path export = bert("model.onnx", MULTI);
    String synonyms = "staffordshire terrier, " + "pit bull terrier, ".repeat(4);
    edit(export, "config.json", "\"airship\"", "\"" + synonyms + "\"");
    edit(export, "config.json", "\"bicycle\"", "\"crane\"");
    edit(export, "config.json", "\"other\"", "\"crane\"");
    assertThat(run(export))
        .anySatisfy(
            line -> assertThat(line).contains("3: staffordshire terrier, crane, crane 2 ("));
  }

  @Test
  void positionsThatHoldNoTokenAreNotCounted() throws IOException {
    Path export =
        new Exports.Text(
                "Stand-In",
                "xlm-roberta",
                "XLMRobertaForSequenceClassification",
                "xlm-roberta",
                List.of("input_ids", "attention_mask"),
                "model.onnx",
                "")
            .writeClassifier(dir);
    Files.delete(export.resolve("tokenizer_config.json"));
    assertThat(run(export))
        .contains(
            "  max_tokens  512 (max_position_embeddings in config.json, of which 2 hold no token)",
            "  activation  softmax (assumed: no problem_type, and labels exclude each other)");
  }

  /** Each line: a file, a piece of it, what stands there instead, and the refusal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "config.json | { | [ | config.json: not JSON",
        "config.json | \"2\": | \"7\": | id2label does not count from 0 without a gap",
        "config.json | , \"2\": \"other\" | `` | id2label has 2 labels, the graph gives 3",
        "config.json | multi_label_classification | regression | problem_type 'regression'",
        "config.json | \"bert\" | \"t5\" | model_type 't5' is none of [albert, bert",
        "config.json | ForSequenceClassification | ForMaskedLM | gives no label for a text",
        "tokenizer_config.json | { | {\"do_lower_case\": true, | do_lower_case: true, but"
            + " tokenizer.json has lowercase: false",
        "tokenizer_config.json | { | {\"tokenize_chinese_chars\": false, | tokenizer.json has"
            + " handle_chinese_chars: true",
        "tokenizer.json | BertNormalizer | Nmt | without a BertNormalizer",
        "tokenizer.json | { | [ | tokenizer.json: not an object"
      })
  void refuses(String file, String part, String instead, String why) throws IOException {
    Path export = bert("model.onnx", MULTI);
    edit(export, file, part, instead);
    assertThat(refused(export)).singleElement().asString().contains(file, why);
    assertThat(dir.resolve("models")).doesNotExist();
  }

  @Test
  void refusesSpecialTokensThatStandElsewhere() throws IOException {
    Path export = bert("model.onnx", MULTI);
    Files.writeString(
        export.resolve("special_tokens_map.json"),
        "{\"cls_token\": {\"content\": \"[MASK]\"}, \"sep_token\": \"[SEP]\"}");
    assertThat(refused(export)).singleElement().asString().contains("cls_token is '[MASK]'");
  }

  @Test
  void refusesWeightsOutsideTheGraph() throws IOException {
    for (String outside : List.of("model.onnx_data", "model.onnx.data")) {
      Path export = bert("onnx/model.onnx", MULTI);
      Files.writeString(export.resolve("onnx/" + outside), "weights");
      assertThat(refused(export))
          .singleElement()
          .asString()
          .contains("has weights in [" + outside + "]");
      Files.delete(export.resolve("onnx/" + outside));
    }
  }

  @Test
  void refusesWhatIsMissing() throws IOException {
    Path export = bert("model.onnx", MULTI);
    Files.delete(export.resolve("tokenizer.json"));
    assertThat(refused(export)).singleElement().asString().contains("save the tokenizer");
    Files.delete(export.resolve("config.json"));
    Files.delete(export.resolve("model.onnx"));
    assertThat(refused(export))
        .extracting(Problem::message)
        .anySatisfy(message -> assertThat(message).startsWith("is not there, nor"))
        .anySatisfy(message -> assertThat(message).isEqualTo("is not there"));
  }

  @Test
  void refusesGraphsThatNobodyCanFeed() throws IOException {
    Path export = bert("model.onnx", MULTI);
    Files.writeString(export.resolve("model.onnx"), "no graph");
    assertThat(refused(export)).singleElement().asString().contains("not an ONNX model");
    Files.write(export.resolve("model.onnx"), identity("audio", ElementType.FLOAT32, Dim.of(1)));
    assertThat(refused(export))
        .singleElement()
        .asString()
        .contains("takes [audio], neither input_ids nor pixel_values");
    Files.write(
        export.resolve("model.onnx"),
        identity("input_ids", ElementType.INT64, Dim.of(1), Dim.of(128)));
    assertThat(refused(export))
        .extracting(Problem::message)
        .anySatisfy(message -> assertThat(message).contains("any number of tokens"))
        .anySatisfy(message -> assertThat(message).contains("a classifier gives 'logits'"));
    Files.write(
        export.resolve("model.onnx"), identity("pixel_values", ElementType.FLOAT32, Dim.of(1)));
    assertThat(refused(export))
        .extracting(Problem::message)
        .anySatisfy(message -> assertThat(message).contains("not float32 of four dimensions"))
        .anySatisfy(
            message -> assertThat(message).contains("nothing tells how pictures are scaled"))
        .anySatisfy(message -> assertThat(message).contains("gives no label for an image"));
  }

  private static byte[] identity(String input, ElementType type, Dim... shape) {
    return new OnnxWriter("odd")
        .input(input, type, shape)
        .node("Identity", List.of(input), "same")
        .output("same", type, shape)
        .toBytes();
  }

  @Test
  void refusesPoolingThatIsNotOurs() throws IOException {
    Path export =
        new Exports.Text("Stand-In", "bert", "BertModel", "bert-cased", INPUTS, "model.onnx", "")
            .writeVectors(dir);
    Files.createDirectories(export.resolve("1_Pooling"));
    Files.createDirectories(export.resolve("2_Dense"));
    Files.writeString(export.resolve("2_Dense/config.json"), "{}");
    Files.writeString(
        export.resolve("1_Pooling/config.json"), "{\"pooling_mode_max_tokens\":true}");
    assertThat(refused(export))
        .extracting(Problem::message)
        .containsExactly(
            "a layer after the pooling, outside the graph, is not supported",
            "[pooling_mode_max_tokens] is neither the mean nor the first token alone");
  }

  @Test
  void refusesAPlaceThatIsTaken() throws IOException {
    Path export = bert("model.onnx", MULTI);
    run(export);
    assertThat(refused(export)).singleElement().asString().contains("is there already");
    assertThat(dir.resolve("models")).isDirectoryNotContaining("glob:**/.import-*");
  }

  @Test
  void refusesNamesThatNoModelCanHave() throws IOException {
    Path export = bert("model.onnx", MULTI);
    assertThat(problems(request(export, "A b", Optional.empty())))
        .singleElement()
        .asString()
        .contains("'A b' cannot name a model");
    ExportRequest inPlace =
        new ExportRequest(
            export,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(problems(inPlace)).singleElement().asString().contains("'Stand-In' cannot name");
    assertThat(export.resolve("model.yaml")).doesNotExist();
  }

  private Path bert(String graph, String more) throws IOException {
    return new Exports.Text(
            "Stand-In", "bert", "BertForSequenceClassification", "bert-cased", INPUTS, graph, more)
        .writeClassifier(dir);
  }

  private static void edit(Path export, String file, String part, String instead)
      throws IOException {
    String text = Files.readString(export.resolve(file));
    assertThat(text).contains(part);
    int at = text.indexOf(part);
    Files.writeString(
        export.resolve(file), text.substring(0, at) + instead + text.substring(at + part.length()));
  }

  private ExportRequest request(Path export, String name, Optional<String> graph) {
    return new ExportRequest(
        export,
        Optional.of(dir.resolve("models")),
        Optional.of(name),
        graph,
        Optional.empty(),
        Optional.empty());
  }

  private List<String> run(Path export) throws IOException {
    return run(
        new ExportRequest(
            export,
            Optional.of(dir.resolve("models")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static List<String> run(ExportRequest request) throws IOException {
    return new ExportImport(runtime, Tokenizers::open, request).run();
  }

  private List<Problem> refused(Path export) {
    return problems(request(export, "stand-in", Optional.empty()));
  }

  private static List<Problem> problems(ExportRequest request) {
    return catchThrowableOfType(InvalidFileException.class, () -> run(request)).problems();
  }
}
