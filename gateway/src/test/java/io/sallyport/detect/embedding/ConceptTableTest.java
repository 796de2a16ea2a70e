package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.onnx.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConceptTableTest {
  private static final int SIZE = 384;
  private static final ConceptScale SCALE = new ConceptScale(0.05, 0.35);

  private static float[] unit(SplittableRandom random) {
    float[] vector = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    double length = Math.sqrt(Vectors.dot(vector, vector));
    for (int i = 0; i < SIZE; i++) {
      vector[i] /= (float) length;
    }
    return vector;
  }

  private static List<float[]> units(SplittableRandom random, int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(unit(random));
    }
    return vectors;
  }

  private static double best(List<float[]> phrases, float[] text) {
    return phrases.stream()
        .mapToDouble(phrase -> Vectors.dot(phrase, text))
        .max()
        .orElse(Double.NEGATIVE_INFINITY);
  }

  @Test
  void every_label_gets_the_score_of_its_own_best_phrases_and_keeps_the_stronger() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<ConceptVectors> concepts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      concepts.add(new ConceptVectors("label-" + i, units(random, 1 + i), units(random, i % 3)));
    }
    ConceptTable table = new ConceptTable(concepts, SCALE);
    assertThat(table.phrases()).isEqualTo(45 + 9);

    double[] scores = new double[concepts.size()];
    double[] expected = new double[concepts.size()];
    float[] room = new float[table.phrases()];
    // One text is a phrase itself, so that some score is high.
    for (float[] text : List.of(unit(random), concepts.get(4).positive().get(2), unit(random))) {
      table.raise(text, room, scores);
      for (int i = 0; i < expected.length; i++) {
        ConceptVectors concept = concepts.get(i);
        double score = SCALE.score(best(concept.positive(), text), best(concept.contrast(), text));
        expected[i] = Math.max(expected[i], score);
      }
    }

    assertThat(expected[4]).isGreaterThan(0.9);
    assertThat(scores).as("seed %d", seed).containsExactly(expected, within(1e-4));
  }
}
