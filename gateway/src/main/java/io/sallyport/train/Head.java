package io.sallyport.train;

import java.util.List;

/**
 * A trained head: layers from a vector to one logit per label, with a rectifier, {@code max(0, x)},
 * between two of them. Immutable by contract.
 *
 * @param layers one, or two with a hidden layer between
 */
public record Head(List<Layer> layers) {
  public Head {
    layers = List.copyOf(layers);
  }

  /**
   * One layer: {@code W x + b}.
   *
   * @param inputs numbers that it reads
   * @param outputs numbers that it gives
   * @param weights W, row by row, {@code outputs * inputs}
   * @param biases b, {@code outputs}
   */
  public record Layer(int inputs, int outputs, float[] weights, float[] biases) {
    double[] apply(double[] x) {
      double[] y = new double[outputs];
      for (int row = 0; row < outputs; row++) {
        double sum = biases[row];
        for (int i = 0; i < inputs; i++) {
          sum += (double) weights[row * inputs + i] * x[i];
        }
        y[row] = sum;
      }
      return y;
    }
  }

  /** One score from 0 to 1 per label, for one vector. */
  public double[] scores(float[] vector) {
    double[] x = new double[vector.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = vector[i];
    }
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int i = 0; layer > 0 && i < x.length; i++) {
        x[i] = Math.max(0, x[i]);
      }
      x = layers.get(layer).apply(x);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = Logistic.of(x[i]);
    }
    return x;
  }

  /** One score per label for a whole row: its strongest vector's. */
  public double[] scores(LabelledRow row) {
    double[] strongest = new double[row.labels().size()];
    for (float[] vector : row.vectors()) {
      double[] scores = scores(vector);
      for (int i = 0; i < scores.length; i++) {
        strongest[i] = Math.max(strongest[i], scores[i]);
      }
    }
    return strongest;
  }
}
