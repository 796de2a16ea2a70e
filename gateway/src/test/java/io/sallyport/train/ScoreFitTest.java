package io.sallyport.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreFitTest {
  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Rows whose truth really follows {@code 1 / (1 + exp(a f + b))} of their score's log-odds. */
  private static List<Score> rows(double a, double b, int count, SplittableRandom random) {
    List<Score> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double logOdds = random.nextDouble(-6, 6);
      boolean truth = random.nextDouble() < logistic(-(a * logOdds + b));
      rows.add(new Score(logistic(logOdds), truth));
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "-0.5, 1", "-2, -1.5", "-0.25, 0.75"})
  void plattFindsTheCurveThatTheRowsWereDrawnFrom(double a, double b) {
    ScoreFit.Platt fit = ScoreFit.platt(rows(a, b, 20_000, new SplittableRandom(7)));

    assertThat(fit.a()).isCloseTo(a, within(0.06 * Math.abs(a) + 0.02));
    assertThat(fit.b()).isCloseTo(b, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"1", "0.5", "3"})
  void temperatureFindsHowSureTheModelWasOfItself(double temperature) {
    var fit = ScoreFit.temperature(rows(-1 / temperature, 0, 20_000, new SplittableRandom(11)));

    assertThat(fit.temperature()).isCloseTo(temperature, within(0.08 * temperature));
  }

  @Test
  void noOtherPlattIsBetter() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Score> rows = rows(-0.7, 0.4, 3_000, random);
    ScoreFit.Platt best = ScoreFit.platt(rows);
    double loss = ScoreFit.loss(best, rows);

    for (int i = 0; i < 200; i++) {
      var other =
          new ScoreFit.Platt(
              best.a() + random.nextDouble(-0.5, 0.5), best.b() + random.nextDouble(-0.5, 0.5));
      // Platt's targets are not quite 0 and 1, and so is the least loss.
      assertThat(ScoreFit.loss(other, rows)).as("seed %d", seed).isGreaterThan(loss - 1e-5);
    }
  }

  @Test
  void rowsThatAreApartDoNotMakeAFitThatIsSureOfItself() {
    List<Score> apart = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      apart.add(new Score(0.9, true));
      apart.add(new Score(0.1, false));
    }
    ScoreFit.Platt fit = ScoreFit.platt(apart);

    // Platt's targets for ten rows of each kind are 11/12 and 1/12.
    assertThat(fit.fitted(0.9)).isCloseTo(11 / 12.0, within(1e-3));
    assertThat(fit.fitted(0.1)).isCloseTo(1 / 12.0, within(1e-3));
  }

  @Test
  void scoresOfZeroAndOneAreFittedToo() {
    ScoreFit fit = new ScoreFit.Platt(-1, 0);
    assertThat(fit.fitted(0)).isBetween(0.0, 1e-6);
    assertThat(fit.fitted(1)).isBetween(1 - 1e-6, 1.0);
    assertThat(fit.fitted(0.3)).isCloseTo(0.3, within(1e-12));
    assertThat(new ScoreFit.Temperature(1).fitted(0.3)).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void labelsTheWrongWayRoundGiveAPositiveA() {
    ScoreFit.Platt fit = ScoreFit.platt(rows(0.8, 0, 2_000, new SplittableRandom(3)));
    assertThat(fit.a()).isPositive();
  }
}
