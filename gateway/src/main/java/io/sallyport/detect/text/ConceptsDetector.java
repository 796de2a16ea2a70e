package io.sallyport.detect.text;

import io.sallyport.detect.Detector;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
  private static final Set<Stage> STAGES = Set.of(Stage.PROMPT);

  /** Changes when the way from text to score does, and with it every score. */
  private static final String METHOD = "concepts-1";

  private final String name;
  private final String digest;
  private final TextModel model;
  private final ConceptScale scale;
  private final List<ConceptVectors> concepts;

  private ConceptsDetector(
      String name, Concepts file, TextModel model, List<ConceptVectors> concepts) {
    this.name = name;
    this.model = model;
    this.scale = file.scale();
    this.concepts = List.copyOf(concepts);
    this.digest = Digests.canonical(List.of(METHOD, file.digest(), model.digest()));
  }

  /**
   * Embeds every phrase of the file, at about 2 ms each, and puts the model to work; the model
   * stays its owner's to close.
   *
   * @param name as policies spell it
   * @return empty, with problems recorded, when the model cannot place the phrases
   */
  public static Optional<ConceptsDetector> of(
      String name, Concepts file, TextModel model, Problems problems) {
    if (!model.normalised()) {
      problems.add(model.card().file(), 0, "concepts need a model with normalise: true");
      return Optional.empty();
    }
    List<ConceptVectors> concepts = new ArrayList<>();
    for (Map.Entry<String, Concepts.Concept> entry : file.labels().entrySet()) {
      try {
        concepts.add(ConceptVectors.embed(entry.getKey(), entry.getValue(), model));
      } catch (UnavailableException e) {
        String message = "labels." + entry.getKey() + ": no vector: " + e.why().wire();
        problems.add(file.file(), entry.getValue().line(), message);
      }
    }
    return concepts.size() == file.labels().size()
        ? Optional.of(new ConceptsDetector(name, file, model, concepts))
        : Optional.empty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return STAGES;
  }

  @Override
  public Set<String> labels() {
    Set<String> labels = new LinkedHashSet<>();
    concepts.forEach(concept -> labels.add(concept.label()));
    return labels;
  }

  @Override
  public String digest() {
    return digest;
  }

  /** One score per label of the file, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, Prompt prompt, long deadlineNanos)
      throws UnavailableException {
    long end = model.card().endNanos(deadlineNanos);
    double[] strongest = new double[concepts.size()];
    float[] vector = new float[model.size()];
    for (Window window : PromptWindows.of(prompt, model::windows)) {
      model.embed(window, vector, end);
      for (int i = 0; i < strongest.length; i++) {
        strongest[i] = Math.max(strongest[i], concepts.get(i).score(vector, scale));
      }
    }
    List<Signal> signals = new ArrayList<>(strongest.length);
    for (int i = 0; i < strongest.length; i++) {
      signals.add(new Signal.Score(name, stage, concepts.get(i).label(), strongest[i]));
    }
    return signals;
  }
}
