package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.ModelUse;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardReaderTest {
  private static final String IMAGE = Folders.imageCard(new byte[0]);
  private static final String TEXT = Folders.textCard(new byte[0], new byte[0]);
  private static final String CLASSIFIER = Folders.classifierCard(new byte[0], new byte[0]);

  /** A text classifier's card with both kinds of calibration. */
  static final String CALIBRATED =
      CLASSIFIER.replace(
          "activation: sigmoid",
          "activation: sigmoid, calibration: {dog: {temperature: 2}, beach: {platt: [-1.5, 0.5]}}");

  private final Problems problems = new Problems();

  @Test
  void readsAnImageClassifier() {
    ModelCard card = read(IMAGE).orElseThrow();

    assertThat(card.name()).isEqualTo("means");
    assertThat(card.deadline()).isEqualTo(Duration.ofSeconds(2));
    assertThat(card.threads()).isEqualTo(ModelUse.ALL_THREADS);
    assertThat(card.onnxFile()).isEqualTo("model.onnx");
    var kind = (Kind.ImageClassification) card.kind();
    assertThat(kind.input().shape()).containsExactly(1, 3, 8, 8);
    assertThat(kind.input().std()).containsExactly(1.0, 1.0, 1.0);
    assertThat(kind.output().labels()).containsExactly("red", "green", "blue");
    assertThat(kind.examples().getFirst().line()).isEqualTo(10);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void readsHowManyRunsMayBeUnderWayAtOnce() {
    ModelCard card = read(IMAGE + "threads: 2\n").orElseThrow();

    assertThat(card.use())
        .isEqualTo(new ModelUse("means", card.digest(), 2, Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "two"})
  void refusesAnotherNumberOfThreads(String threads) {
    assertThat(read(IMAGE + "threads: " + threads + "\n")).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .asString()
        .contains("threads: expected a whole number");
  }

  @Test
  void readsThatAModelOnlyAdvises() {
    assertThat(read(IMAGE).orElseThrow().advisory()).isFalse();
    ModelCard advised = read(IMAGE + "advisory: true\n").orElseThrow();
    assertThat(advised.advisory()).isTrue();
    assertThat(advised.digest()).isNotEqualTo(read(IMAGE).orElseThrow().digest());
    assertThat(read(IMAGE + "advisory: yes\n")).isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("advisory: expected true");
  }

  @Test
  void readsHowAPictureIsFramed() {
    assertThat(framing("side: 8")).isEqualTo(Framing.square(8));
    assertThat(framing("side: 8, resize: {mode: stretch}")).isEqualTo(Framing.square(8));
    assertThat(framing("width: 16, height: 8, kernel: bicubic, resize: {mode: shortest-edge}"))
        .isEqualTo(new Framing(16, 8, new Framing.ShortestEdge(16), Framing.Kernel.BICUBIC));
    assertThat(framing("side: 8, kernel: bilinear, resize: {mode: shortest-edge, to: 10}"))
        .isEqualTo(new Framing(8, 8, new Framing.ShortestEdge(10), Framing.Kernel.BILINEAR));
    assertThat(framing("side: 8, resize: {mode: letterbox}").resize())
        .isEqualTo(new Framing.Letterbox(114, 114, 114));
    assertThat(framing("side: 8, resize: {mode: letterbox, pad: [1, 2, 3]}").resize())
        .isEqualTo(new Framing.Letterbox(1, 2, 3));
  }

  private Framing framing(String keys) {
    var kind = (Kind.ImageClassification) read(IMAGE.replace("side: 8", keys)).orElseThrow().kind();
    Framing framing = kind.input().framing();
    assertThat(kind.input().shape()).containsExactly(1, 3, framing.height(), framing.width());
    return framing;
  }

  @Test
  void anExampleMayBeOneOfTheFiles() {
    String card = IMAGE.replace("fill: [255, 255, 255]", "file: model.onnx");
    var kind = (Kind.ImageClassification) read(card).orElseThrow().kind();
    assertThat(kind.examples().getFirst().picture())
        .isEqualTo(new ImageExample.Stored("model.onnx"));
  }

  @Test
  void readsATextEmbedding() {
    var kind = (Kind.TextEmbedding) read(TEXT).orElseThrow().kind();

    assertThat(kind.input())
        .isEqualTo(new TokenInput("tokens.json", "ids", null, null, 16, 8, 4, null));
    assertThat(kind.output())
        .isEqualTo(new VectorOutput("vectors", 2, VectorOutput.Pooling.MEAN, true));
    assertThat(kind.examples())
        .containsExactly(new TextExample("b", new TextExample.Near("b", 1), 0.001, 9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model: means               | model: Means              | 1  | model: expected a name
          model: means               | model: ../up              | 1  | model: expected a name
          model: means               | modell: means             | 1  | missing key 'model'
          kind: image-classifier     | kind: oracle              | 2  | kind: expected image-classifier,
          licence: Apache-2.0        | licence: ''               | 3  | licence: expected text
          model.onnx: e3b0           | ../model.onnx: e3b0       | 5  | a plain path inside
          model.onnx: e3b0           | /etc/model.onnx: e3b0     | 5  | a plain path inside
          model.onnx: e3b0           | a/../../model.onnx: e3b0  | 5  | a plain path inside
          model.onnx: e3b0           | "a\\\\b.onnx": e3b0       | 5  | a plain path inside
          model.onnx: e3b0           | model.onnx: 00e3b0        | 5  | expected a SHA-256
          model.onnx: e3b0           | model.bin: e3b0           | 5  | expected exactly one .onnx file, found 0
          side: 8                    | side: 0                   | 6  | input.side: expected a whole number
          side: 8                    | side: 8, crop: 7          | 6  | input.crop: unknown key
          side: 8                    | side: 8, width: 8         | 6  | missing key 'height'
          side: 8                    | side: 8, width: 8, height: 9 | 6 | input.side: unknown key
          side: 8                    | width: 8, height: 1025    | 6  | input.height: expected a whole number
          side: 8                    | side: 8, kernel: lanczos  | 6  | input.kernel: expected one of area, bilinear, bicubic
          side: 8                    | side: 8, resize: stretch  | 6  | input.resize: expected
          side: 8                    | side: 8, resize: {mode: fit} | 6 | input.resize: expected mode: stretch, shortest-edge or letterbox
          side: 8                    | side: 8, resize: {to: 8}  | 6  | missing key 'mode'
          side: 8                    | side: 8, resize: {mode: stretch, to: 9} | 6 | input.resize.to: unknown key
          side: 8                    | side: 8, resize: {mode: shortest-edge, to: 7} | 6 | input.resize.to: expected a whole number from 8
          side: 8                    | side: 8, resize: {mode: shortest-edge, pad: [0, 0, 0]} | 6 | input.resize.pad: unknown key
          side: 8                    | side: 8, resize: {mode: letterbox, pad: [0, 0]} | 6 | input.resize.pad: expected 3 numbers
          side: 8                    | side: 8, resize: {mode: letterbox, pad: [0, 0, 256]} | 6 | input.resize.pad[2]: expected a number
          fill: [255, 255, 255]      | file: example.png         | 10 | input.file: 'example.png' is not one of files
          fill: [255, 255, 255]      | file: model.onnx, fill: [0, 0, 0] | 10 | input.fill: unknown key
          layout: nchw               | layout: chw               | 6  | input.layout: expected one of nchw, nhwc
          channels: rgb              | channels: rgb, mean: [1]  | 6  | input.mean: expected 3 numbers, found 1
          channels: rgb              | channels: rgb, std: [0, 1, 1] | 6 | input.std[0]: expected a number
          channels: rgb              | channels: rgb, range: [1, 0] | 6 | input: range must rise
          labels: [red, green, blue] | labels: [red, red, blue]  | 7  | output.labels[1]: duplicate label
          labels: [red, green, blue] | labels: []                | 7  | output.labels: expected 1 to
          activation: none           | activation: relu          | 7  | output.activation: expected one of
          deadline: 2s               | deadline: soon            | 8  | deadline: expected a duration
          deadline: 2s               | cores: 2                | 8  | cores: unknown key
          red: 1.0                   | pink: 1.0                 | 10 | expect.pink: the model has no such label
          red: 1.0, blue: 1.0        | ``                        | 10 | expect: expected a score
          fill: [255, 255, 255]      | fill: [256, 0, 0]         | 10 | input.fill[0]: expected a number
          fill: [255, 255, 255]      | gradient: false           | 10 | input: expected one of fill
          tolerance: 0.01            | tolerance: 0.9            | 10 | tolerance: expected a number
          tolerance: 0.01            | slack: 0.01               | 10 | missing key 'tolerance'
          """)
  void refusesAnImageCardWithOneThingWrong(String right, String wrong, int line, String message) {
    refuses(IMAGE, right, wrong, line, message);
  }

  @Test
  void readsWhatFillsWindowsUp() {
    String padded = TEXT.replace("stride: 4", "stride: 4, pad: 7");
    var kind = (Kind.TextEmbedding) read(padded).orElseThrow().kind();
    assertThat(kind.input().pad()).isEqualTo(7);
    assertThat(kind.input().fed(3)).isEqualTo(8);
    refuses(TEXT, "stride: 4", "stride: 4, pad: -1", 6, "input.pad: expected a whole number");
  }

  @Test
  void readsATextClassifier() {
    var kind = (Kind.TextClassification) read(CALIBRATED).orElseThrow().kind();

    assertThat(kind.input())
        .isEqualTo(new TokenInput("tokens.json", "ids", null, null, 16, 8, 4, null));
    assertThat(kind.output())
        .isEqualTo(
            new ScoreOutput(
                "logits",
                List.of("dog", "beach"),
                ScoreOutput.Activation.SIGMOID,
                Map.of(
                    "dog",
                    new Calibration.Temperature(2),
                    "beach",
                    new Calibration.Platt(-1.5, 0.5))));
    assertThat(kind.examples())
        .containsExactly(new ScoredText("b", Map.of("dog", 0.5, "beach", 0.5), 0.001, 9));
  }

  @Test
  void readsTheCalibrationOfAnImageClassifierToo() {
    String card =
        IMAGE.replace(
            "activation: none", "activation: softmax, calibration: {red: {platt: [-1, 0]}}");
    var kind = (Kind.ImageClassification) read(card).orElseThrow().kind();

    assertThat(kind.output().calibration())
        .containsExactly(Map.entry("red", new Calibration.Platt(-1, 0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tokenizer: tokens.json      | tokenizer: other.json      | 6 | input.tokenizer: not one of
          beyond: windows             | beyond: cut                | 6 | input.beyond: expected one of windows
          tensor: logits, labels      | labels                     | 7 | missing key 'tensor'
          tensor: logits              | tensor: logits, size: 2    | 7 | output.size: unknown key
          labels: [dog, beach]        | labels: [dog, dog]         | 7 | output.labels[1]: duplicate label
          activation: sigmoid         | activation: relu           | 7 | output.activation: expected one of
          activation: sigmoid         | activation: none           | 7 | output.calibration: needs logits
          labels: [dog, beach], activation: sigmoid | labels: [dog], activation: softmax | 7 | always 1
          dog: {temperature           | cat: {temperature          | 7 | calibration.cat: the model has no such label
          temperature: 2              | temperature: 0             | 7 | dog.temperature: expected a number
          temperature: 2              | temperature: 101           | 7 | dog.temperature: expected a number
          temperature: 2              | temperature: .nan          | 7 | dog.temperature: not a plain decimal
          temperature: 2              | degree: 2                  | 7 | calibration.dog: expected either
          temperature: 2              | temperature: 2, platt: [-1, 0] | 7 | calibration.dog: expected either
          temperature: 2              | temperature: 2, of: 1      | 7 | calibration.dog.of: unknown key
          platt: [-1.5, 0.5]          | platt: [1.5, 0.5]          | 7 | beach.platt[0]: expected a number
          platt: [-1.5, 0.5]          | platt: [-101, 0.5]         | 7 | beach.platt[0]: expected a number
          platt: [-1.5, 0.5]          | platt: [-1.5, 1001]        | 7 | beach.platt[1]: expected a number
          platt: [-1.5, 0.5]          | platt: [-1.5]              | 7 | beach.platt: expected 2 numbers, found 1
          expect: {dog: 0.5           | expect: {cat: 0.5          | 9 | expect.cat: the model has no such label
          expect: {dog: 0.5           | expect: {dog: 1.5          | 9 | expect.dog: expected a number
          text: "b"                   | fill: [0, 0, 0]            | 9 | missing key 'text'
          """)
  void refusesAClassifiersCardWithOneThingWrong(
      String right, String wrong, int line, String message) {
    refuses(CALIBRATED, right, wrong, line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tokenizer: tokens.json | tokenizer: other.json   | 6 | input.tokenizer: not one of the card's files
          beyond: windows        | beyond: cut             | 6 | input.beyond: expected one of windows
          window: 8              | window: 17              | 6 | input.window: expected a whole number
          stride: 4              | stride: 7               | 6 | input.stride: expected a whole number
          stride: 4              | stride: 0               | 6 | input.stride: expected a whole number
          stride: 4              | stride: 4, extra: 1     | 6 | input.extra: unknown key
          pooling: mean          | pooling: max            | 7 | output.pooling: expected one of mean, cls
          size: 2                | size: 0                 | 7 | output.size: expected a whole number
          like: "b", cosine: 1   | like: "b"               | 9 | missing key 'cosine'
          like: "b", cosine: 1   | vector: [1, 2, 3]       | 9 | vector: expected 1 to 2 numbers
          like: "b", cosine: 1   | vector: [1], cosine: 1  | 9 | expected either vector
          text: "b"              | text: ''                | 9 | text: expected text
          """)
  void refusesATextCardWithOneThingWrong(String right, String wrong, int line, String message) {
    refuses(TEXT, right, wrong, line, message);
  }

  @Test
  void tellsEveryProblemAtOnce() {
    String card =
        IMAGE
            .replace("licence: Apache-2.0", "license: Apache-2.0")
            .replace("side: 8", "side: eight")
            .replace("activation: none", "activation: relu")
            .replace("tolerance: 0.01", "tolerance: none");

    assertThat(read(card)).isEmpty();
    assertThat(problems.list()).extracting(Problem::line).contains(3, 6, 7, 10);
    assertThat(problems.list()).allMatch(problem -> problem.file().equals("m/model.yaml"));
  }

  @Test
  void refusesACardWithoutExamples() {
    String card = IMAGE.substring(0, IMAGE.indexOf("examples:"));

    assertThat(read(card)).isEmpty();
    assertThat(read(card + "examples: []\n")).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly("missing key 'examples'", "expected at least one example");
  }

  @Test
  void givesOneDigestToOneMeaning() {
    String digest = read(IMAGE).orElseThrow().digest();
    String reordered = "# a comment\n" + IMAGE.replace("model: means\n", "") + "model: means\n";

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(read(reordered).orElseThrow().digest()).isEqualTo(digest);
    for (List<String> change :
        List.of(
            List.of("rgb", "bgr"),
            List.of("red, green", "green, red"),
            List.of("2s", "3s"),
            List.of("e3b0", "e3b1"))) {
      String changed = IMAGE.replace(change.get(0), change.get(1));
      assertThat(read(changed).orElseThrow().digest()).as("%s", change).isNotEqualTo(digest);
    }
  }

  private void refuses(String card, String right, String wrong, int line, String message) {
    assertThat(card).contains(right);
    assertThat(read(card)).isPresent();

    assertThat(read(card.replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .as("%s", problems.list())
        .anySatisfy(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  private Optional<ModelCard> read(String card) {
    return CardReader.read("m/model.yaml", card.getBytes(StandardCharsets.UTF_8), problems);
  }
}
