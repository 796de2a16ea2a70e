package io.sallyport.train;

/** The logistic function, the same on every machine. */
final class Logistic {
  private Logistic() {}

  /** {@code 1 / (1 + e^-z)}. */
  static double of(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }
}
