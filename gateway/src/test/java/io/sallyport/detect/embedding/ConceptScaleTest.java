package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConceptScaleTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({
    "0.35, -Infinity, 0.5", // as near as nothing in particular
    "0.35, 0.35, 0.333333",
    "0.60, 0.20, 0.992976", // e^12 / (e^12 + e^4 + e^7)
    "0.20, -Infinity, 0.047426", // e^4 / (e^4 + e^7)
    "0.60, 0.60, 0.498321",
  })
  void isTheSoftmaxOfItsFormula(double positive, double contrast, double score) {
    assertThat(new ConceptScale(0.05, 0.35).score(positive, contrast))
        .isCloseTo(score, within(1e-6));
  }

  @Test
  void risesWithThePositiveFallsWithTheContrastAndStaysAScore() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      ConceptScale scale = new ConceptScale(random.nextDouble(0.01, 1), random.nextDouble(-1, 1));
      double positive = random.nextDouble(-1, 1);
      double contrast = random.nextInt(4) == 0 ? NONE : random.nextDouble(-1, 1);
      double score = scale.score(positive, contrast);

      assertThat(score).as("seed %d", seed).isBetween(0.0, 1.0);
      assertThat(scale.score(random.nextDouble(positive, 1.0001), contrast))
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(score);
      assertThat(scale.score(positive, random.nextDouble(Math.max(contrast, -1), 1.0001)))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(score);
    }
  }
}
