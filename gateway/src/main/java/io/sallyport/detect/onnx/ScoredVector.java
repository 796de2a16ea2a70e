package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A vector that a head must score as its card says.
 *
 * @param start the vector's first numbers; the rest are 0
 * @param expect scores by label; labels that are not named may score anything
 * @param tolerance how far a score may be off
 * @param line where the card says so, 1-based
 */
public record ScoredVector(
    List<Double> start, Map<String, Double> expect, double tolerance, int line) {
  public ScoredVector {
    start = List.copyOf(start);
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }

  /** The whole vector. */
  float[] vector(int size) {
    float[] vector = new float[size];
    for (int i = 0; i < start.size(); i++) {
      vector[i] = start.get(i).floatValue();
    }
    return vector;
  }
}
