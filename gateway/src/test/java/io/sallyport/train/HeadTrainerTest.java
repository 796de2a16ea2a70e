package io.sallyport.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTrainerTest {
  private final SplittableRandom random = new SplittableRandom(11);

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void learnsWhatCanBeLearnt(int hidden) {
    Head head = HeadTrainer.train(Rows.shifted(200, 10, random), Recipe.of(hidden, 1));

    assertThat(accuracy(head, Rows.shifted(200, 10, random))).isGreaterThan(0.93);
  }

  @Test
  void onlyAHiddenLayerTellsCrossedRowsApart() {
    List<LabelledRow> rows = Rows.crossed(300, random);
    List<LabelledRow> others = Rows.crossed(300, random);

    assertThat(accuracy(HeadTrainer.train(rows, Recipe.of(0, 1)), others)).isLessThan(0.7);
    assertThat(accuracy(HeadTrainer.train(rows, Recipe.of(16, 1)), others)).isGreaterThan(0.9);
  }

  @Test
  void learnsEachLabelOnItsOwn() {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= 200; line++) {
      float[] vector = Rows.noise(6, random);
      rows.add(Rows.row(line, new boolean[] {vector[0] > 0, vector[1] > 0}, vector));
    }
    List<Figures> figures = Figures.of(HeadTrainer.train(rows, Recipe.of(0, 1)), rows);

    assertThat(figures).hasSize(2).allMatch(figure -> figure.accuracy() > 0.9);
  }

  /** A row's label is that of one of its vectors, nobody says of which. */
  @Test
  void learnsFromTheStrongestOfSeveralVectors() {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= 300; line++) {
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        vectors.add(Rows.noise(5, random));
        vectors.getLast()[0] = -1;
      }
      vectors.get(1 + line % 3)[0] = line % 2 == 0 ? 3 : -1;
      rows.add(new LabelledRow(line, "k" + line, vectors, List.of(line % 2 == 0)));
    }

    assertThat(accuracy(HeadTrainer.train(rows, Recipe.of(0, 1)), rows)).isGreaterThan(0.95);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void isTheSameToTheLastBitForTheSameSeed(int hidden) {
    List<LabelledRow> rows = Rows.shifted(60, 8, random);
    List<Integer> first = Rows.bits(HeadTrainer.train(rows, Recipe.of(hidden, 7)));

    assertThat(Rows.bits(HeadTrainer.train(rows, Recipe.of(hidden, 7)))).isEqualTo(first);
    if (hidden > 0) {
      assertThat(Rows.bits(HeadTrainer.train(rows, Recipe.of(hidden, 8)))).isNotEqualTo(first);
    }
  }

  @Test
  void refusesVectorsThatAreAllEqual() {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= 20; line++) {
      rows.add(Rows.row(line, new boolean[] {line % 2 == 0}, 1, 2));
    }

    assertThatThrownBy(() -> HeadTrainer.train(rows, Recipe.of(0, 1)))
        .hasMessage("all vectors are equal");
  }

  @Test
  void keepsRowsOfOneKeyTogetherAndSharesOfEachLabel() {
    List<LabelledRow> rows = new ArrayList<>();
    for (int line = 1; line <= 200; line++) {
      rows.add(
          new LabelledRow(
              line, "key" + (line + 1) / 2, List.of(new float[] {line}), List.of(line <= 40)));
    }
    Split split = Split.of(rows, 0.25, 3);

    assertThat(split.heldOut()).hasSize(50);
    assertThat(split.heldOut()).filteredOn(row -> row.labels().getFirst()).hasSize(10);
    assertThat(split.learn()).hasSize(150).doesNotContainAnyElementsOf(split.heldOut());
    assertThat(split.learn())
        .extracting(LabelledRow::key)
        .doesNotContainAnyElementsOf(split.heldOut().stream().map(LabelledRow::key).toList());
    Collections.shuffle(rows, new Random(1));
    assertThat(Split.of(rows, 0.25, 3)).isEqualTo(split);
    assertThat(Split.of(rows, 0.25, 4)).isNotEqualTo(split);
  }

  private static double accuracy(Head head, List<LabelledRow> rows) {
    return Figures.of(head, rows).getFirst().accuracy();
  }
}
