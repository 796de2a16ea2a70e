package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.BoxOutput.Layout;
import io.sallyport.detect.onnx.BoxOutput.Units;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of boxes made by hand, over pictures of 64 by 64 pixels. */
class BoxScoresTest {
  private static final int SIDE = 64;
  private static final long FAR = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

  /** Two dogs on one spot, one elsewhere, and a beach over half of the picture. */
  private static final float[][] V8 = {
    {16, 16, 16, 16, 0.9f, 0.0f},
    {18, 16, 16, 16, 0.8f, 0.1f},
    {48, 48, 16, 16, 0.6f, 0.0f},
    {32, 48, 64, 32, 0.0f, 0.7f},
  };

  @Test
  void readsYoloV8() throws Exception {
    double[] scores = scores(output(Layout.YOLOV8), transposed(V8));

    assertThat(output(Layout.YOLOV8).labels())
        .containsExactly("dog", "dog.count", "dog.area", "beach", "beach.count", "beach.area");
    double dogs = (18 * 16 + 16 * 16) / (double) (SIDE * SIDE);
    assertThat(scores)
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.9, 0.02, dogs, 0.7, 0.01, 0.5);
  }

  @Test
  void readsYoloV5() throws Exception {
    float[][] rows = {
      {16, 16, 16, 16, 0.9f, 1.0f, 0.0f},
      {18, 16, 16, 16, 0.8f, 1.0f, 0.0f},
      {48, 48, 16, 16, 0.5f, 0.9f, 1.0f},
      {32, 48, 64, 32, 0.1f, 0.1f, 0.9f},
    };
    double[] scores = scores(output(Layout.YOLOV5), flat(rows));

    double dogs = (18 * 16 + 16 * 16) / (double) (SIDE * SIDE);
    double beach = 16 * 16 / (double) (SIDE * SIDE);
    assertThat(scores)
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.9, 0.02, dogs, 0.5, 0.01, beach);
  }

  @Test
  void readsYoloV10() throws Exception {
    float[][] rows = {
      {8, 8, 24, 24, 0.9f, 0},
      {40, 40, 56, 56, 0.6f, 0},
      {0, 32, 64, 64, 0.7f, 1},
      {0, 0, 0, 0, 0, 0},
    };
    double[] scores = scores(output(Layout.YOLOV10), flat(rows));

    assertThat(scores)
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.9, 0.02, 0.125, 0.7, 0.01, 0.5);
  }

  @Test
  void readsNormalisedBoxesAlike() throws Exception {
    float[][] rows = new float[V8.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = V8[i].clone();
      for (int number = 0; number < 4; number++) {
        rows[i][number] /= SIDE;
      }
    }
    BoxOutput normalised =
        new BoxOutput(
            "boxes",
            Layout.YOLOV8,
            Units.NORMALISED,
            List.of("dog", "beach"),
            Activation.NONE,
            0.25,
            0.45,
            100,
            0);

    assertThat(scores(normalised, transposed(rows)))
        .containsExactly(scores(output(Layout.YOLOV8), transposed(V8)));
  }

  @Test
  void activatesLogits() throws Exception {
    BoxOutput logits =
        new BoxOutput(
            "boxes",
            Layout.YOLOV5,
            Units.PIXELS,
            List.of("dog"),
            Activation.SIGMOID,
            0.25,
            0.45,
            100,
            0);
    double[] scores = scores(logits, 32, 32, 32, 32, 2, 1);

    double expected = 1 / (1 + Math.exp(-2)) * (1 / (1 + Math.exp(-1)));
    assertThat(scores[0]).isCloseTo(expected, within(1e-6));
    assertThat(scores[1]).isEqualTo(0.01);
    assertThat(scores[2]).isEqualTo(0.25);
  }

  @Test
  void scoresWhatIsTooWeakToBeABox() throws Exception {
    double[] scores = scores(one(0.25, 0.45, 100), transposed(new float[][] {{9, 9, 4, 4, 0.2f}}));

    assertThat(scores).usingComparatorWithPrecision(1e-6).containsExactly(0.2, 0, 0);
  }

  /** More boxes than are counted: the count stands still, the score and the area do not. */
  @Test
  void losesNoEvidenceBeyondTheBoxesThatItCounts() throws Exception {
    float[][] rows = new float[16][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {i % 4 * 16 + 8, i / 4 * 16 + 8, 16, 16, i == 15 ? 0.95f : 0.5f};
    }
    double[] scores = scores(one(0.25, 0.45, 3), transposed(rows));

    assertThat(scores).usingComparatorWithPrecision(1e-6).containsExactly(0.95, 0.03, 1);
  }

  @Test
  void countsAHundredBoxesAsOne() throws Exception {
    float[][] rows = new float[256][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {i % 16 * 4 + 2, i / 16 * 4 + 2, 4, 4, 0.5f};
    }
    assertThat(scores(one(0.25, 0.45, 100), transposed(rows))).containsExactly(0.5, 1, 1);
  }

  /** A candidate that is weaker for one label than for another is a box of both. */
  @Test
  void letsNoLabelHideAnother() throws Exception {
    float[][] rows = {{32, 32, 32, 32, 0.9f, 0.3f}};

    assertThat(scores(output(Layout.YOLOV8), transposed(rows)))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.9, 0.01, 0.25, 0.3, 0.01, 0.25);
  }

  /** A letterbox has margins: what they hold is no part of the picture, and their area none. */
  @Test
  void countsTheAreaOfThePictureAndNotOfItsMargins() throws Exception {
    float[][] rows = {{32, 32, 32, 32, 0.9f}, {32, 8, 64, 16, 0.9f}};
    BoxScores reader = new BoxScores(one(0.25, 0.45, 9), rows.length, Framing.square(SIDE));
    FloatBuffer raw = FloatBuffer.wrap(transposed(rows));

    Region wide = new Region(0, 0.25, 1, 0.75);
    assertThat(reader.of(raw, wide, FAR)[2]).isEqualTo(0.5);
    Region high = new Region(0.25, 0, 0.75, 1);
    assertThat(reader.of(raw, high, FAR)[2]).isEqualTo(0.75);
    assertThat(reader.of(raw, Region.WHOLE, FAR)[2]).isEqualTo(0.5);
  }

  /** I10 for what is stronger by itself: a stronger candidate never lowers score or area. */
  @Test
  void isNeverMilderForAStrongerCandidate() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      float[][] rows = new float[random.nextInt(1, 30)][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] =
            new float[] {
              random.nextInt(SIDE),
              random.nextInt(SIDE),
              random.nextInt(40),
              random.nextInt(40),
              random.nextInt(11) / 10f
            };
      }
      double[] before = scores(one(0.45, 0.45, 5), transposed(rows));
      float[] changed = rows[random.nextInt(rows.length)];
      changed[4] = Math.min(1, changed[4] + random.nextInt(6) / 10f);
      double[] after = scores(one(0.45, 0.45, 5), transposed(rows));

      assertThat(after[0]).as("seed %d", seed).isGreaterThanOrEqualTo(before[0]);
      assertThat(after[2]).as("seed %d", seed).isGreaterThanOrEqualTo(before[2]);
    }
  }

  @Test
  void answersTheSameAgain() throws Exception {
    BoxScores reader = new BoxScores(output(Layout.YOLOV8), V8.length, Framing.square(SIDE));
    FloatBuffer raw = FloatBuffer.wrap(transposed(V8));
    double[] first = reader.of(raw, Region.WHOLE, FAR);
    reader.of(FloatBuffer.wrap(transposed(new float[4][6])), Region.WHOLE, FAR);

    assertThat(reader.of(raw, Region.WHOLE, FAR)).containsExactly(first);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void callsNumbersThatAreNotFiniteBad(float number) {
    for (int at = 0; at < 6; at++) {
      float[][] rows = {V8[0].clone(), {0, 0, 0, 0, 0, 0}};
      rows[1][at] = number;
      assertThat(cause(output(Layout.YOLOV8), transposed(rows))).isEqualTo(Cause.BAD_OUTPUT);
    }
  }

  @Test
  void callsScoresOutOfRangeBad() {
    assertThat(cause(one(0.25, 0.45, 9), 9, 9, 4, 4, 1.01f)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(one(0.25, 0.45, 9), 9, 9, 4, 4, -0.01f)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(output(Layout.YOLOV5), 9, 9, 4, 4, 1.01f, 0, 0)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsBoxesWithoutAnInsideBad() {
    assertThat(cause(one(0.25, 0.45, 9), 9, 9, -4, 4, 0.9f)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(one(0.25, 0.45, 9), 9, 9, 4, -4, 0.9f)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(output(Layout.YOLOV10), 9, 9, 8, 12, 0.9f, 0)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(output(Layout.YOLOV10), 9, 9, 12, 8, 0.9f, 0)).isEqualTo(Cause.BAD_OUTPUT);
  }

  /** Pixels where sides were promised. */
  @Test
  void callsBoxesFarFromThePictureBad() {
    assertThat(cause(one(0.25, 0.45, 9), 64 * 6, 9, 4, 4, 0.9f)).isEqualTo(Cause.BAD_OUTPUT);
    assertThat(cause(one(0.25, 0.45, 9), 32, 32, 64 * 12, 4, 0.9f)).isEqualTo(Cause.BAD_OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 2, 0.5f, 1e9f})
  void callsClassesThatAreNoneBad(float label) {
    assertThat(cause(output(Layout.YOLOV10), 8, 8, 16, 16, 0.9f, label))
        .isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void stopsAtTheDeadline() {
    BoxScores reader = new BoxScores(output(Layout.YOLOV8), V8.length, Framing.square(SIDE));
    UnavailableException thrown =
        catchThrowableOfType(
            UnavailableException.class,
            () -> reader.of(FloatBuffer.wrap(transposed(V8)), Region.WHOLE, System.nanoTime() - 1));

    assertThat(thrown.why()).isEqualTo(Cause.TIMEOUT);
  }

  private static BoxOutput output(Layout layout) {
    return new BoxOutput(
        "boxes",
        layout,
        Units.PIXELS,
        List.of("dog", "beach"),
        Activation.NONE,
        0.25,
        0.45,
        100,
        0);
  }

  private static BoxOutput one(double minScore, double iou, int maxBoxes) {
    return new BoxOutput(
        "boxes",
        Layout.YOLOV8,
        Units.PIXELS,
        List.of("dog"),
        Activation.NONE,
        minScore,
        iou,
        maxBoxes,
        0);
  }

  private static double[] scores(BoxOutput output, float... raw) throws UnavailableException {
    long width = output.shape(1)[1] * output.shape(1)[2];
    int candidates = Math.toIntExact(raw.length / width);
    return new BoxScores(output, candidates, Framing.square(SIDE))
        .of(FloatBuffer.wrap(raw), Region.WHOLE, FAR);
  }

  private static Cause cause(BoxOutput output, float... raw) {
    return catchThrowableOfType(UnavailableException.class, () -> scores(output, raw)).why();
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  private static float[] transposed(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i % rows.length][i / rows.length];
    }
    return flat;
  }
}
