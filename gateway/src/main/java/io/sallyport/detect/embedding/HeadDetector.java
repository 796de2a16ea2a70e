package io.sallyport.detect.embedding;

import io.sallyport.detect.Detector;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that asks a head about every vector of a sample; per label the strongest counts.
 *
 * <p>Safe on every thread; runs on the thread that asks.
 *
 * @param <S> what the embedding model below reads
 */
public final class HeadDetector<S> implements Detector<S> {
  /** Changes when the way from sample to score does, and with it every score. */
  private static final String METHOD = "head-1";

  private final String name;
  private final String digest;
  private final Embedder<S> embedder;
  private final HeadModel head;

  /**
   * Puts a head to work; both models stay their owner's to close.
   *
   * @param name as policies spell it
   * @param embedder of the model that the head's card names
   */
  public HeadDetector(String name, Embedder<S> embedder, HeadModel head) {
    if (embedder.size() != head.input().size()) {
      throw new IllegalArgumentException("a head for vectors of another size");
    }
    this.name = name;
    this.embedder = embedder;
    this.head = head;
    this.digest = Digests.canonical(List.of(METHOD, head.digest(), embedder.digest()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return embedder.stages();
  }

  @Override
  public Set<String> labels() {
    return new LinkedHashSet<>(head.labels());
  }

  @Override
  public String digest() {
    return digest;
  }

  /** What the model below only advises, its head cannot know better. */
  @Override
  public boolean advisory() {
    return head.card().advisory() || embedder.card().advisory();
  }

  /** The head itself: a head that fails must not cost others the model that it stands on. */
  @Override
  public Optional<ModelUse> model() {
    return Optional.of(head.card().use());
  }

  /** One score per label of the head, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException {
    long end = head.card().endNanos(deadlineNanos);
    double[] strongest = new double[head.labels().size()];
    embedder.each(
        sample,
        end,
        vector -> {
          double[] scores = head.scores(vector, end);
          for (int i = 0; i < scores.length; i++) {
            strongest[i] = Math.max(strongest[i], scores[i]);
          }
        });
    List<Signal> signals = new ArrayList<>(strongest.length);
    for (int i = 0; i < strongest.length; i++) {
      signals.add(new Signal.Score(name, stage, head.labels().get(i), strongest[i]));
    }
    return signals;
  }
}
