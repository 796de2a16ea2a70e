package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ImageExample.Fill;
import io.sallyport.detect.onnx.ImageExample.Painted;
import io.sallyport.detect.onnx.ImageExample.Patch;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.signal.Cause;
import io.sallyport.testing.StandInDetector;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxModelTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final long FAR = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
  private static final Dim OPEN = Dim.named("found");
  private static final Dim[] TWO = {Dim.of(1), Dim.of(6), Dim.of(2)};

  /** Columns are candidates: a dog over a quarter, and nothing. */
  private static final float[][] TABLE = {{4, 0}, {4, 0}, {4, 0}, {4, 0}, {0.9f, 0}, {0, 0}};

  @TempDir private Path models;
  private final Problems problems = new Problems();

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void findsSquares() throws Exception {
    StandInDetector.writeInto(models);
    try (ModelStore store = load(StandInDetector.NAME).orElseThrow()) {
      BoxModel model = (BoxModel) store.model(StandInDetector.NAME).orElseThrow();

      assertThat(store.framings()).containsExactly(Framing.square(64));
      assertThat(model.labels())
          .containsExactly("red", "red.count", "red.area", "blue", "blue.count", "blue.area");
      double[] scores = model.scores(squares(), FAR);
      assertThat(scores[0]).isGreaterThan(0.98);
      assertThat(scores[1]).isEqualTo(0.02);
      assertThat(scores[3]).isGreaterThan(0.98);
      assertThat(scores[4]).isEqualTo(0.01);
      assertThat(model.scores(new Fill(0, 255, 0).view(64, 64), FAR)).startsWith(0.0).hasSize(6);
      assertThat(model.scores(squares(), FAR)).containsExactly(scores);
    }
  }

  /** Two red ones and a blue one on grey. */
  private static float[] squares() {
    Fill red = new Fill(255, 0, 0);
    Fill blue = new Fill(0, 0, 255);
    return new Painted(
            new Fill(128, 128, 128),
            List.of(
                new Patch(red, 0, 0, 0.25, 0.25),
                new Patch(red, 0.5, 0.5, 0.75, 0.75),
                new Patch(blue, 0.75, 0, 1, 0.25)))
        .view(64, 64);
  }

  @Test
  void takesTheNumberOfCandidatesFromTheCardWhereTheGraphLeavesItOpen() throws Exception {
    byte[] graph = Graphs.openBoxes(OPEN, TABLE);
    Folders.write(models, "boxes", Folders.objectCard(graph), graph);

    assertThat(load("boxes")).isPresent().get().satisfies(ModelStore::close);
  }

  @Test
  void refusesAnOpenNumberThatNobodySettles() throws Exception {
    byte[] graph = Graphs.openBoxes(OPEN, TABLE);
    String card = Folders.objectCard(graph).replace(", candidates: 2", "");
    Folders.write(models, "boxes", card, graph);

    refused("the card must say output.candidates");
  }

  @Test
  void refusesAnotherNumberThanTheGraphs() throws Exception {
    byte[] graph = Graphs.boxes(TWO, TABLE);
    String card = Folders.objectCard(graph).replace("candidates: 2", "candidates: 3");
    Folders.write(models, "boxes", card, graph);

    refused("the graph gives 2 candidates, the card says 3");
  }

  @Test
  void refusesAGraphForAnotherNumberOfLabels() throws Exception {
    byte[] graph = Graphs.boxes(TWO, TABLE);
    String card = Folders.objectCard(graph).replace("[dog, beach]", "[dog]");
    Folders.write(models, "boxes", card, graph);

    refused("has shape [1, 6, 2], expected [1, 5, 2]");
  }

  @Test
  void refusesATableBeyondAllReason() throws Exception {
    byte[] graph = Graphs.openBoxes(OPEN, TABLE);
    List<String> labels = new ArrayList<>(List.of("dog"));
    for (int i = 0; i < 200; i++) {
      labels.add("label" + i);
    }
    String card =
        Folders.objectCard(graph)
            .replace("[dog, beach]", labels.toString())
            .replace("candidates: 2", "candidates: 100000");
    Folders.write(models, "boxes", card, graph);

    refused("more than 16777216 numbers of boxes");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 24, 1L << 32, 1L << 62})
  void refusesAGraphThatDeclaresOne(long candidates) throws Exception {
    byte[] graph = Graphs.openBoxes(Dim.of(candidates), TABLE);
    String card = Folders.objectCard(graph).replace(", candidates: 2", "");
    Folders.write(models, "boxes", card, graph);

    refused("more than 16777216 numbers of boxes");
  }

  @Test
  void refusesASelfTestThatFails() throws Exception {
    byte[] graph = Graphs.boxes(TWO, TABLE);
    String card = Folders.objectCard(graph).replace("dog.area: 0.25", "dog.area: 0.5");
    Folders.write(models, "boxes", card, graph);

    refused("label 'dog.area' expected 0.5000");
  }

  /** The graph declares nothing of the table's length, and gives another one than the card's. */
  @Test
  void callsAnotherShapeBad() throws Exception {
    byte[] graph = Graphs.openBoxes(OPEN, TABLE);
    String card = Folders.objectCard(graph).replace("candidates: 2", "candidates: 7");
    Folders.write(models, "boxes", card, graph);

    refused("self-test failed: bad_output");
  }

  @Test
  void refusesALateQuestionAndAViewOfAnotherSide() throws Exception {
    byte[] graph = Graphs.boxes(TWO, TABLE);
    Folders.write(models, "boxes", Folders.objectCard(graph), graph);
    try (ModelStore store = load("boxes").orElseThrow()) {
      BoxModel model = (BoxModel) store.model("boxes").orElseThrow();
      float[] view = new Fill(0, 0, 0).view(8, 8);
      UnavailableException thrown =
          catchThrowableOfType(
              UnavailableException.class, () -> model.scores(view, System.nanoTime() - 1));

      assertThat(thrown.why()).isEqualTo(Cause.TIMEOUT);
      assertThatThrownBy(() -> model.scores(new float[3], FAR))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void refused(String message) throws IOException {
    assertThat(load("boxes")).isEmpty();
    assertThat(problems.list()).singleElement().asString().contains(message);
  }

  private Optional<ModelStore> load(String name) {
    return ModelStore.load(RUNTIME, models, Set.of(name), file -> Folders.letters(), problems);
  }
}
