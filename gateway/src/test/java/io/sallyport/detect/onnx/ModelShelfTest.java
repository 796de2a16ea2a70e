package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.Poll;
import io.sallyport.detect.UnavailableException;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShelfTest {
  private static final byte[] MEANS = Graphs.means();
  private static final byte[] CONSTANT = Graphs.constant();

  @TempDir private Path models;
  private final Problems problems = new Problems();
  private final List<ModelVersion> loaded = new ArrayList<>();
  private final OnnxRuntime runtime = OnnxRuntime.open();
  private ModelShelf shelf;

  @BeforeEach
  void open() {
    shelf = new ModelShelf(runtime, models, file -> Folders.letters(), ExamplePictures.NONE);
  }

  @AfterEach
  void close() throws Exception {
    shelf.close();
    Poll.until("no session is left", () -> runtime.sessions() == 0);
    runtime.close();
  }

  private void version(String folder, byte[] graph) throws IOException {
    String card = Folders.imageCard(graph);
    if (graph == CONSTANT) {
      card = card.replace("red: 1.0, blue: 1.0", "red: 0.25, blue: 0.75");
    }
    Folders.write(models.resolve("means"), folder, card, graph);
  }

  private Optional<FoundVersion> wanted() {
    return shelf.wanted("means", problems);
  }

  private ModelVersion take(FoundVersion found) {
    return shelf.take(found, loaded::add, problems).orElseThrow();
  }

  private static double[] ask(ModelVersion version) throws UnavailableException {
    ImageModel model = (ImageModel) version.model();
    return model.scores(new float[3 * 8 * 8], System.nanoTime() + 60_000_000_000L);
  }

  @Test
  void aVersionIsOpenOnceHoweverManyTakeItAndClosedAfterTheLast() throws Exception {
    version("v1", MEANS);
    FoundVersion found = wanted().orElseThrow();
    ModelVersion one = take(found);
    ModelVersion other = take(found);
    assertThat(other.model()).isSameAs(one.model());
    assertThat(loaded).hasSize(1);
    assertThat(runtime.sessions()).isEqualTo(1);
    one.uses().leave();
    assertThat(ask(other)).hasSize(3);
    other.uses().leave();
    Poll.until("it is closed", () -> runtime.sessions() == 0);
    assertThatThrownBy(() -> ask(other)).hasMessageContaining("closed");
    assertThat(ask(take(found))).hasSize(3);
    assertThat(loaded).hasSize(2);
  }

  @Test
  void theOnlyVersionIsTheOneWantedAndTwoNeedAWord() throws Exception {
    version("v1", MEANS);
    assertThat(wanted().orElseThrow().folder()).endsWith("v1");
    assertThat(shelf.undecided("means")).isFalse();
    version("v2", CONSTANT);
    assertThat(shelf.undecided("means")).isTrue();
    assertThat(wanted()).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .asString()
        .contains("holds several versions", "v1", "v2", "'active'");
  }

  @Test
  void theFileNamesTheVersionAndIsWrittenWhole() throws Exception {
    version("v1", MEANS);
    version("v2", CONSTANT);
    String second = shelf.found("means").getLast().digest();
    ModelShelf.Undo undo = shelf.point("means", second);
    assertThat(wanted().orElseThrow().folder()).endsWith("v2");
    assertThat(models.resolve("means/active")).hasContent(second);
    try (var files = Files.list(models.resolve("means"))) {
      assertThat(files).as("no draft is left behind").hasSize(3);
    }
    undo.run();
    assertThat(models.resolve("means/active")).doesNotExist();
    shelf.point("means", second).run();
    assertThat(problems.list()).isEmpty();
  }

  /** Two folders with one card are one version. */
  @Test
  void aCopyOfAVersionIsNoOtherVersion() throws Exception {
    version("v1", MEANS);
    version("copy", MEANS);
    assertThat(shelf.undecided("means")).isFalse();
    assertThat(wanted()).isPresent();
  }

  @Test
  void theFlatFolderIsAVersionBesideTheOthers() throws Exception {
    Folders.write(models, "means", Folders.imageCard(MEANS), MEANS);
    version("v2", CONSTANT);
    assertThat(shelf.found("means")).hasSize(2);
    String first = shelf.found("means").getFirst().digest();
    ModelShelf.Undo _ = shelf.point("means", first.substring(0, 12));
    assertThat(wanted().orElseThrow().folder()).endsWith("means");
  }

  @Test
  void whatIsHiddenOrHasNoCardIsNoVersion() throws Exception {
    version("v1", MEANS);
    version(".import-1", CONSTANT);
    Files.createDirectories(models.resolve("means/empty"));
    assertThat(shelf.found("means")).hasSize(1);
  }

  @Test
  void theFilesContentIsADigestOrNothing() throws Exception {
    version("v1", MEANS);
    String digest = shelf.found("means").getFirst().digest();
    for (String content :
        new String[] {
          "", "v1", digest.substring(0, 11), digest + "0", "\u0000", "x".repeat(2000)
        }) {
      Files.writeString(models.resolve("means/active"), content);
      assertThat(wanted()).as(content).isEmpty();
    }
    assertThat(problems.list())
        .hasSize(6)
        .allMatch(it -> it.file().endsWith("active") && it.line() == 1);
    Files.writeString(models.resolve("means/active"), "  " + digest + "\n\n");
    assertThat(wanted()).isPresent();
  }

  /** Between the look at the card and the loading somebody replaced the folder. */
  @Test
  void aFolderThatChangesWhileItIsReadIsRefused() throws Exception {
    version("v1", MEANS);
    FoundVersion found = wanted().orElseThrow();
    version("v1", CONSTANT);
    assertThat(shelf.take(found, loaded::add, problems)).isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("changed while it was read");
    assertThat(runtime.sessions()).isZero();
  }

  @Test
  void whatCannotBeLoadedLeavesNothingOpen() throws Exception {
    version("v1", MEANS);
    Files.write(models.resolve("means/v1/model.onnx"), new byte[1]);
    assertThat(shelf.take(wanted().orElseThrow(), loaded::add, problems)).isEmpty();
    assertThat(problems.list()).hasSize(1);
    assertThat(loaded).isEmpty();
    assertThat(runtime.sessions()).isZero();
  }

  @Test
  void whatComesWithTheGatewayHasOneVersionAndNoFile() throws Exception {
    assertThat(shelf.found(ModelStore.MINILM)).hasSize(1);
    ModelShelf.Undo undo = shelf.point(ModelStore.MINILM, "0".repeat(64));
    undo.run();
    assertThat(models).isEmptyDirectory();
    assertThat(shelf.undecided(ModelStore.MINILM)).isFalse();
  }

  @Test
  void moreVersionsThanTheBoundAreAProblem() throws Exception {
    for (int i = 0; i < 65; i++) {
      Files.createDirectories(models.resolve("means/v" + i));
      Files.writeString(models.resolve("means/v" + i + "/model.yaml"), "model: means");
    }
    assertThat(shelf.found("means")).hasSize(64);
    assertThat(wanted()).isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("more than 64 versions");
  }

  @Test
  void aVersionIsVerifiedByItsOwnFolder() throws Exception {
    version("v1", MEANS);
    version("v2", CONSTANT);
    Path second = models.resolve("means/v2");
    try (ModelStore store =
        ModelStore.loadVersion(
                runtime, second, file -> Folders.letters(), ExamplePictures.NONE, problems)
            .orElseThrow()) {
      assertThat(store.models()).containsOnlyKeys("means");
    }
    Files.move(models.resolve("means"), models.resolve("other"));
    assertThat(
            ModelStore.loadVersion(
                runtime,
                models.resolve("other/v2"),
                file -> Folders.letters(),
                ExamplePictures.NONE,
                problems))
        .isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("is not the folder's name");
    assertThat(ModelStore.namesIn(models)).containsExactly("other");
  }
}
