package io.sallyport.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void countsByHand() {
    Figures figures =
        Figures.of(
            List.of(
                new Score(0.9, true),
                new Score(0.5, true),
                new Score(0.4, true),
                new Score(0.7, false),
                new Score(0.1, false)));

    assertThat(figures.accuracy()).isCloseTo(3 / 5.0, within(1e-12));
    assertThat(figures.precision().getAsDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(figures.recall().getAsDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(figures.auc().getAsDouble()).isCloseTo(4 / 6.0, within(1e-12));
  }

  @Test
  void hasNoFigureWhereThereIsNothingToDivideBy() {
    assertThat(Figures.of(List.of(new Score(0.1, false))).precision()).isEmpty();
    assertThat(Figures.of(List.of(new Score(0.1, false))).recall()).isEmpty();
    assertThat(Figures.of(List.of(new Score(0.1, false))).auc()).isEmpty();
    assertThat(Figures.of(List.of(new Score(0.1, true))).auc()).isEmpty();
  }

  /** Against its meaning: over all pairs, how often the positive row scores above. */
  @Test
  void theAreaIsTheChanceThatAPairIsInOrder() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 200; round++) {
      List<Score> scores = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        scores.add(new Score(random.nextInt(8) / 8.0, i == 0 || (i > 1 && random.nextBoolean())));
      }
      double won = 0;
      int pairs = 0;
      for (Score one : scores) {
        for (Score other : scores) {
          if (one.truth() && !other.truth()) {
            pairs++;
            won += one.value() > other.value() ? 1 : one.value() == other.value() ? 0.5 : 0;
          }
        }
      }
      assertThat(Figures.of(scores).auc().getAsDouble()).isCloseTo(won / pairs, within(1e-12));
    }
  }
}
