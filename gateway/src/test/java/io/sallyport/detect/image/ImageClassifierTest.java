package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.ImageExample;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The magenta stand-in asked about pictures of one colour. */
class ImageClassifierTest {
  private static final long FAR = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
  private static final float[] MAGENTA = view(255, 0, 255);
  private static final float[] WHITE = view(255, 255, 255);

  @TempDir private static Path models;
  private static OnnxRuntime runtime;
  private static ModelStore store;
  private static ImageClassifier classifier;

  @BeforeAll
  static void load() throws IOException {
    ColourModel.writeInto(models);
    Problems problems = new Problems();
    runtime = OnnxRuntime.open();
    store =
        ModelStore.load(
                runtime,
                models,
                Set.of(ColourModel.NAME),
                file -> {
                  throw new IOException("no text here");
                },
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    classifier =
        ImageClassifier.of(
            "image-magenta", (ImageModel) store.model(ColourModel.NAME).orElseThrow());
  }

  @AfterAll
  static void close() {
    store.close();
    runtime.close();
  }

  @Test
  void saysWhatItIs() {
    assertThat(classifier.name()).isEqualTo("image-magenta");
    assertThat(classifier.labels()).containsExactly("magenta");
    assertThat(classifier.stages())
        .containsExactlyInAnyOrder(Stage.INPUT_IMAGE, Stage.OUTPUT_IMAGE);
    assertThat(classifier.digest()).isEqualTo(store.model(ColourModel.NAME).orElseThrow().digest());
    assertThat(classifier.framing()).isEqualTo(Framing.square(32));
  }

  @Test
  void scoresThePictureUnderTheStageItIsAskedFor() throws Exception {
    for (Stage stage : classifier.stages()) {
      Signal.Score score =
          (Signal.Score) classifier.inspect(stage, picture(MAGENTA), FAR).getFirst();

      assertThat(score.stage()).isEqualTo(stage);
      assertThat(score.detector()).isEqualTo("image-magenta");
      assertThat(score.value()).isGreaterThan(0.99);
    }
    assertThat(score(WHITE)).isLessThan(0.01);
  }

  @Test
  void countsTheStrongestViewWhereverItStands() throws Exception {
    double alone = score(MAGENTA);

    assertThat(score(WHITE, MAGENTA, WHITE)).isEqualTo(alone);
    assertThat(score(MAGENTA, WHITE, WHITE)).isEqualTo(alone);
    assertThat(score(WHITE, WHITE, MAGENTA)).isEqualTo(alone);
  }

  @Test
  void isLateAfterTheDeadline() {
    UnavailableException thrown =
        catchThrowableOfType(
            UnavailableException.class,
            () -> classifier.inspect(Stage.OUTPUT_IMAGE, picture(WHITE), System.nanoTime()));

    assertThat(thrown.why()).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void refusesAPictureThatWasNotPreparedForIt() {
    Picture other = new Picture(ImageFormat.PNG, 1, 1, Map.of(Framing.square(224), views(WHITE)));

    assertThatThrownBy(() -> classifier.inspect(Stage.OUTPUT_IMAGE, other, FAR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double score(float[]... views) throws UnavailableException {
    List<Signal> signals = classifier.inspect(Stage.OUTPUT_IMAGE, picture(views), FAR);
    assertThat(signals).hasSize(1);
    return ((Signal.Score) signals.getFirst()).value();
  }

  private static List<View> views(float[]... views) {
    Placement whole = new Placement(32, 32, 0, 0);
    return Arrays.stream(views).map(pixels -> new View(pixels, whole)).toList();
  }

  private static Picture picture(float[]... views) {
    return new Picture(ImageFormat.PNG, 640, 480, Map.of(Framing.square(32), views(views)));
  }

  private static float[] view(int red, int green, int blue) {
    return new ImageExample.Fill(red, green, blue).view(32, 32);
  }
}
