package io.sallyport.train;

/**
 * Gradient descent with a step size per weight: Adam (Kingma and Ba, *Adam: A Method for Stochastic
 * Optimization*, 2015, algorithm 1, with its constants), on the gradient of all rows.
 *
 * <p>For one thread.
 */
final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double rate;
  private final double[] mean;
  private final double[] square;
  private double decay1 = 1;
  private double decay2 = 1;

  /**
   * @param rate the step of a weight whose gradient does not change
   */
  Adam(int weights, double rate) {
    this.rate = rate;
    this.mean = new double[weights];
    this.square = new double[weights];
  }

  /** Moves the weights one step against the gradient. */
  void step(double[] weights, double[] gradient) {
    decay1 *= BETA1;
    decay2 *= BETA2;
    for (int i = 0; i < weights.length; i++) {
      mean[i] = BETA1 * mean[i] + (1 - BETA1) * gradient[i];
      square[i] = BETA2 * square[i] + (1 - BETA2) * gradient[i] * gradient[i];
      double expected = StrictMath.sqrt(square[i] / (1 - decay2)) + EPSILON;
      weights[i] -= rate * (mean[i] / (1 - decay1)) / expected;
    }
  }
}
