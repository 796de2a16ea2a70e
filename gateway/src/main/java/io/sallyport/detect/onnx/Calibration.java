package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.ScoreOutput.Activation;

/**
 * How one label's score is fitted to what the label is worth: the score of a well calibrated label
 * is the share of texts or pictures of that score that are what it says.
 *
 * <p>Both work on the label's log-odds, which for {@link Activation#SIGMOID} are its logit, and for
 * {@link Activation#SOFTMAX} its logit above the log-sum-exp of the others. Each label is fitted on
 * its own, so the scores of a calibrated softmax need not sum to 1.
 */
public sealed interface Calibration {

  /**
   * Every logit divided by a number before the activation: Guo et al., <i>On Calibration of Modern
   * Neural Networks</i>, ICML 2017, section 4.2.
   *
   * @param temperature 0.01 to 100; above 1 the model was too sure of itself
   */
  record Temperature(double temperature) implements Calibration {
    static final double LEAST = 0.01;
    static final double MOST = 100;

    @Override
    public boolean inBounds() {
      return temperature >= LEAST && temperature <= MOST;
    }

    @Override
    public double score(Activation activation, double[] logits, int label) {
      return logistic(logOdds(activation, logits, label, temperature));
    }
  }

  /**
   * {@code 1 / (1 + exp(a * f + b))} of the log-odds f: Platt, <i>Probabilistic Outputs for Support
   * Vector Machines</i>, 1999, section 2. {@code a = -1, b = 0} changes nothing.
   *
   * @param a -100 to -0.0001: below 0, or the strongest would score lowest
   * @param b -1000 to 1000
   */
  record Platt(double a, double b) implements Calibration {
    static final double A_LEAST = -100;
    static final double A_MOST = -1e-4;
    static final double B_SIZE = 1000;

    @Override
    public boolean inBounds() {
      return a >= A_LEAST && a <= A_MOST && Math.abs(b) <= B_SIZE;
    }

    /** False when what the model scores higher would be scored lower, or hardly higher. */
    public boolean keepsOrder() {
      return a <= A_MOST;
    }

    @Override
    public double score(Activation activation, double[] logits, int label) {
      return logistic(-(a * logOdds(activation, logits, label, 1) + b));
    }
  }

  /** Whether a card takes it: false for numbers that it refuses, those that are none among them. */
  boolean inBounds();

  /**
   * The label's score.
   *
   * @param activation {@code SOFTMAX} over at least two labels, or {@code SIGMOID}
   * @param logits finite, one per label of the model
   * @param label its index
   * @return 0 to 1
   */
  double score(Activation activation, double[] logits, int label);

  private static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  private static double logOdds(
      Activation activation, double[] logits, int label, double temperature) {
    return switch (activation) {
      case SIGMOID -> logits[label] / temperature;
      case SOFTMAX -> logits[label] / temperature - others(logits, label, temperature);
      case NONE -> throw new IllegalArgumentException("scores have no logits");
    };
  }

  /** Log-sum-exp of all logits but one, shifted by the largest so that nothing overflows. */
  private static double others(double[] logits, int label, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      largest = i == label ? largest : Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += i == label ? 0 : Math.exp((logits[i] - largest) / temperature);
    }
    return largest / temperature + Math.log(sum);
  }
}
