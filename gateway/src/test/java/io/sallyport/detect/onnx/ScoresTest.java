package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.signal.Cause;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoresTest {

  @Test
  void keepsScoresAsTheyAre() throws Exception {
    assertThat(activated(Activation.NONE, 0, 0.25, 1)).containsExactly(0, 0.25, 1);
  }

  @Test
  void forgivesRoundingOnly() throws Exception {
    assertThat(activated(Activation.NONE, -0.00001, 1.00001)).containsExactly(0, 1);
    for (double bad : new double[] {-0.001, 1.001, 2, -5}) {
      assertThat(refused(Activation.NONE, bad)).isEqualTo(Cause.BAD_OUTPUT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNotFinite(Activation activation) {
    for (double bad :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThat(refused(activation, bad)).isEqualTo(Cause.BAD_OUTPUT);
    }
  }

  @Test
  void givesSigmoidsOfAnySize() throws Exception {
    assertThat(activated(Activation.SIGMOID, 0, -1e30, 1e30, 2))
        .containsExactly(0.5, 0, 1, 1 / (1 + Math.exp(-2)));
  }

  @Test
  void givesSoftmaxesThatSumToOne() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      double[] logits = random.doubles(1 + random.nextInt(20), -1e4, 1e4).toArray();
      double[] scores = activated(Activation.SOFTMAX, logits);

      assertThat(Arrays.stream(scores).sum()).as("seed %d", seed).isBetween(1 - 1e-9, 1 + 1e-9);
      assertThat(Arrays.stream(scores)).allMatch(score -> score >= 0 && score <= 1);
    }
  }

  private static double[] activated(Activation activation, double... values)
      throws UnavailableException {
    double[] scores = values.clone();
    Scores.activate(activation, scores);
    return scores;
  }

  private static Cause refused(Activation activation, double value) {
    return catchThrowableOfType(UnavailableException.class, () -> activated(activation, 0.5, value))
        .why();
  }
}
