package io.sallyport.ops;

/**
 * How often scores fell where, over one window: {@link #BINS} counts, even in log-odds, so that
 * 0.001 and 0.01 are told apart as well as 0.5 and 0.9. What lies below 0.0001 or above 0.9999
 * counts at the edge. One thread at a time.
 */
final class ScoreWindow {
  /** A bin is 0.144 wide in log-odds: at 0.5 that is 0.036, at 0.01 it is 0.0014. */
  static final int BINS = 128;

  private static final double EDGE = 1e-4;
  private static final double LOG_ODDS_MAX = Math.log((1 - EDGE) / EDGE);

  /** The drift is told over groups of bins: over single ones it would be mostly chance. */
  private static final int GROUPS = 16;

  private final int[] counts = new int[BINS];
  private int total;

  void add(double score) {
    counts[bin(score)]++;
    total++;
  }

  int total() {
    return total;
  }

  private static int bin(double score) {
    double within = Math.clamp(score, EDGE, 1 - EDGE);
    double logOdds = Math.log(within / (1 - within));
    return Math.clamp((long) ((logOdds + LOG_ODDS_MAX) / (2 * LOG_ODDS_MAX) * BINS), 0, BINS - 1);
  }

  /**
   * The score that a share of all scores does not exceed, to the middle of its bin.
   *
   * @param share above 0 and up to 1
   */
  double quantile(double share) {
    double wanted = share * total;
    int bin = 0;
    for (int seen = counts[0]; seen < wanted && bin < BINS - 1; seen += counts[bin]) {
      bin++;
    }
    double logOdds = (bin + 0.5) / BINS * 2 * LOG_ODDS_MAX - LOG_ODDS_MAX;
    return 1 / (1 + Math.exp(-logOdds));
  }

  /**
   * The population stability index of this window against another: the sum over groups of (p - q)
   * ln(p / q), with half a score added to each group so that an empty one stays finite. By custom
   * (Siddiqi, <i>Credit Risk Scorecards</i>, 2006) below 0.1 is calm, above 0.25 is a change.
   */
  double drift(ScoreWindow reference) {
    double sum = 0;
    for (int group = 0; group < GROUPS; group++) {
      double p = share(group);
      double q = reference.share(group);
      sum += (p - q) * Math.log(p / q);
    }
    return sum;
  }

  private double share(int group) {
    int size = BINS / GROUPS;
    double count = 0.5;
    for (int i = group * size; i < (group + 1) * size; i++) {
      count += counts[i];
    }
    return count / (total + 0.5 * GROUPS);
  }
}
