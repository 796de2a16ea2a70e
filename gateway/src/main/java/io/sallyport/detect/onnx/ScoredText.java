package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text that a classifier must score as its card says.
 *
 * @param expect scores by label; labels that are not named may score anything
 * @param tolerance how far a score may be off
 * @param line where the card says so, 1-based
 */
public record ScoredText(String text, Map<String, Double> expect, double tolerance, int line) {
  public ScoredText {
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }
}
