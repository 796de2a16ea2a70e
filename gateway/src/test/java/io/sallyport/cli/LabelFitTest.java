package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.train.Score;
import io.sallyport.train.ScoreFit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What `models calibrate` offers for a card, the card's reader takes; the rest it leaves. */
class LabelFitTest {
  /** Numbers at the card's bounds, and just beyond them in the digits that are printed. */
  @ParameterizedTest
  @CsvSource({
    "-1, 0, true",
    "-100, 1000, true",
    "-100, -1000, true",
    "-100.00004, 0, true",
    "-100.0001, 0, false",
    "-0.0001, 0, true",
    "-0.00006, 0, true",
    "-0.00004, 0, false",
    "0, 0, false",
    "0.5, 0, false",
    "-1, 1000.0001, false",
    "-1, -1000.0001, false",
    "NaN, 0, false",
    "-Infinity, 0, false",
    "-1, NaN, false",
  })
  void aFitBeyondTheCardsBoundsIsLeft(double a, double b, boolean taken) {
    LabelFit fit = new LabelFit("dog", List.of(), new ScoreFit.Platt(a, b), List.of());
    assertThat(fit.refusal().isEmpty()).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({"0.01, true", "100, true", "0.0099, false", "100.0001, false"})
  void aTemperatureBeyondTheCardsBoundsIsLeft(double temperature, boolean taken) {
    ScoreFit temperatures = new ScoreFit.Temperature(temperature);
    LabelFit fit = new LabelFit("dog", List.of(), temperatures, List.of());
    assertThat(fit.refusal().isEmpty()).isEqualTo(taken);
  }

  /** Scores that differ in their sixth digit call for a slope of some hundred thousand. */
  @Test
  void scoresThatHardlyDifferAreLeftAndItIsToldWhy() {
    LabelFit fit = LabelFit.of("dog", rows(0.5, 0.500001), ScoreFit::platt);
    assertThat(fit.refusal().orElseThrow())
        .contains("no card takes {platt: [-", "too close together");
  }

  @Test
  void theWrongWayRoundIsToldAsSuch() {
    assertThat(LabelFit.of("dog", rows(0.9, 0.1), ScoreFit::platt).refusal().orElseThrow())
        .contains("score lower than those without");
    assertThat(LabelFit.of("dog", rows(0.1, 0.9), ScoreFit::platt).refusal()).isEmpty();
  }

  private static List<Score> rows(double without, double with) {
    List<Score> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(new Score(i % 2 == 0 ? without : with, i % 2 == 1));
    }
    return rows;
  }
}
