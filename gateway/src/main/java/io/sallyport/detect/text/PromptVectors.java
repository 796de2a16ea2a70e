package io.sallyport.detect.text;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.Embedder;
import io.sallyport.detect.onnx.ModelCard;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The vectors of a prompt by one text embedding model: one for each distinct window of all its
 * forms, each embedded on its own, so that one text's vectors never depend on another's.
 */
public final class PromptVectors implements Embedder<Prompt> {
  private final TextModel model;
  private final boolean shared;

  /** Room for one vector, kept by each thread. */
  private final ThreadLocal<float[]> room;

  /**
   * @param model stays its owner's to close
   * @param shared whether several detectors stand on this model, so that the vectors are kept with
   *     the prompt; a lone one needs no copies
   */
  public PromptVectors(TextModel model, boolean shared) {
    this.model = model;
    this.shared = shared;
    this.room = ThreadLocal.withInitial(() -> new float[model.size()]);
  }

  @Override
  public Set<Stage> stages() {
    return Stage.OF_TEXTS;
  }

  @Override
  public String digest() {
    return model.digest();
  }

  @Override
  public ModelCard card() {
    return model.card();
  }

  @Override
  public int size() {
    return model.size();
  }

  /** The model itself, for what else must be placed beside prompts. */
  TextModel model() {
    return model;
  }

  /** {@inheritDoc} */
  @Override
  public void each(Prompt prompt, long deadlineNanos, Reader reader) throws UnavailableException {
    long end = model.card().endNanos(deadlineNanos);
    if (shared) {
      for (float[] vector : prompt.vectors().by(model.digest(), () -> all(prompt, end))) {
        reader.read(vector);
      }
    } else {
      place(prompt, end, reader);
    }
  }

  /** Hands out one vector after the other, all in the same room. */
  private void place(Prompt prompt, long end, Reader reader) throws UnavailableException {
    float[] vector = room.get();
    for (Window window : PromptWindows.of(prompt, model::windows)) {
      model.embed(window, vector, end);
      reader.read(vector);
    }
  }

  private List<float[]> all(Prompt prompt, long end) throws UnavailableException {
    List<float[]> vectors = new ArrayList<>();
    place(prompt, end, vector -> vectors.add(vector.clone()));
    return vectors;
  }
}
