package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoveredAreaTest {

  @Test
  void countsTheCellsThatAnyBoxTouches() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    CoveredArea covered = new CoveredArea();
    for (int round = 0; round < 60; round++) {
      covered.clear();
      List<double[]> boxes = new ArrayList<>();
      for (int count = random.nextInt(8); count > 0; count--) {
        double left = random.nextDouble(-0.5, 1.2);
        double top = random.nextDouble(-0.5, 1.2);
        double[] box = {
          left, top, left + random.nextDouble(0.5), top + random.nextDouble(0.5),
        };
        boxes.add(box);
        covered.add(box);
      }
      assertThat(covered.share()).as("seed %d", seed).isEqualTo(touched(boxes));
    }
  }

  private static double touched(List<double[]> boxes) {
    int cells = CoveredArea.CELLS;
    int touched = 0;
    for (int y = 0; y < cells; y++) {
      for (int x = 0; x < cells; x++) {
        double left = (double) x / cells;
        double top = (double) y / cells;
        double size = 1.0 / cells;
        boolean hit = false;
        for (double[] box : boxes) {
          hit |= box[0] < left + size && box[2] > left && box[1] < top + size && box[3] > top;
        }
        touched += hit ? 1 : 0;
      }
    }
    return (double) touched / (cells * cells);
  }

  @Test
  void isExactForBoxesOnTheGrid() {
    assertThat(share(0.25, 0.25, 0.75, 0.75)).isEqualTo(0.25);
    assertThat(share(0.1 + 0.4, 0.5, 1, 1)).isEqualTo(0.25);
    assertThat(share(0, 0, 1, 1)).isEqualTo(1);
    assertThat(share(-4, -4, 5, 5)).isEqualTo(1);
  }

  @Test
  void isNothingForBoxesWithoutAreaOrBeyondThePicture() {
    assertThat(share(0.5, 0.5, 0.5, 0.9)).isZero();
    assertThat(share(1.5, 0, 2, 1)).isZero();
    assertThat(share(-1, 0, -0.5, 1)).isZero();
  }

  /** Less than a cell is a cell: small things count. */
  @Test
  void isNeverBelowTheTruth() {
    assertThat(share(0.5001, 0.5001, 0.5002, 0.5002)).isEqualTo(1.0 / (128 * 128));
  }

  private static double share(double... box) {
    CoveredArea covered = new CoveredArea();
    covered.add(box);
    return covered.share();
  }
}
