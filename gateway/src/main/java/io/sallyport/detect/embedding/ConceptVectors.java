package io.sallyport.detect.embedding;

import java.util.ArrayList;
import java.util.List;

/**
 * One label's meaning as vectors of length 1. Immutable by contract.
 *
 * @param positive what means the label; at least one
 * @param contrast what is near and yet allowed; may be none
 */
public record ConceptVectors(String label, List<float[]> positive, List<float[]> contrast) {
  public ConceptVectors {
    positive = List.copyOf(positive);
    contrast = List.copyOf(contrast);
  }

  /** The positive ones, then the contrast. */
  List<float[]> all() {
    List<float[]> all = new ArrayList<>(positive);
    all.addAll(contrast);
    return all;
  }
}
