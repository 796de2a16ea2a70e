package io.sallyport.train;

import java.util.List;

/**
 * How the scores of one label are fitted to what it is worth; both fits keep their order.
 *
 * <p>They work on the log-odds f of a score. A score of 0 or 1 has none that is finite and counts
 * as {@link #EDGE} away from it.
 */
public sealed interface ScoreFit {
  /** The nearest that a score may come to 0 or 1. */
  double EDGE = 1e-9;

  /** Fewer scores of either kind fit anything. */
  int LEAST = 10;

  /** The fitted score, 0 to 1. */
  double fitted(double score);

  /**
   * {@code 1 / (1 + exp(-f / temperature))}.
   *
   * @param temperature 0.01 to 100
   */
  record Temperature(double temperature) implements ScoreFit {
    static final double LEAST = 0.01;
    static final double MOST = 100;

    @Override
    public double fitted(double score) {
      return logistic(logOdds(score) / temperature);
    }
  }

  /**
   * {@code 1 / (1 + exp(a * f + b))}.
   *
   * @param a below 0
   */
  record Platt(double a, double b) implements ScoreFit {
    @Override
    public double fitted(double score) {
      return logistic(-(a * logOdds(score) + b));
    }
  }

  /** The log-odds of a score: {@code log(score / (1 - score))}. */
  static double logOdds(double score) {
    double inside = Math.clamp(score, EDGE, 1 - EDGE);
    return StrictMath.log(inside) - StrictMath.log1p(-inside);
  }

  private static double logistic(double logOdds) {
    return 1 / (1 + StrictMath.exp(-logOdds));
  }

  /**
   * The temperature with the least cross-entropy, to six digits: golden-section search over its
   * logarithm, in which the loss has one valley (Guo et al., <i>On Calibration of Modern Neural
   * Networks</i>, 2017, section 4.2).
   */
  static Temperature temperature(List<Score> scores) {
    double golden = (StrictMath.sqrt(5) - 1) / 2;
    double low = StrictMath.log(Temperature.LEAST);
    double high = StrictMath.log(Temperature.MOST);
    while (high - low > 1e-7) {
      double left = high - golden * (high - low);
      double right = low + golden * (high - low);
      if (loss(new Temperature(StrictMath.exp(left)), scores)
          <= loss(new Temperature(StrictMath.exp(right)), scores)) {
        high = right;
      } else {
        low = left;
      }
    }
    return new Temperature(StrictMath.exp((low + high) / 2));
  }

  /** Platt's a and b; see {@link PlattSearch}. */
  static Platt platt(List<Score> scores) {
    return new PlattSearch(scores).run();
  }

  /** Mean cross-entropy of fitted scores, in nats. */
  static double loss(ScoreFit fit, List<Score> scores) {
    double sum = 0;
    for (Score score : scores) {
      double fitted = Math.clamp(fit.fitted(score.value()), EDGE, 1 - EDGE);
      sum -= score.truth() ? StrictMath.log(fitted) : StrictMath.log1p(-fitted);
    }
    return sum / scores.size();
  }
}
