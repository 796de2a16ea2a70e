package io.sallyport.train;

import java.util.List;

/**
 * What is judged at once, with what is true of it. Immutable by contract.
 *
 * @param line where it stood in the list that was embedded, 1-based
 * @param key what it is known by; rows of one key are the same content
 * @param vectors at least one, all of one length
 * @param labels one per label of the head, true where the row has it
 */
public record LabelledRow(int line, String key, List<float[]> vectors, List<Boolean> labels) {
  public LabelledRow {
    vectors = List.copyOf(vectors);
    labels = List.copyOf(labels);
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("a row without a vector");
    }
  }
}
