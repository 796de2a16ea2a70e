package io.sallyport.detect.onnx;

/** Arithmetic on embedding vectors; sums in double, always in index order, so that it repeats. */
public final class Vectors {
  private Vectors() {}

  /** Sum of products of two vectors of one length; the cosine, when both have length 1. */
  public static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }

  /** Cosine of the angle between two vectors; NaN when either is zero. */
  public static double cosine(float[] one, float[] other) {
    return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
  }
}
