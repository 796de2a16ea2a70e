package io.sallyport.train;

/**
 * How a head is trained.
 *
 * @param hidden units of the hidden layer, 0 for logistic regression
 * @param seed of the first weights and of the rows that tell when to stop
 * @param decay weight of the squared weights in the loss, against learning rows by heart
 * @param epochsMax passes over all rows at most
 * @param patience passes without a better loss on watched rows after which training stops
 */
public record Recipe(int hidden, long seed, double decay, int epochsMax, int patience) {
  /** Hidden units at most. */
  public static final int HIDDEN_MAX = 1024;

  /** Weak decay; far more passes than small heads need before their patience ends. */
  public static Recipe of(int hidden, long seed) {
    return new Recipe(hidden, seed, 1e-3, 2000, 40);
  }
}
