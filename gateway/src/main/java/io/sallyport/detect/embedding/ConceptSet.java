package io.sallyport.detect.embedding;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The concepts of one detector, in the vectors of one space. Immutable; safe on every thread. */
public final class ConceptSet {
  private final ConceptScale scale;
  private final List<ConceptVectors> concepts;
  private final List<String> labels;
  private final ConceptTable table;

  /** Room for the cosines of one vector, kept by each thread. */
  private final ThreadLocal<float[]> cosines;

  /**
   * @param scale how similarity becomes a score
   * @param concepts all of one size
   */
  public ConceptSet(ConceptScale scale, List<ConceptVectors> concepts) {
    this.scale = scale;
    this.concepts = List.copyOf(concepts);
    this.labels = concepts.stream().map(ConceptVectors::label).toList();
    this.table = new ConceptTable(concepts, scale);
    this.cosines = ThreadLocal.withInitial(() -> new float[table.phrases()]);
  }

  /** How similarity becomes a score. */
  ConceptScale scale() {
    return scale;
  }

  /** What each label means, in order. */
  List<ConceptVectors> concepts() {
    return concepts;
  }

  /** The labels, in order. */
  public Set<String> labels() {
    return new LinkedHashSet<>(labels);
  }

  /**
   * Scores a sample: per label its strongest vector counts.
   *
   * @param detector the name that the signals carry
   * @return one score per label, always all of them
   */
  public <S> List<Signal> signals(
      String detector, Stage stage, Embedder<S> embedder, S sample, long deadlineNanos)
      throws UnavailableException {
    double[] strongest = new double[labels.size()];
    float[] room = cosines.get();
    embedder.each(sample, deadlineNanos, vector -> table.raise(vector, room, strongest));
    List<Signal> signals = new ArrayList<>(strongest.length);
    for (int i = 0; i < strongest.length; i++) {
      signals.add(new Signal.Score(detector, stage, labels.get(i), strongest[i]));
    }
    return signals;
  }
}
