package io.sallyport.detect.text;

import io.sallyport.detect.Detector;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.ConceptSet;
import io.sallyport.detect.embedding.ConceptVectors;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that compares the meaning of a prompt with an operator's concepts.
 *
 * <p>Every form of the prompt is read through overlapping windows; per label the strongest window
 * counts. Each window is embedded on its own, so that one text's score never depends on another's,
 * and equal windows are embedded once.
 *
 * <p>Safe on every thread; runs on the thread that asks.
 */
public final class ConceptsDetector implements Detector<Prompt> {
  /** Changes when the way from text to score does, and with it every score. */
  private static final String METHOD = "concepts-2";

  private final String name;
  private final String digest;
  private final PromptVectors vectors;
  private final ConceptSet concepts;

  private ConceptsDetector(
      String name, Concepts file, PromptVectors vectors, List<ConceptVectors> concepts) {
    this.name = name;
    this.vectors = vectors;
    this.concepts = new ConceptSet(file.scale(), concepts);
    this.digest = Digests.canonical(List.of(METHOD, file.digest(), vectors.digest()));
  }

  /** As {@link #of(String, Concepts, PromptVectors, Problems)}, alone on its model. */
  public static Optional<ConceptsDetector> of(
      String name, Concepts file, TextModel model, Problems problems) {
    return of(name, file, new PromptVectors(model, false), problems);
  }

  /**
   * Embeds every phrase of the file, at about 2 ms each, and puts the model to work; the model
   * stays its owner's to close.
   *
   * @param name as policies spell it
   * @return empty, with problems recorded, when the model cannot place the phrases
   */
  public static Optional<ConceptsDetector> of(
      String name, Concepts file, PromptVectors vectors, Problems problems) {
    TextModel model = vectors.model();
    if (!model.normalised()) {
      problems.add(model.card().file(), 0, "concepts need a model with normalise: true");
      return Optional.empty();
    }
    List<ConceptVectors> concepts = new ArrayList<>();
    for (Map.Entry<String, Concepts.Concept> entry : file.labels().entrySet()) {
      try {
        concepts.add(PhraseVectors.of(entry.getKey(), entry.getValue(), model));
      } catch (UnavailableException e) {
        String message = "labels." + entry.getKey() + ": no vector: " + e.why().wire();
        problems.add(file.file(), entry.getValue().line(), message);
      }
    }
    return concepts.size() == file.labels().size()
        ? Optional.of(new ConceptsDetector(name, file, vectors, concepts))
        : Optional.empty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return vectors.stages();
  }

  @Override
  public Set<String> labels() {
    return concepts.labels();
  }

  @Override
  public boolean advisory() {
    return vectors.card().advisory();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public Optional<ModelUse> model() {
    return Optional.of(vectors.card().use());
  }

  /** One score per label of the file, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, Prompt prompt, long deadlineNanos)
      throws UnavailableException {
    return concepts.signals(name, stage, vectors, prompt, deadlineNanos);
  }
}
