package io.sallyport.train;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The head while it learns: from a vector x to a logit per label, {@code z = W x + b}, or with a
 * hidden layer {@code z = W max(0, V x + c) + b}. All weights lie in one array: V and c where there
 * is a hidden layer, then W, then b, each matrix row by row.
 *
 * <p>A row's logit is the largest of its vectors'; the gradient goes through that vector alone. The
 * loss is the cross entropy of {@code 1 / (1 + e^-z)} and the labels, summed over labels and
 * averaged over rows, plus half the decay times the squared weights without biases.
 *
 * <p>For one thread.
 */
final class Network {
  private final int inputs;
  private final int hidden;
  private final int labels;
  private final double[] weights;

  /** Where the last layer begins in {@link #weights}, and its biases. */
  private final int top;

  private final int biases;

  /** What the last layer reads, for the vector looked at last. */
  private final double[] units;

  Network(int inputs, int hidden, int labels) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.labels = labels;
    int reads = hidden == 0 ? inputs : hidden;
    this.top = hidden == 0 ? 0 : hidden * inputs + hidden;
    this.biases = top + labels * reads;
    this.weights = new double[biases + labels];
    this.units = new double[reads];
  }

  double[] weights() {
    return weights;
  }

  /**
   * Starts a hidden layer from normal weights of variance {@code 2 / inputs} for it and {@code 1 /
   * hidden} above (He et al., *Delving Deep into Rectifiers*, 2015); without one all start at 0,
   * for the loss has a single minimum.
   */
  void start(RandomGenerator random) {
    Arrays.fill(weights, 0);
    if (hidden > 0) {
      for (int i = 0; i < hidden * inputs; i++) {
        weights[i] = random.nextGaussian() * StrictMath.sqrt(2.0 / inputs);
      }
      for (int i = top; i < biases; i++) {
        weights[i] = random.nextGaussian() * StrictMath.sqrt(1.0 / hidden);
      }
    }
  }

  /** The logits of one vector. */
  void logits(float[] vector, double[] logits) {
    read(vector);
    for (int label = 0; label < labels; label++) {
      int row = top + label * units.length;
      double sum = weights[biases + label];
      for (int i = 0; i < units.length; i++) {
        sum += weights[row + i] * units[i];
      }
      logits[label] = sum;
    }
  }

  private void read(float[] vector) {
    if (hidden == 0) {
      for (int i = 0; i < inputs; i++) {
        units[i] = vector[i];
      }
      return;
    }
    for (int unit = 0; unit < hidden; unit++) {
      double sum = weights[hidden * inputs + unit];
      for (int i = 0; i < inputs; i++) {
        sum += weights[unit * inputs + i] * vector[i];
      }
      units[unit] = Math.max(0, sum);
    }
  }

  /** The loss over rows, without the part of the weights. */
  double loss(List<Row> rows) {
    double sum = 0;
    Strongest strongest = new Strongest(labels);
    for (Row row : rows) {
      strongest.look(this, row.vectors());
      for (int label = 0; label < labels; label++) {
        sum += crossEntropy(strongest.logits[label], row.target(label));
      }
    }
    return sum / rows.size();
  }

  /** {@code max(z, 0) - z y + ln(1 + e^-|z|)}, which overflows nowhere. */
  private static double crossEntropy(double logit, double target) {
    return Math.max(logit, 0) - logit * target + StrictMath.log1p(StrictMath.exp(-Math.abs(logit)));
  }

  /** Writes the gradient of the whole loss. */
  void gradient(List<Row> rows, double decay, double[] gradient) {
    Arrays.fill(gradient, 0);
    Strongest strongest = new Strongest(labels);
    for (Row row : rows) {
      strongest.look(this, row.vectors());
      for (int label = 0; label < labels; label++) {
        double error = Logistic.of(strongest.logits[label]) - row.target(label);
        back(row.vectors()[strongest.vectors[label]], label, error / rows.size(), gradient);
      }
    }
    int bottom = hidden * inputs;
    for (int i = 0; i < biases; i++) {
      if (i < bottom || i >= top) {
        gradient[i] += decay * weights[i];
      }
    }
  }

  /** Adds what one label of one vector says. */
  private void back(float[] vector, int label, double error, double[] gradient) {
    read(vector);
    int row = top + label * units.length;
    gradient[biases + label] += error;
    for (int i = 0; i < units.length; i++) {
      gradient[row + i] += error * units[i];
      if (hidden > 0 && units[i] > 0) {
        double below = error * weights[row + i];
        gradient[hidden * inputs + i] += below;
        for (int j = 0; j < inputs; j++) {
          gradient[i * inputs + j] += below * vector[j];
        }
      }
    }
  }

  /**
   * A row while it is learnt from.
   *
   * @param vectors scaled; at least one
   */
  record Row(float[][] vectors, List<Boolean> labels) {
    double target(int label) {
      return labels.get(label) ? 1 : 0;
    }
  }

  /** Per label the largest logit of several vectors, and whose it is: the first such one's. */
  private static final class Strongest {
    private final double[] logits;
    private final int[] vectors;
    private final double[] own;

    Strongest(int labels) {
      this.logits = new double[labels];
      this.vectors = new int[labels];
      this.own = new double[labels];
    }

    void look(Network network, float[][] row) {
      Arrays.fill(logits, Double.NEGATIVE_INFINITY);
      for (int i = 0; i < row.length; i++) {
        network.logits(row[i], own);
        for (int label = 0; label < own.length; label++) {
          if (own[label] > logits[label]) {
            logits[label] = own[label];
            vectors[label] = i;
          }
        }
      }
    }
  }
}
