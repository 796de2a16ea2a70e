package io.sallyport.detect.embedding;

import java.util.Arrays;
import java.util.List;

/**
 * The phrases of all concepts as one table, so that a text is compared with every phrase in one
 * pass.
 *
 * <p>The table lies by dimension: first the first number of every phrase, then the second. The
 * inner loop then runs over phrases, has no sum that depends on its last step, and becomes vector
 * instructions; a dot product for each phrase would not. Sums are float, always in the order of the
 * dimensions, so that they repeat on every machine; for vectors of length 1 and some hundred
 * dimensions they are within 1e-5 of the exact cosine.
 *
 * <p>Immutable; safe on every thread.
 */
final class ConceptTable {
  private final List<ConceptVectors> concepts;
  private final ConceptScale scale;
  private final int phrases;
  private final float[] byDimension;

  /**
   * @param concepts with vectors of one length
   */
  ConceptTable(List<ConceptVectors> concepts, ConceptScale scale) {
    this.concepts = List.copyOf(concepts);
    this.scale = scale;
    List<float[]> all = concepts.stream().flatMap(concept -> concept.all().stream()).toList();
    this.phrases = all.size();
    int size = all.isEmpty() ? 0 : all.getFirst().length;
    this.byDimension = new float[Math.multiplyExact(size, phrases)];
    for (int column = 0; column < phrases; column++) {
      for (int dimension = 0; dimension < size; dimension++) {
        byDimension[dimension * phrases + column] = all.get(column)[dimension];
      }
    }
  }

  /** How many phrases there are: the length of {@code cosines} below. */
  int phrases() {
    return phrases;
  }

  /**
   * Raises each label's score to what this text gives it.
   *
   * @param text of length 1
   * @param cosines room for {@link #phrases()} numbers, of the caller's; overwritten
   * @param strongest a score per concept, in their order
   */
  void raise(float[] text, float[] cosines, double[] strongest) {
    Arrays.fill(cosines, 0);
    for (int dimension = 0; dimension < text.length; dimension++) {
      add(text[dimension], dimension * phrases, cosines);
    }
    int from = 0;
    for (int i = 0; i < strongest.length; i++) {
      ConceptVectors concept = concepts.get(i);
      int middle = from + concept.positive().size();
      int to = middle + concept.contrast().size();
      double score = scale.score(best(cosines, from, middle), best(cosines, middle, to));
      strongest[i] = Math.max(strongest[i], score);
      from = to;
    }
  }

  private void add(float number, int row, float[] cosines) {
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] += number * byDimension[row + i];
    }
  }

  /** The best cosine; negative infinity for no phrases. */
  private static double best(float[] cosines, int from, int to) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      best = Math.max(best, cosines[i]);
    }
    return best;
  }
}
