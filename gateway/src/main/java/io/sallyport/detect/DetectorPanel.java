package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * All detectors of the gateway, asked about one sample at a time under one deadline.
 *
 * <p>Immutable and safe on every thread; a reload makes a new panel on the same lane.
 */
public final class DetectorPanel {
  private final InferenceLane lane;
  private final List<Bench<?>> benches;
  private final PanelListener listener;
  private final Map<String, Detector<?>> byName = new LinkedHashMap<>();

  /**
   * @param benches at most one for each kind of sample
   * @throws IllegalArgumentException when two benches serve one kind or two detectors share a name
   */
  public DetectorPanel(InferenceLane lane, List<Bench<?>> benches, PanelListener listener) {
    this.lane = lane;
    this.benches = List.copyOf(benches);
    this.listener = run -> tell(listener, run);
    Set<Class<?>> kinds = new HashSet<>();
    for (Bench<?> bench : benches) {
      if (!kinds.add(bench.kind())) {
        throw new IllegalArgumentException("two benches for " + bench.kind().getSimpleName());
      }
      for (Detector<?> detector : bench.detectors()) {
        if (byName.put(detector.name(), detector) != null) {
          throw new IllegalArgumentException("two detectors named " + detector.name());
        }
      }
    }
  }

  /** Every detector, for the catalogue that policies are checked against. */
  public Collection<Detector<?>> detectors() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /**
   * Those of a policy's detectors that look at a stage. A name that this panel does not know is
   * expected at every stage, so that its absence is evidence and not silence.
   */
  public Set<String> expected(Stage stage, Set<String> policyDetectors) {
    Set<String> expected = new LinkedHashSet<>();
    for (String name : policyDetectors) {
      Detector<?> detector = byName.get(name);
      if (detector == null || detector.stages().contains(stage)) {
        expected.add(name);
      }
    }
    return Collections.unmodifiableSet(expected);
  }

  /**
   * The digests of these detectors by name, sorted; names that the panel does not know are left
   * out.
   */
  public SortedMap<String, String> digests(Set<String> names) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String name : names) {
      Detector<?> detector = byName.get(name);
      if (detector != null) {
        digests.put(name, detector.digest());
      }
    }
    return Collections.unmodifiableSortedMap(digests);
  }

  /**
   * Asks about one sample: prepares it once and runs every wanted detector in turn, as one task of
   * the lane.
   *
   * @param wanted see {@link #expected}
   * @param deadlineNanos on the lane's clock; the result is there then at the latest, even while a
   *     detector hangs
   * @param cancellation when raised, what has not started never starts
   * @return at least one signal for each wanted detector, completed on a lane, timer or the calling
   *     thread and never exceptionally: a detector without an answer is {@link Signal.Unavailable}
   */
  public CompletionStage<List<Signal>> inspect(
      Set<String> wanted, Sample sample, long deadlineNanos, Cancellation cancellation) {
    Question question = new Question(sample, deadlineNanos, cancellation);
    for (Bench<?> bench : benches) {
      if (bench.kind().isInstance(sample)) {
        return ask(bench, wanted, question);
      }
    }
    return CompletableFuture.completedStage(missing(wanted, sample.stage(), Set.of()));
  }

  private <S> CompletionStage<List<Signal>> ask(
      Bench<S> bench, Set<String> wanted, Question question) {
    Stage stage = question.sample().stage();
    List<Detector<S>> asked = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Detector<S> detector : bench.detectors()) {
      if (wanted.contains(detector.name()) && detector.stages().contains(stage)) {
        asked.add(detector);
        names.add(detector.name());
      }
    }
    List<Signal> missing = missing(wanted, stage, names);
    if (asked.isEmpty()) {
      return CompletableFuture.completedStage(missing);
    }
    var answers = new Inspection<>(lane, listener, bench.preparer(), asked, question).start();
    return missing.isEmpty() ? answers : answers.thenApply(given -> join(given, missing));
  }

  private List<Signal> missing(Set<String> wanted, Stage stage, Set<String> asked) {
    List<Signal> missing = new ArrayList<>();
    for (String name : wanted) {
      if (!asked.contains(name)) {
        missing.add(new Signal.Unavailable(name, stage, Cause.MISSING));
        listener.ran(new DetectorRun(stage, name, Cause.MISSING.wire(), 0, 0, ""));
      }
    }
    return List.copyOf(missing);
  }

  private static List<Signal> join(List<Signal> given, List<Signal> missing) {
    List<Signal> all = new ArrayList<>(given);
    all.addAll(missing);
    return List.copyOf(all);
  }

  private static void tell(PanelListener listener, DetectorRun run) {
    try {
      listener.ran(run);
    } catch (RuntimeException e) {
      // Counting must never break a check; see PanelListener.
    }
  }
}
