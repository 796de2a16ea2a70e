package io.sallyport.detect.text;

import io.sallyport.detect.Detector;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that asks one text classifier about every form of a prompt, each read through
 * overlapping windows; per label the strongest window counts.
 *
 * <p>Safe on every thread; runs on the thread that asks.
 */
public final class TextClassifierDetector implements Detector<Prompt> {

  /** Changes when the way from text to score does, and with it every score. */
  private static final String METHOD = "text-classifier-1";

  private final String name;
  private final String digest;
  private final TextClassifierModel model;

  private TextClassifierDetector(String name, TextClassifierModel model) {
    this.name = name;
    this.model = model;
    this.digest = Digests.canonical(List.of(METHOD, model.digest()));
  }

  /**
   * Puts a model to work; the model stays its owner's to close.
   *
   * @param name as policies spell it
   */
  public static TextClassifierDetector of(String name, TextClassifierModel model) {
    return new TextClassifierDetector(name, model);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return Stage.OF_TEXTS;
  }

  @Override
  public Set<String> labels() {
    return new LinkedHashSet<>(model.labels());
  }

  @Override
  public boolean advisory() {
    return model.card().advisory();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public Optional<ModelUse> model() {
    return Optional.of(model.card().use());
  }

  /** One score per label of the model, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, Prompt prompt, long deadlineNanos)
      throws UnavailableException {
    long end = model.card().endNanos(deadlineNanos);
    double[] strongest = model.strongest(PromptWindows.of(prompt, model::windows), end);
    List<Signal> signals = new ArrayList<>(strongest.length);
    for (int i = 0; i < strongest.length; i++) {
      signals.add(new Signal.Score(name, stage, model.labels().get(i), strongest[i]));
    }
    return signals;
  }
}
