package io.sallyport.detect.text;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Vectors;
import io.sallyport.detect.onnx.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One label's phrases as vectors of length 1. Immutable by contract.
 *
 * @param positive of the phrases that mean the label
 * @param contrast of the phrases that are near and yet allowed
 */
record ConceptVectors(String label, List<float[]> positive, List<float[]> contrast) {
  private static final int WINDOWS_MAX = 64;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  static ConceptVectors embed(String label, Concepts.Concept concept, TextModel model)
      throws UnavailableException {
    return new ConceptVectors(
        label, vectors(concept.positive(), model), vectors(concept.contrast(), model));
  }

  /** A phrase longer than a window counts as several. */
  private static List<float[]> vectors(List<String> phrases, TextModel model)
      throws UnavailableException {
    List<float[]> vectors = new ArrayList<>();
    for (String phrase : phrases) {
      for (Window window : model.windows(phrase, WINDOWS_MAX)) {
        float[] vector = new float[model.size()];
        model.embed(window, vector, System.nanoTime() + PATIENCE_NANOS);
        vectors.add(vector);
      }
    }
    return List.copyOf(vectors);
  }

  /** How strongly a text means this label. */
  double score(float[] text, ConceptScale scale) {
    return scale.score(best(positive, text), best(contrast, text));
  }

  /** The best cosine; negative infinity for no phrases. */
  private static double best(List<float[]> phrases, float[] text) {
    double best = Double.NEGATIVE_INFINITY;
    for (float[] phrase : phrases) {
      best = Math.max(best, Vectors.dot(phrase, text));
    }
    return best;
  }
}
