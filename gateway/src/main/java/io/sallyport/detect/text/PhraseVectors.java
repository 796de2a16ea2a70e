package io.sallyport.detect.text;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.ConceptVectors;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The way from a concept's phrases to its vectors. */
final class PhraseVectors {
  private static final int WINDOWS_MAX = 64;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private PhraseVectors() {}

  static ConceptVectors of(String label, Concepts.Concept concept, TextModel model)
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
    return vectors;
  }
}
