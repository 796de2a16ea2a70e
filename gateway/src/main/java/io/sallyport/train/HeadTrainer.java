package io.sallyport.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Trains a head: {@link Adam} on all rows at once, stopped early.
 *
 * <p>How many passes are right is found first: a fifth of the rows is watched, and the pass with
 * the lowest loss there counts (early stopping; Prechelt, *Early Stopping - But When?*, 1998). Then
 * training starts anew and makes as many passes over all rows, so that none is wasted. Rows that
 * figures are made on must not be among them.
 */
public final class HeadTrainer {
  private static final double WATCHED = 0.2;

  /** A first step that moves a logit by about so much, however long the vectors are. */
  private static final double STEP = 0.05;

  private final Recipe recipe;
  private final int inputs;
  private final int labels;

  private HeadTrainer(Recipe recipe, LabelledRow like) {
    this.recipe = recipe;
    this.inputs = like.vectors().getFirst().length;
    this.labels = like.labels().size();
  }

  /**
   * Trains on rows.
   *
   * @param rows at least one, with vectors of one length and labels of one number
   * @return equal for equal rows and recipes, to the last bit
   * @throws IllegalArgumentException when all vectors are equal
   */
  public static Head train(Collection<LabelledRow> rows, Recipe recipe) {
    HeadTrainer trainer = new HeadTrainer(recipe, rows.iterator().next());
    Scaling scaling = Scaling.of(rows);
    Map<LabelledRow, Network.Row> scaled = new IdentityHashMap<>();
    rows.forEach(row -> scaled.put(row, scaled(row, scaling)));
    Split split = Split.of(rows, WATCHED, recipe.seed());
    int epochs =
        split.heldOut().isEmpty() || split.learn().isEmpty()
            ? recipe.patience()
            : trainer.epochs(pick(split.learn(), scaled), pick(split.heldOut(), scaled));
    Network network = trainer.learn(pick(rows, scaled), epochs);
    return trainer.fold(network.weights(), scaling);
  }

  private static Network.Row scaled(LabelledRow row, Scaling scaling) {
    return new Network.Row(
        row.vectors().stream().map(scaling::apply).toArray(float[][]::new), row.labels());
  }

  private static List<Network.Row> pick(
      Collection<LabelledRow> rows, Map<LabelledRow, Network.Row> scaled) {
    return rows.stream().map(row -> Objects.requireNonNull(scaled.get(row))).toList();
  }

  /** The number of passes after which the watched rows' loss is lowest. */
  private int epochs(List<Network.Row> rows, List<Network.Row> watched) {
    Run run = new Run(rows);
    double lowest = run.network.loss(watched);
    int best = 0;
    for (int epoch = 1; epoch <= recipe.epochsMax() && epoch - best <= recipe.patience(); epoch++) {
      run.pass();
      double loss = run.network.loss(watched);
      if (loss < lowest) {
        lowest = loss;
        best = epoch;
      }
    }
    return best;
  }

  private Network learn(List<Network.Row> rows, int epochs) {
    Run run = new Run(rows);
    for (int epoch = 0; epoch < epochs; epoch++) {
      run.pass();
    }
    return run.network;
  }

  /** The trained weights with the scaling in the first layer: {@code W / s, b - W m / s}. */
  private Head fold(double[] weights, Scaling scaling) {
    boolean deep = recipe.hidden() > 0;
    int first = deep ? recipe.hidden() : labels;
    List<Head.Layer> layers = new ArrayList<>();
    layers.add(scaledLayer(weights, first, scaling));
    if (deep) {
      layers.add(layer(weights, first * inputs + first, first, labels));
    }
    return new Head(layers);
  }

  private Head.Layer scaledLayer(double[] weights, int outputs, Scaling scaling) {
    float[] matrix = new float[outputs * inputs];
    float[] biases = new float[outputs];
    for (int row = 0; row < outputs; row++) {
      double bias = weights[outputs * inputs + row];
      for (int i = 0; i < inputs; i++) {
        double weight = weights[row * inputs + i] / scaling.spread();
        matrix[row * inputs + i] = (float) weight;
        bias -= weight * scaling.mean()[i];
      }
      biases[row] = (float) bias;
    }
    return new Head.Layer(inputs, outputs, matrix, biases);
  }

  private static Head.Layer layer(double[] weights, int from, int inputs, int outputs) {
    float[] matrix = new float[outputs * inputs];
    float[] biases = new float[outputs];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) weights[from + i];
    }
    for (int i = 0; i < outputs; i++) {
      biases[i] = (float) weights[from + matrix.length + i];
    }
    return new Head.Layer(inputs, outputs, matrix, biases);
  }

  /** One training from its start. */
  private final class Run {
    private final List<Network.Row> rows;
    private final Network network = new Network(inputs, recipe.hidden(), labels);
    private final double[] gradient = new double[network.weights().length];
    private final Adam adam = new Adam(gradient.length, STEP / StrictMath.sqrt(inputs));

    Run(List<Network.Row> rows) {
      this.rows = rows;
      network.start(new SplittableRandom(recipe.seed()));
    }

    /** One step on all rows. */
    void pass() {
      network.gradient(rows, recipe.decay(), gradient);
      adam.step(network.weights(), gradient);
    }
  }
}
