package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SuppressionTest {
  private static final int GRID = 12;

  /** A box with whole corners, so that its area can be counted cell by cell. */
  private record Whole(int left, int top, int right, int bottom, double score) {
    double[] corners() {
      return new double[] {left, top, right, bottom};
    }

    BitSet cells() {
      BitSet cells = new BitSet();
      for (int y = top; y < bottom; y++) {
        cells.set(y * GRID + left, y * GRID + right);
      }
      return cells;
    }

    double overlap(Whole other) {
      BitSet shared = cells();
      shared.and(other.cells());
      BitSet union = cells();
      union.or(other.cells());
      return union.isEmpty() ? 0 : (double) shared.cardinality() / union.cardinality();
    }
  }

  @Test
  void keepsWhatTheTextbookKeeps() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      List<Whole> boxes = random(random);
      // Thresholds that no ratio of such small areas equals.
      double iou = random.nextInt(10) / 10.0 + 0.00037;
      int most = random.nextInt(1, 12);
      Suppression suppression = new Suppression(iou, most);
      boxes.forEach(box -> suppression.add(box.corners(), box.score()));

      assertThat(suppression.count())
          .as("seed %d, round %d", seed, round)
          .isEqualTo(Math.min(most, textbook(boxes, iou).size()));
    }
  }

  /** Takes the strongest, strikes out what overlaps it, and begins again with the rest. */
  private static List<Whole> textbook(List<Whole> boxes, double iou) {
    List<Whole> rest = new ArrayList<>(boxes);
    rest.sort(Comparator.comparingDouble(Whole::score).reversed());
    List<Whole> kept = new ArrayList<>();
    while (!rest.isEmpty()) {
      Whole strongest = rest.removeFirst();
      kept.add(strongest);
      rest.removeIf(other -> other.overlap(strongest) > iou);
    }
    return kept;
  }

  private static List<Whole> random(SplittableRandom random) {
    List<Whole> boxes = new ArrayList<>();
    for (int count = random.nextInt(90); count > 0; count--) {
      int left = random.nextInt(GRID);
      int top = random.nextInt(GRID);
      boxes.add(
          new Whole(
              left,
              top,
              random.nextInt(left, GRID + 1),
              random.nextInt(top, GRID + 1),
              random.nextInt(1, 5) / 5.0));
    }
    return boxes;
  }

  @Test
  void measuresOverlapAsCellsDo() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 500; round++) {
      List<Whole> boxes = random(random);
      for (Whole box : boxes) {
        Whole other = boxes.getFirst();
        assertThat(Suppression.overlap(box.corners(), 0, other.corners(), 0))
            .isCloseTo(box.overlap(other), within(1e-12));
      }
    }
  }

  @Test
  void keepsAMiddleBoxOnlyWhenItIsTheStrongest() {
    double[] left = {0, 0, 4, 4};
    double[] middle = {2, 0, 6, 4};
    double[] right = {4, 0, 8, 4};
    assertThat(count(0.3, left, 0.5, middle, 0.9, right, 0.5)).isEqualTo(1);
    assertThat(count(0.3, left, 0.9, middle, 0.5, right, 0.5)).isEqualTo(2);
    assertThat(count(0.34, left, 0.5, middle, 0.9, right, 0.5)).isEqualTo(3);
  }

  @Test
  void takesTheEarlierOfEqualOnes() {
    double[] left = {0, 0, 4, 4};
    double[] middle = {2, 0, 6, 4};
    double[] right = {4, 0, 8, 4};
    assertThat(count(0.3, left, 0.5, middle, 0.5, right, 0.5)).isEqualTo(2);
    assertThat(count(0.3, middle, 0.5, left, 0.5, right, 0.5)).isEqualTo(1);
  }

  @Test
  void forgets() {
    Suppression suppression = new Suppression(0.5, 3);
    suppression.add(new double[] {0, 0, 1, 1}, 1);
    assertThat(suppression.count()).isEqualTo(1);
    suppression.clear();
    assertThat(suppression.count()).isZero();
  }

  private static int count(double iou, Object... boxesAndScores) {
    Suppression suppression = new Suppression(iou, 100);
    for (int i = 0; i < boxesAndScores.length; i += 2) {
      suppression.add((double[]) boxesAndScores[i], (double) boxesAndScores[i + 1]);
    }
    return suppression.count();
  }
}
