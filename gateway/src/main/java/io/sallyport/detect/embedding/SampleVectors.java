package io.sallyport.detect.embedding;

import io.sallyport.detect.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors of one sample, by the embedding model that gave them: the first detector that asks
 * computes them, the others find them. A failure is kept too, so that it costs as little.
 *
 * <p>Belongs to its sample and goes with it. Safe on every thread; whoever asks while another
 * computes waits, at most for that computation's deadline.
 */
public final class SampleVectors {
  private final Map<String, Kept> kept = new HashMap<>();

  /**
   * The vectors by the model of this digest.
   *
   * @param source asked at most once per digest, and again only after it threw something undeclared
   * @throws UnavailableException as the source did, every time
   */
  public synchronized List<float[]> by(String digest, Source source) throws UnavailableException {
    Kept found = kept.get(digest);
    if (found == null) {
      found = keep(source);
      kept.put(digest, found);
    }
    return switch (found) {
      case Kept.Vectors vectors -> vectors.list();
      case Kept.Failure failure -> throw failure.thrown();
    };
  }

  private static Kept keep(Source source) {
    try {
      return new Kept.Vectors(List.copyOf(source.compute()));
    } catch (UnavailableException e) {
      return new Kept.Failure(e);
    }
  }

  /** Content never reaches a log by accident: vectors tell what they were made of. */
  @Override
  public synchronized String toString() {
    return "SampleVectors[" + kept.size() + " models]";
  }

  /** Computes the vectors of the sample. */
  @FunctionalInterface
  public interface Source {
    List<float[]> compute() throws UnavailableException;
  }

  private sealed interface Kept {
    record Vectors(List<float[]> list) implements Kept {}

    record Failure(UnavailableException thrown) implements Kept {}
  }
}
