package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PngFilterTest {
  /** The predictor as the specification's section 9.4 writes it, for all 16 million neighbours. */
  @Test
  void thePredictorIsThatOfTheSpecification() {
    int wrong = 0;
    for (int left = 0; left < 256; left++) {
      for (int up = 0; up < 256; up++) {
        for (int corner = 0; corner < 256; corner++) {
          wrong += PngFilter.nearest(left, up, corner) == paeth(left, up, corner) ? 0 : 1;
        }
      }
    }
    assertThat(wrong).isZero();
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
