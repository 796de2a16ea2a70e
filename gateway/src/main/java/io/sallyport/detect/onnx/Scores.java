package io.sallyport.detect.onnx;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.FloatBuffer;

/** The last step from a model's numbers to scores. */
final class Scores {
  /** What float arithmetic may stray beyond 0 and 1, over some thousand additions of 2^-24. */
  private static final double ROUNDING = 1e-4;

  private Scores() {}

  /**
   * The scores that a run's output means: activated, and calibrated where the card says so.
   *
   * @param raw one number per label, from index 0 on
   * @return one score from 0 to 1 per label
   * @throws UnavailableException {@code BAD_OUTPUT} for a number that is not finite, or a score out
   *     of range
   */
  static double[] of(ScoreOutput output, FloatBuffer raw) throws UnavailableException {
    double[] values = new double[output.labels().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = raw.get(i);
    }
    if (output.calibration().isEmpty()) {
      activate(output.activation(), values);
      return values;
    }
    double[] scores = values.clone();
    activate(output.activation(), scores);
    for (int i = 0; i < scores.length; i++) {
      Calibration calibration = output.calibration().get(output.labels().get(i));
      if (calibration != null) {
        scores[i] = calibration.score(output.activation(), values, i);
      }
    }
    return scores;
  }

  /**
   * Turns raw numbers into scores from 0 to 1, in place.
   *
   * @throws UnavailableException {@code BAD_OUTPUT} for a number that is not finite, or a score out
   *     of range
   */
  static void activate(ScoreOutput.Activation activation, double[] values)
      throws UnavailableException {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new UnavailableException(Cause.BAD_OUTPUT, "a score is not a finite number");
      }
    }
    switch (activation) {
      case NONE -> check(values);
      case SOFTMAX -> softmax(values);
      case SIGMOID -> sigmoid(values);
    }
  }

  private static void check(double[] values) throws UnavailableException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < -ROUNDING || values[i] > 1 + ROUNDING) {
        throw new UnavailableException(Cause.BAD_OUTPUT, "a score is out of range");
      }
      values[i] = Math.clamp(values[i], 0.0, 1.0);
    }
  }

  /** Shifted by the largest, so that nothing overflows. */
  private static void softmax(double[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - largest);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
  }

  private static void sigmoid(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 / (1 + Math.exp(-values[i]));
    }
  }
}
