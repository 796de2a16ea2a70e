package io.sallyport.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  private static final double STEP = 1e-5;
  private static final double DECAY = 0.3;

  /** The gradient against differences of the loss, weight by weight. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void theGradientIsTheSlopeOfTheLoss(int hidden) {
    SplittableRandom random = new SplittableRandom(5);
    Network network = new Network(4, hidden, 2);
    network.start(random);
    double[] weights = network.weights();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += 0.5 * random.nextGaussian();
    }
    List<Network.Row> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      float[][] vectors = new float[1 + i % 3][];
      for (int j = 0; j < vectors.length; j++) {
        vectors[j] = Rows.noise(4, random);
      }
      rows.add(new Network.Row(vectors, Rows.list(i % 2 == 0, i < 2)));
    }
    double[] gradient = new double[weights.length];
    network.gradient(rows, DECAY, gradient);
    for (int i = 0; i < weights.length; i++) {
      double kept = weights[i];
      weights[i] = kept + STEP;
      double above = loss(network, rows, hidden);
      weights[i] = kept - STEP;
      double below = loss(network, rows, hidden);
      weights[i] = kept;
      assertThat(gradient[i])
          .as("weight %d", i)
          .isCloseTo((above - below) / 2 / STEP, within(1e-6));
    }
  }

  /** With half the decay times the squares of all weights that are no biases. */
  private static double loss(Network network, List<Network.Row> rows, int hidden) {
    double squares = 0;
    double[] weights = network.weights();
    for (int i = 0; i < weights.length - 2; i++) {
      boolean bias = hidden > 0 && i >= hidden * 4 && i < hidden * 5;
      squares += bias ? 0 : weights[i] * weights[i];
    }
    return network.loss(rows) + DECAY / 2 * squares;
  }
}
