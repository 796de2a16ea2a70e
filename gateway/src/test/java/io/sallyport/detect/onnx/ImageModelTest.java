package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageModelTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final long FAR = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);

  @TempDir private Path models;

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void scoresAView() throws Exception {
    try (ModelStore store = load(Graphs.means(), "")) {
      ImageModel model = image(store);

      assertThat(model.scores(fill(255, 51, 0), FAR))
          .usingComparatorWithPrecision(1e-6)
          .containsExactly(1.0, 0.2, 0.0);
      assertThat(model.labels()).containsExactly("red", "green", "blue");
    }
  }

  @Test
  void callsNumbersThatAreNotFiniteBad() throws Exception {
    try (ModelStore store = load(Graphs.meansOverThemselves(), "")) {
      ImageModel model = image(store);

      assertThat(model.scores(fill(9, 9, 9), FAR)).containsExactly(1, 1, 1);
      assertThat(cause(model, fill(9, 0, 9))).isEqualTo(Cause.BAD_OUTPUT);
      assertThat(model.scores(fill(9, 9, 9), FAR)).containsExactly(1, 1, 1);
    }
  }

  @Test
  void callsScoresOutOfRangeBad() throws Exception {
    String relaxed = "expect: {red: 1.0}, tolerance: 0.5";
    try (ModelStore store = load(Graphs.scaledMeans(1.5f), "fill: [170, 170, 170]")) {
      ImageModel model = image(store);

      assertThat(model.scores(fill(170, 0, 0), FAR)[0]).isCloseTo(1, within(1e-6));
      assertThat(cause(model, fill(255, 0, 0))).as(relaxed).isEqualTo(Cause.BAD_OUTPUT);
    }
  }

  @Test
  void callsAnotherShapeBad() throws Exception {
    try (ModelStore store = load(Graphs.onlyBrightMeans(), "")) {
      ImageModel model = image(store);

      assertThat(model.scores(fill(200, 200, 200), FAR)).hasSize(3);
      assertThat(cause(model, fill(200, 0, 200))).isEqualTo(Cause.BAD_OUTPUT);
      assertThat(model.scores(fill(200, 200, 200), FAR)).hasSize(3);
    }
  }

  @Test
  void doesNotMistakeAnOlderAnswerForAConstantOne() throws Exception {
    Path folder = models.resolve("means");
    String card =
        Folders.imageCard(Graphs.constant())
            .replace("red: 1.0, blue: 1.0", "red: 0.25, green: 0.5, blue: 0.75");
    Folders.write(models, "means", card, Graphs.constant());
    assertThat(folder).exists();
    try (ModelStore store = load()) {
      assertThat(image(store).scores(fill(1, 2, 3), FAR)).containsExactly(0.25, 0.5, 0.75);
    }
  }

  @Test
  void refusesALateQuestion() throws Exception {
    try (ModelStore store = load(Graphs.means(), "")) {
      UnavailableException thrown =
          catchThrowableOfType(
              UnavailableException.class,
              () -> image(store).scores(fill(0, 0, 0), System.nanoTime() - 1));

      assertThat(thrown.why()).isEqualTo(Cause.TIMEOUT);
    }
  }

  @Test
  void refusesAViewOfAnotherSide() throws Exception {
    try (ModelStore store = load(Graphs.means(), "")) {
      assertThatThrownBy(() -> image(store).scores(new float[3], FAR))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void answersTheSameAloneAndBesideOthers() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> views = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      views.add(fill(random.nextInt(256), random.nextInt(256), random.nextInt(256)));
    }
    try (ModelStore store = load(Graphs.means(), "");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      ImageModel model = image(store);
      List<double[]> alone = new ArrayList<>();
      for (float[] view : views) {
        alone.add(model.scores(view, FAR));
      }
      List<Future<double[]>> together = new ArrayList<>();
      for (int i = 0; i < 800; i++) {
        float[] view = views.get(i % views.size());
        together.add(threads.submit(() -> model.scores(view, FAR)));
      }
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get())
            .as("seed %d", seed)
            .containsExactly(alone.get(i % views.size()));
      }
    }
  }

  private static Cause cause(ImageModel model, float[] view) {
    return catchThrowableOfType(UnavailableException.class, () -> model.scores(view, FAR)).why();
  }

  private static float[] fill(int red, int green, int blue) {
    return new ImageExample.Fill(red, green, blue).view(Graphs.SIDE, Graphs.SIDE);
  }

  private static ImageModel image(ModelStore store) {
    return (ImageModel) store.model("means").orElseThrow();
  }

  /** Loads a graph; its one example shows white, or what {@code fill} says. */
  private ModelStore load(byte[] onnx, String fill) throws IOException {
    String card = Folders.imageCard(onnx);
    String shown = fill.isEmpty() ? card : card.replace("fill: [255, 255, 255]", fill);
    Folders.write(models, "means", shown, onnx);
    return load();
  }

  private ModelStore load() {
    Problems problems = new Problems();
    var store =
        ModelStore.load(RUNTIME, models, Set.of("means"), file -> Folders.letters(), problems);
    assertThat(problems.list()).isEmpty();
    return store.orElseThrow();
  }
}
