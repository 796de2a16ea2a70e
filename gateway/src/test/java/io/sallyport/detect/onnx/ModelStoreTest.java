package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final byte[] MEANS = Graphs.means();

  @TempDir private Path models;
  private final Problems problems = new Problems();

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void loadsEveryModelThatIsAskedForAndNoOther() throws IOException {
    Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Folders.write(models, "broken", "not a card", MEANS);
    ColourModel.writeInto(models);

    try (ModelStore store = load("means", "magenta").orElseThrow()) {
      assertThat(store.models()).containsOnlyKeys("means", "magenta");
      assertThat(store.framings()).containsExactly(Framing.square(32), Framing.square(8));
      assertThat(store.model("means").orElseThrow().digest()).matches("[0-9a-f]{64}");
      assertThat(store.model("broken")).isEmpty();
    }
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void refusesACardThatNamesAnotherModelThanItsFolder() throws IOException {
    Folders.write(models, "copied", Folders.imageCard(MEANS), MEANS);

    assertThat(load("copied")).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .asString()
        .contains("model.yaml")
        .contains("'means' is not the folder's name 'copied'");
  }

  @Test
  void loadsATextModel() throws IOException {
    byte[] table = Graphs.table(10);
    byte[] tokens = "tokens".getBytes(StandardCharsets.UTF_8);
    Path folder = Folders.write(models, "table", Folders.textCard(table, tokens), table);
    Files.write(folder.resolve("tokens.json"), tokens);

    try (ModelStore store = load("table").orElseThrow()) {
      assertThat(store.model("table").orElseThrow()).isInstanceOf(TextModel.class);
      assertThat(store.framings()).isEmpty();
    }
  }

  @Test
  void isAllOrNothing() throws IOException {
    Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Folders.write(models, "other", Folders.imageCard(new byte[1]), MEANS);
    problems.add("an earlier file", 1, "an earlier problem");

    assertThat(load("means", "other", "absent")).isEmpty();
    assertThat(problems.list()).hasSize(3);
    assertThat(load("means")).isPresent().get().satisfies(ModelStore::close);
  }

  @Test
  void refusesAnotherDigestWithTheOneFound() throws IOException {
    Folders.write(models, "means", Folders.imageCard(new byte[1]), MEANS);

    assertThat(load("means")).isEmpty();
    refusedAt(5, "'model.onnx' has another SHA-256: " + Digests.sha256(MEANS));
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Path folder = Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Files.delete(folder.resolve("model.onnx"));

    assertThat(load("means")).isEmpty();
    refusedAt(5, "'model.onnx' is not there");
  }

  @Test
  void refusesAFolderInAFilesPlace() throws IOException {
    Path folder = Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Files.delete(folder.resolve("model.onnx"));
    Files.createDirectory(folder.resolve("model.onnx"));

    assertThat(load("means")).isEmpty();
    refusedAt(5, "'model.onnx' is not a regular file");
  }

  @Test
  void refusesALinkThatLeadsOutside() throws IOException {
    Path folder = Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Path outside = Files.write(models.resolve("outside.onnx"), MEANS);
    Files.delete(folder.resolve("model.onnx"));
    Files.createSymbolicLink(folder.resolve("model.onnx"), outside);

    assertThat(load("means")).isEmpty();
    refusedAt(5, "'model.onnx' leads outside the model's folder");
  }

  @Test
  void refusesACardThatIsALinkToTheOutside() throws IOException {
    Path folder = Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Path outside = models.resolve("outside.yaml");
    Files.move(folder.resolve("model.yaml"), outside);
    Files.createSymbolicLink(folder.resolve("model.yaml"), outside);

    assertThat(load("means")).isEmpty();
    refusedAt(0, "no usable card: 'model.yaml' leads outside the model's folder");
  }

  @Test
  void refusesACardThatIsTooLarge() throws IOException {
    Folders.write(models, "means", Folders.imageCard(MEANS) + "#".repeat(4 << 20), MEANS);

    assertThat(load("means")).isEmpty();
    refusedAt(0, "no usable card: larger than 4194304 bytes");
  }

  @Test
  void followsALinkThatStaysInside() throws IOException {
    Path folder = Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    Files.move(folder.resolve("model.onnx"), folder.resolve("model-v2.onnx"));
    Files.createSymbolicLink(folder.resolve("model.onnx"), Path.of("model-v2.onnx"));

    assertThat(load("means")).isPresent().get().satisfies(ModelStore::close);
  }

  @Test
  void refusesNamesThatAreNoFolderNames() {
    for (String name : new String[] {"..", "../means", "/etc", "a/b", ""}) {
      assertThat(load(name)).isEmpty();
    }
    assertThat(problems.list())
        .hasSize(5)
        .allMatch(problem -> problem.message().startsWith("not a model's name"));
  }

  @Test
  void refusesAnAbsentFolder() {
    assertThat(load("absent")).isEmpty();
    assertThat(problems.list())
        .containsExactly(
            new Problem(
                models.resolve("absent/model.yaml").toString(),
                0,
                "no usable card: 'model.yaml' is not there"));
  }

  @Test
  void refusesAFolderNamedLikeAnEmbeddedModel() throws IOException {
    Files.createDirectory(models.resolve(ModelStore.MINILM));

    assertThat(load(ModelStore.MINILM)).isEmpty();
    assertThat(problems.list().getFirst().message())
        .isEqualTo("has the name of a model that comes with the gateway");
  }

  @Test
  void refusesACorruptGraph() throws IOException {
    byte[] corrupt = MEANS.clone();
    java.util.Arrays.fill(corrupt, 10, 40, (byte) 0xff);
    Folders.write(models, "means", Folders.imageCard(corrupt), corrupt);

    assertThat(load("means")).isEmpty();
    refusedAt(0, "not an ONNX model that runs here");
  }

  @Test
  void refusesAFailingSelfTestWithExpectedAndGot() throws IOException {
    String card = Folders.imageCard(MEANS).replace("blue: 1.0", "blue: 0.5");
    Folders.write(models, "means", card, MEANS);

    assertThat(load("means")).isEmpty();
    refusedAt(10, "self-test failed: label 'blue' expected 0.5000 ± 0.0100, got 1.0000");
  }

  @Test
  void refusesASelfTestWithoutAnAnswer() throws IOException {
    byte[] scaled = Graphs.scaledMeans(2);
    Folders.write(models, "means", Folders.imageCard(scaled), scaled);

    assertThat(load("means")).isEmpty();
    refusedAt(10, "self-test failed: bad_output");
  }

  @Test
  void refusesATextModelThatFailsItsSelfTest() throws IOException {
    byte[] table = Graphs.table(10);
    byte[] tokens = "tokens".getBytes(StandardCharsets.UTF_8);
    String card = Folders.textCard(table, tokens).replace("cosine: 1", "cosine: 0.5");
    Path folder = Folders.write(models, "table", card, table);
    Files.write(folder.resolve("tokens.json"), tokens);

    assertThat(load("table")).isEmpty();
    refusedAt(9, "self-test failed: cosine expected 0.5000 ± 0.0010, got 1.0000");
  }

  @Test
  void refusesAGraphThatIsNotWhatTheCardSays() throws IOException {
    refusesCard("tensor: pixels", "tensor: image", "inputs are [pixels], the card's are [image]");
    refusesCard("side: 8", "side: 16", "'pixels' has shape [1, 3, 8, 8], expected [1, 3, 16, 16]");
    refusesCard("layout: nchw", "layout: nhwc", "expected [1, 8, 8, 3]");
    refusesCard("tensor: scores", "tensor: logits", "the graph has no output 'logits'");
    refusesCard("green, blue]", "green, blue, grey]", "has shape [1, 3], expected [1, 4]");
  }

  private void refusesCard(String right, String wrong, String message) throws IOException {
    Folders.write(models, "means", Folders.imageCard(MEANS).replace(right, wrong), MEANS);

    assertThat(load("means")).isEmpty();
    assertThat(problems.list().getLast().message()).contains(message);
  }

  private void refusedAt(int line, String message) {
    assertThat(problems.list()).hasSize(1);
    Problem problem = problems.list().getFirst();
    assertThat(problem.file()).endsWith("model.yaml");
    assertThat(problem.line()).isEqualTo(line);
    assertThat(problem.message()).startsWith(message);
  }

  private Optional<ModelStore> load(String... names) {
    return ModelStore.load(RUNTIME, models, Set.of(names), file -> Folders.letters(), problems);
  }
}
