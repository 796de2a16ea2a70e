package io.sallyport.train;

import java.util.List;

/**
 * Newton's method with backtracking for Platt's a and b, as Lin, Lin and Weng give it (<i>A Note on
 * Platt's Probabilistic Outputs for Support Vector Machines</i>, 2007, appendix), with Platt's
 * targets: {@code (n+ + 1) / (n+ + 2)} for rows with the label and {@code 1 / (n- + 2)} for those
 * without, so that few rows do not make a fit that is sure of itself.
 *
 * <p>Sums run in the order of the rows, so that equal rows give equal numbers.
 */
final class PlattSearch {
  private static final int STEPS_MAX = 100;
  private static final double GRADIENT_LEAST = 1e-5;
  private static final double STEP_LEAST = 1e-10;
  private static final double RIDGE = 1e-12;
  private static final double DESCENT = 1e-4;

  private final double[] logOdds;
  private final double[] targets;
  private double a;
  private double b;

  PlattSearch(List<Score> scores) {
    long positive = scores.stream().filter(Score::truth).count();
    long negative = scores.size() - positive;
    logOdds = new double[scores.size()];
    targets = new double[scores.size()];
    for (int i = 0; i < logOdds.length; i++) {
      logOdds[i] = ScoreFit.logOdds(scores.get(i).value());
      targets[i] =
          scores.get(i).truth() ? (positive + 1.0) / (positive + 2.0) : 1 / (negative + 2.0);
    }
    b = StrictMath.log((negative + 1.0) / (positive + 1.0));
  }

  ScoreFit.Platt run() {
    double loss = loss(a, b);
    for (int step = 0; step < STEPS_MAX; step++) {
      Slope slope = slope();
      if (StrictMath.abs(slope.a) < GRADIENT_LEAST && StrictMath.abs(slope.b) < GRADIENT_LEAST) {
        break;
      }
      double next = walk(slope, loss);
      if (next >= loss) {
        break;
      }
      loss = next;
    }
    return new ScoreFit.Platt(a, b);
  }

  /** Goes down the slope as far as the loss falls enough; the loss there. */
  private double walk(Slope slope, double loss) {
    double determinant = slope.aa * slope.bb - slope.ab * slope.ab;
    double towardsA = -(slope.bb * slope.a - slope.ab * slope.b) / determinant;
    double towardsB = -(slope.aa * slope.b - slope.ab * slope.a) / determinant;
    double descent = slope.a * towardsA + slope.b * towardsB;
    for (double length = 1; length >= STEP_LEAST; length /= 2) {
      double there = loss(a + length * towardsA, b + length * towardsB);
      if (there < loss + DESCENT * length * descent) {
        a += length * towardsA;
        b += length * towardsB;
        return there;
      }
    }
    return loss;
  }

  private double loss(double atA, double atB) {
    double loss = 0;
    for (int i = 0; i < logOdds.length; i++) {
      double x = logOdds[i] * atA + atB;
      loss +=
          x >= 0
              ? targets[i] * x + StrictMath.log1p(StrictMath.exp(-x))
              : (targets[i] - 1) * x + StrictMath.log1p(StrictMath.exp(x));
    }
    return loss;
  }

  private Slope slope() {
    Slope slope = new Slope();
    for (int i = 0; i < logOdds.length; i++) {
      double fitted = 1 / (1 + StrictMath.exp(logOdds[i] * a + b));
      double curve = fitted * (1 - fitted);
      double off = targets[i] - fitted;
      slope.a += logOdds[i] * off;
      slope.b += off;
      slope.aa += logOdds[i] * logOdds[i] * curve;
      slope.bb += curve;
      slope.ab += logOdds[i] * curve;
    }
    return slope;
  }

  /** First and second derivatives of the loss. */
  private static final class Slope {
    private double a;
    private double b;
    private double aa = RIDGE;
    private double bb = RIDGE;
    private double ab;
  }
}
