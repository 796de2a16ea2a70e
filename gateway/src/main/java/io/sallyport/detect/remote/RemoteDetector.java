package io.sallyport.detect.remote;

import io.sallyport.detect.AwaitedDetector;
import io.sallyport.detect.Cost;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.View;
import io.sallyport.detect.onnx.PixelInput;
import io.sallyport.detect.onnx.RemoteInput;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptWindows;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A detector that asks a remote model about every form of a prompt, or every view of a picture; per
 * label the strongest counts. Safe on every thread.
 *
 * @param <S> what the model reads
 */
public final class RemoteDetector<S> implements AwaitedDetector<S> {
  private final String name;
  private final RemoteLink link;
  private final Set<Stage> stages;
  private final Questions<S> questions;

  private RemoteDetector(String name, RemoteLink link, Set<Stage> stages, Questions<S> questions) {
    this.name = name;
    this.link = link;
    this.stages = stages;
    this.questions = questions;
  }

  /** The way from a sample to what is sent. */
  @FunctionalInterface
  private interface Questions<S> {
    List<Batch> of(RemoteModel model, S sample) throws UnavailableException;
  }

  /**
   * Puts a remote model of texts to work; the link stays its owner's to close.
   *
   * @param name as policies spell it
   */
  public static RemoteDetector<Prompt> ofTexts(String name, RemoteLink link) {
    return new RemoteDetector<>(name, link, Stage.OF_TEXTS, RemoteDetector::forms);
  }

  /**
   * Puts a remote model of pictures to work; the link stays its owner's to close.
   *
   * @param name as policies spell it
   * @param input of the link's model
   */
  public static RemoteDetector<Picture> ofPictures(String name, RemoteLink link, PixelInput input) {
    return new RemoteDetector<>(
        name,
        link,
        Stage.OF_IMAGES,
        (model, picture) ->
            Batch.ofViews(
                model, input, picture.views(input.framing()).stream().map(View::pixels).toList()));
  }

  private static List<Batch> forms(RemoteModel model, Prompt prompt) throws UnavailableException {
    return switch (model.kind().input()) {
      case RemoteInput.Tokens tokens ->
          Batch.ofWindows(model, tokens.input(), PromptWindows.of(prompt, model::windows));
      case RemoteInput.Texts texts -> Batch.ofTexts(model, texts, prompt.forms());
      case RemoteInput.Pixels pixels ->
          throw new IllegalStateException("a model of pictures reads no text");
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return stages;
  }

  @Override
  public Set<String> labels() {
    return new LinkedHashSet<>(link.model().labels());
  }

  @Override
  public Cost cost() {
    return Cost.REMOTE;
  }

  @Override
  public boolean advisory() {
    return link.model().card().advisory();
  }

  @Override
  public Optional<ModelUse> model() {
    return Optional.of(link.model().card().use());
  }

  @Override
  public String digest() {
    return Answers.digest(link.model());
  }

  @Override
  public CompletableFuture<List<Signal>> ask(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException {
    RemoteModel model = link.model();
    List<Batch> batches = questions.of(model, sample);
    long end = model.card().endNanos(deadlineNanos);
    return Answers.signals(name, stage, model, link.strongest(batches, end));
  }
}
