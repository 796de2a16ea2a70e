package io.sallyport.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static final List<Score> BY_HAND =
      List.of(
          new Score(0.95, true),
          new Score(0.91, false),
          new Score(0.70, true),
          new Score(0.70, false),
          new Score(0.20, true),
          new Score(0.05, false),
          new Score(0.00, false));

  @Test
  void theRocCurveByHand() {
    assertThat(RocCurve.of(BY_HAND).points())
        .containsExactly(
            new RocCurve.Point(Double.POSITIVE_INFINITY, 0, 0),
            new RocCurve.Point(0.95, 0, 1 / 3.0),
            new RocCurve.Point(0.91, 0.25, 1 / 3.0),
            new RocCurve.Point(0.70, 0.5, 2 / 3.0),
            new RocCurve.Point(0.20, 0.5, 1),
            new RocCurve.Point(0.05, 0.75, 1),
            new RocCurve.Point(0.00, 1, 1));
  }

  @Test
  void theThresholdIsTheLowestThatRaisesNoMore() {
    RocCurve curve = RocCurve.of(BY_HAND);
    assertThat(curve.within(0.0)).map(RocCurve.Point::threshold).contains(0.95);
    assertThat(curve.within(0.3)).map(RocCurve.Point::threshold).contains(0.91);
    assertThat(curve.within(0.5)).map(RocCurve.Point::threshold).contains(0.20);
    assertThat(RocCurve.of(List.of(new Score(0.9, false), new Score(0.1, true))).within(0.5))
        .isEmpty();
  }

  @Test
  void aThresholdKeepsItsPromiseOnTheRowsThatItWasMadeFrom() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      List<Score> rows = new ArrayList<>(List.of(new Score(0.5, true), new Score(0.5, false)));
      for (int i = 0; i < 60; i++) {
        rows.add(new Score(random.nextInt(20) / 20.0, random.nextBoolean()));
      }
      double most = random.nextDouble();
      long negative = rows.stream().filter(row -> !row.truth()).count();
      RocCurve.of(rows)
          .within(most)
          .ifPresent(
              point -> {
                long raised =
                    rows.stream()
                        .filter(row -> !row.truth() && row.value() >= point.threshold())
                        .count();
                assertThat((double) raised / negative)
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(most);
              });
    }
  }

  @Test
  void oneKindAloneHasNoCurve() {
    assertThatThrownBy(() -> RocCurve.of(List.of(new Score(0.5, true))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reliabilityByHand() {
    Reliability reliability = Reliability.of(BY_HAND);

    assertThat(reliability.bins())
        .extracting(Reliability.Bin::low, Reliability.Bin::rows, Reliability.Bin::share)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0.0, 2, 0.0),
            org.assertj.core.groups.Tuple.tuple(0.2, 1, 1.0),
            org.assertj.core.groups.Tuple.tuple(0.7, 2, 0.5),
            org.assertj.core.groups.Tuple.tuple(0.9, 2, 0.5));
    // 2/7 * 0.025 + 1/7 * 0.8 + 2/7 * 0.2 + 2/7 * 0.43
    assertThat(reliability.error()).isCloseTo(2.11 / 7, within(1e-12));
    assertThat(reliability.brier())
        .isCloseTo((0.0025 + 0.8281 + 0.09 + 0.49 + 0.64 + 0.0025) / 7, within(1e-12));
  }

  @Test
  void aScoreOfOneIsInTheLastBin() {
    assertThat(Reliability.of(List.of(new Score(1, true))).bins())
        .containsExactly(new Reliability.Bin(0.9, 1, 1, 1));
  }
}
