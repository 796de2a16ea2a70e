package io.sallyport.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether scores mean what they say: of those near 0.8, do 80 % have the label?
 *
 * @param bins of equal width from 0 to 1, in order; empty ones are left out
 * @param error the expected calibration error: the mean distance between score and share over the
 *     bins, by their rows (Guo et al. 2017, equation 5)
 * @param brier the mean squared distance between score and truth (Brier 1950)
 */
public record Reliability(List<Bin> bins, double error, double brier) {
  /** How many bins there are from 0 to 1. */
  public static final int BINS = 10;

  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * Scores that are near each other.
   *
   * @param low of the range, included; a tenth less than its end
   * @param rows how many scores, at least 1
   * @param score their mean
   * @param share how many of them have the label, from 0 to 1
   */
  public record Bin(double low, int rows, double score, double share) {}

  /** Of one label's scores, at least one. */
  public static Reliability of(List<Score> scores) {
    int[] rows = new int[BINS];
    int[] positive = new int[BINS];
    double[] sums = new double[BINS];
    double squares = 0;
    for (Score score : scores) {
      int bin = Math.min(BINS - 1, (int) (score.value() * BINS));
      rows[bin]++;
      positive[bin] += score.truth() ? 1 : 0;
      sums[bin] += score.value();
      double off = score.value() - (score.truth() ? 1 : 0);
      squares += off * off;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int i = 0; i < BINS; i++) {
      if (rows[i] > 0) {
        Bin bin =
            new Bin((double) i / BINS, rows[i], sums[i] / rows[i], (double) positive[i] / rows[i]);
        bins.add(bin);
        error += Math.abs(bin.score() - bin.share()) * rows[i] / scores.size();
      }
    }
    return new Reliability(bins, error, squares / scores.size());
  }
}
