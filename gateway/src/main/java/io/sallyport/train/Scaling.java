package io.sallyport.train;

import java.util.Collection;

/**
 * The step before the first layer: {@code (x - mean) / spread}, with the mean of each number and
 * one spread for all, the root of the mean variance. So the first step has the same meaning for
 * every embedding model, and no number that hardly moves is blown up. When training has ended it is
 * folded into the first layer.
 *
 * @param mean by number of the vector
 * @param spread above 0
 */
record Scaling(double[] mean, double spread) {

  /**
   * The scaling of these rows' vectors.
   *
   * @throws IllegalArgumentException when all vectors are equal
   */
  static Scaling of(Collection<LabelledRow> rows) {
    int size = rows.iterator().next().vectors().getFirst().length;
    double[] mean = new double[size];
    long count = 0;
    for (LabelledRow row : rows) {
      for (float[] vector : row.vectors()) {
        count++;
        for (int i = 0; i < size; i++) {
          mean[i] += vector[i];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= count;
    }
    double squares = 0;
    for (LabelledRow row : rows) {
      for (float[] vector : row.vectors()) {
        for (int i = 0; i < size; i++) {
          squares += (vector[i] - mean[i]) * (vector[i] - mean[i]);
        }
      }
    }
    double spread = StrictMath.sqrt(squares / ((double) count * size));
    if (!(spread > 0)) {
      throw new IllegalArgumentException("all vectors are equal");
    }
    return new Scaling(mean, spread);
  }

  float[] apply(float[] vector) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = (float) ((vector[i] - mean[i]) / spread);
    }
    return scaled;
  }
}
