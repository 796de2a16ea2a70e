package io.sallyport.detect.image;

import io.sallyport.detect.Detector;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that asks one image model about every view of a picture; per label the strongest view
 * counts.
 *
 * <p>Safe on every thread; runs on the thread that asks.
 */
public final class ImageClassifier implements Detector<Picture> {

  private final String name;
  private final ImageScorer model;

  private ImageClassifier(String name, ImageScorer model) {
    this.name = name;
    this.model = model;
  }

  /**
   * Puts a model to work; the model stays its owner's to close.
   *
   * @param name as policies spell it
   */
  public static ImageClassifier of(String name, ImageScorer model) {
    return new ImageClassifier(name, model);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return Stage.OF_IMAGES;
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
    return model.digest();
  }

  /** The framing that a picture must have been prepared for. */
  public Framing framing() {
    return model.framing();
  }

  @Override
  public Optional<ModelUse> model() {
    return Optional.of(model.card().use());
  }

  /** One score per label of the model, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, Picture picture, long deadlineNanos)
      throws UnavailableException {
    long end = model.card().endNanos(deadlineNanos);
    double[] strongest = new double[model.labels().size()];
    Framing framing = model.framing();
    for (View view : picture.views(framing)) {
      double[] scores = model.scores(view.pixels(), view.placement().region(framing), end);
      for (int i = 0; i < scores.length; i++) {
        strongest[i] = Math.max(strongest[i], scores[i]);
      }
    }
    List<Signal> signals = new ArrayList<>(strongest.length);
    for (int i = 0; i < strongest.length; i++) {
      signals.add(new Signal.Score(name, stage, model.labels().get(i), strongest[i]));
    }
    return signals;
  }
}
