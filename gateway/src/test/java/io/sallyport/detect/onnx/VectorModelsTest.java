package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Image embeddings and heads; a picture's vector is the means of its planes. */
class VectorModelsTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final byte[] TOKENS = "tokens".getBytes(StandardCharsets.UTF_8);
  private static final float[] PLAIN = {1, 0, 0};

  @TempDir private Path models;
  private final List<ModelStore> stores = new ArrayList<>();

  @AfterEach
  void closeTheStores() {
    stores.forEach(ModelStore::close);
  }

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void placesAPicture() throws Exception {
    ImageEmbeddingModel model = pictures("normalise: true", "normalise: false");

    assertThat(embed(model, 255, 51, 0)).containsExactly(new float[] {1, .2f, 0}, within(1e-6f));
    assertThat(model.normalised()).isFalse();
    assertThat(model.size()).isEqualTo(3);
    assertThat(model.framing()).isEqualTo(Framing.square(8));
  }

  @Test
  void anExampleMayBeAFileWhoseFirstViewCounts() throws Exception {
    String card =
        Folders.embeddingCard(Graphs.planes()).replace("fill: [255, 0, 0]", "file: model.onnx");
    Folders.write(models, "planes", card, Graphs.planes());
    float[] red = new ImageExample.Fill(255, 0, 0).view(8, 8);
    float[] blue = new ImageExample.Fill(0, 0, 255).view(8, 8);

    load("planes", (file, framing) -> List.of(red, blue), new Problems()).orElseThrow().close();
    Problems problems = new Problems();
    assertThat(load("planes", (file, framing) -> List.of(blue, red), problems)).isEmpty();
    assertThat(problems.list())
        .isNotEmpty()
        .allMatch(it -> it.message().contains("self-test failed"));
  }

  @Test
  void scalesAPicturesVectorToLengthOne() throws Exception {
    ImageEmbeddingModel model = pictures("", "");

    assertThat(embed(model, 153, 204, 0)).containsExactly(new float[] {.6f, .8f, 0}, within(1e-6f));
  }

  @Test
  void callsAVectorWithoutADirectionBad() throws Exception {
    ImageEmbeddingModel model = pictures("", "");

    assertThat(cause(() -> embed(model, 0, 0, 0))).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(embed(model, 255, 0, 0)).containsExactly(PLAIN);
  }

  @Test
  void isLateAfterTheDeadlineAndCrashedWhenClosed() throws Exception {
    ImageEmbeddingModel model = pictures("", "");
    HeadModel head = head("", "");

    float[] view = new ImageExample.Fill(9, 9, 9).view(8, 8);
    assertThat(cause(() -> model.embed(view, new float[3], System.nanoTime())))
        .isEqualTo(Cause.TIMEOUT);
    assertThat(cause(() -> head.scores(PLAIN, System.nanoTime()))).isEqualTo(Cause.TIMEOUT);
    stores.forEach(ModelStore::close);
    assertThat(cause(() -> embed(model, 9, 9, 9))).isEqualTo(Cause.CRASH);
    assertThat(cause(() -> head.scores(PLAIN, far()))).isEqualTo(Cause.CRASH);
  }

  @Test
  void refusesViewsAndVectorsOfAnotherSize() throws Exception {
    ImageEmbeddingModel model = pictures("", "");
    HeadModel head = head("", "");

    assertThatThrownBy(() -> model.embed(new float[3], new float[3], far()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> head.scores(new float[4], far()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHeadScoresAVector() throws Exception {
    HeadModel head = head("", "");

    assertThat(head.labels()).containsExactly("red", "dark");
    assertThat(head.scores(new float[] {1, 1, 1}, far()))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(1 / (1 + Math.exp(-5)), 1 / (1 + Math.exp(4)));
    assertThat(cause(() -> head.scores(new float[] {Float.NaN, 0, 0}, far())))
        .isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void aHeadBringsTheModelThatItStandsOn() throws Exception {
    head("", "");

    assertThat(stores.getFirst().models()).containsOnlyKeys("planes", "reds");
    assertThat(stores.getFirst().framings()).containsExactly(Framing.square(8));
  }

  @Test
  void placesATextByAGraphThatPoolsItself() throws Exception {
    writeTable();
    TextModel model = (TextModel) load("table").model("table").orElseThrow();
    float[] vector = new float[2];
    for (String text : List.of("d", "bcd", "")) {
      model.embed(model.windows(text, 1).getFirst(), vector, far());
      int last = text.isEmpty() ? 0 : 3;
      assertThat(vector[1] / vector[0]).as(text).isCloseTo(last, within(1e-6f));
    }
  }

  /** Cards for which the graph, the self-test or the model below has another opinion. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          planes | size: 3            | size: 4              | 0 | 'vectors' has shape [1, 3], expected [1, 4]
          planes | tensor: vectors    | tensor: scores       | 0 | the graph has no output 'scores'
          planes | side: 8            | side: 16             | 0 | 'pixels' has shape
          planes | vector: [1, 0, 0]  | vector: [0.9]        | 10 | self-test failed: vector[0]
          planes | cosine: 0.6        | cosine: 0.5          | 11 | self-test failed: cosine
          planes | like: {fill: [153, 204, 0]} | like: {fill: [0, 0, 0]} | 11 | self-test failed: bad_output
          reds   | size: 3            | size: 4              | 0 | 'vector' has shape [-1, 3], expected [1, 4]
          reds   | tensor: vector     | tensor: vectors      | 0 | the graph's inputs are [vector]
          reds   | labels: [red, dark] | labels: [red, dark, green] | 0 | 'logits' has shape [-1, 2], expected [1, 3]
          reds   | dark: 0.018        | dark: 0.5            | 9 | self-test failed: label 'dark'
          reds   | embedding: planes  | embedding: reds      | 6 | input.embedding: model 'reds' gives no vectors
          reds   | embedding: planes  | embedding: missing   | 0 | no usable card
          """)
  void refusesAModelThatIsNotAsItsCardSays(
      String name, String right, String wrong, int line, String message) throws Exception {
    write("planes", Folders.embeddingCard(Graphs.planes()), Graphs.planes(), name, right, wrong);
    write("reds", Folders.headCard(Graphs.reds()), Graphs.reds(), name, right, wrong);

    Problems problems = new Problems();
    assertThat(load(name, problems)).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.message()).contains(message);
              assertThat(problem.line()).isEqualTo(line);
            });
  }

  @Test
  void refusesAHeadOnVectorsOfAnotherSizeOrAnotherVersion() throws Exception {
    Folders.write(models, "planes", Folders.embeddingCard(Graphs.planes()), Graphs.planes());
    String card = Folders.headCard(Graphs.reds());
    String digest = load("planes").model("planes").orElseThrow().digest();

    writeTable();
    assertThat(refusedHead(card.replace("embedding: planes", "embedding: table")))
        .contains("model 'table' gives vectors of 2 numbers, the head reads 3");
    String pinned = card.replace("planes}", "planes, digest: \"%s\"}");
    assertThat(refusedHead(pinned.formatted("0".repeat(64))))
        .contains("model 'planes' has another digest: " + digest);
    Folders.write(models, "reds", pinned.formatted(digest), Graphs.reds());
    assertThat(load("reds").model("reds")).isPresent();
  }

  private void writeTable() throws IOException {
    byte[] graph = Graphs.pooledTable(10);
    String card = Folders.textCard(graph, TOKENS).replace("pooling: mean", "pooling: none");
    Path folder = Folders.write(models, "table", card, graph);
    Files.write(folder.resolve("tokens.json"), TOKENS);
  }

  private String refusedHead(String card) throws Exception {
    Folders.write(models, "reds", card, Graphs.reds());
    Problems problems = new Problems();
    assertThat(load("reds", problems)).isEmpty();
    Problem problem = problems.list().getFirst();
    assertThat(problem.line()).isEqualTo(6);
    assertThat(problems.list()).hasSize(1);
    return problem.message();
  }

  private void write(
      String folder, String card, byte[] graph, String changed, String right, String wrong)
      throws IOException {
    boolean change = folder.equals(changed);
    assertThat(card).contains(change ? right : "");
    Folders.write(models, folder, change ? card.replace(right, wrong) : card, graph);
  }

  private ImageEmbeddingModel pictures(String right, String other) throws Exception {
    byte[] graph = Graphs.planes();
    Folders.write(models, "planes", Folders.embeddingCard(graph).replace(right, other), graph);
    return (ImageEmbeddingModel) load("planes").model("planes").orElseThrow();
  }

  private HeadModel head(String right, String other) throws Exception {
    Folders.write(models, "planes", Folders.embeddingCard(Graphs.planes()), Graphs.planes());
    Folders.write(
        models, "reds", Folders.headCard(Graphs.reds()).replace(right, other), Graphs.reds());
    return (HeadModel) load("reds").model("reds").orElseThrow();
  }

  private ModelStore load(String name) {
    Problems problems = new Problems();
    ModelStore store = load(name, problems).orElseThrow(() -> new AssertionError(problems.list()));
    stores.add(store);
    return store;
  }

  private java.util.Optional<ModelStore> load(String name, Problems problems) {
    return load(name, ExamplePictures.NONE, problems);
  }

  private java.util.Optional<ModelStore> load(
      String name, ExamplePictures pictures, Problems problems) {
    return ModelStore.load(
        RUNTIME,
        models,
        Set.of(name),
        file -> {
          file.readAllBytes();
          return Folders.letters();
        },
        pictures,
        problems);
  }

  private static float[] embed(ImageEmbeddingModel model, int red, int green, int blue)
      throws UnavailableException {
    float[] vector = new float[3];
    model.embed(new ImageExample.Fill(red, green, blue).view(8, 8), vector, far());
    return vector;
  }

  private static long far() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
  }

  private static Cause cause(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(UnavailableException.class, call).why();
  }
}
