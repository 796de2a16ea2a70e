package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
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
import java.util.stream.Collectors;

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

  /** Those of these detectors whose signals may flag and never block. */
  public Set<String> advisory(Set<String> names) {
    return names.stream()
        .filter(name -> byName.containsKey(name) && byName.get(name).advisory())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What it costs to ask each detector, in steps of {@link Cost}. */
  public Map<String, Integer> costs() {
    Map<String, Integer> costs = new HashMap<>();
    byName.forEach((name, detector) -> costs.put(name, detector.cost().ordinal()));
    return costs;
  }

  /**
   * Asks about one sample: prepares it once and runs every wanted detector in turn, as one task of
   * the lane.
   *
   * @param caller whose share of the lane it takes
   * @param wanted see {@link #expected}
   * @param deadlineNanos on the lane's clock; the result is there then at the latest, even while a
   *     detector hangs
   * @param cancellation when raised, what has not started never starts
   * @return at least one signal for each wanted detector, completed on a lane, timer or the calling
   *     thread and never exceptionally: a detector without an answer is {@link Signal.Unavailable}
   */
  public CompletionStage<List<Signal>> inspect(
      String caller,
      Set<String> wanted,
      Sample sample,
      long deadlineNanos,
      Cancellation cancellation) {
    Inquiry inquiry = inquiry(caller, sample, deadlineNanos, cancellation);
    CompletionStage<List<Signal>> answers = inquiry.ask(wanted);
    inquiry.close();
    return answers;
  }

  /** Begins to ask about one sample in rounds; the parameters are those of {@link #inspect}. */
  public Inquiry inquiry(
      String caller, Sample sample, long deadlineNanos, Cancellation cancellation) {
    Question question = new Question(caller, sample, deadlineNanos, cancellation);
    for (Bench<?> bench : benches) {
      if (bench.kind().isInstance(sample)) {
        return inquiry(bench, question);
      }
    }
    return new Nobody(sample.stage());
  }

  private <S> Inquiry inquiry(Bench<S> bench, Question question) {
    return new Rounds<>(bench.detectors(), new Once<>(bench.preparer()), question);
  }

  /** Of a sample that a bench is for. */
  private final class Rounds<S> implements Inquiry {
    private final List<? extends Detector<S>> detectors;
    private final Once<S> once;
    private final Question question;

    Rounds(List<? extends Detector<S>> detectors, Once<S> once, Question question) {
      this.detectors = detectors;
      this.once = once;
      this.question = question;
    }

    @Override
    public CompletionStage<List<Signal>> ask(Set<String> wanted) {
      return DetectorPanel.this.ask(detectors, once, wanted, question);
    }

    @Override
    public void close() {
      once.close();
    }
  }

  /** Of a sample that no bench is for. */
  private final class Nobody implements Inquiry {
    private final Stage stage;

    Nobody(Stage stage) {
      this.stage = stage;
    }

    @Override
    public CompletionStage<List<Signal>> ask(Set<String> wanted) {
      return CompletableFuture.completedStage(missing(wanted, stage, Set.of()));
    }

    @Override
    public void close() {}
  }

  /**
   * Asks detectors about one sample on the calling thread, so that their first real one is not
   * their first. What they say is neither looked at nor counted.
   */
  public void rehearse(Set<String> wanted, Sample sample, long deadlineNanos) {
    for (Bench<?> bench : benches) {
      if (bench.kind().isInstance(sample) && deadlineNanos - System.nanoTime() > 0) {
        rehearse(bench, wanted, sample, deadlineNanos);
      }
    }
  }

  private static <S> void rehearse(
      Bench<S> bench, Set<String> wanted, Sample sample, long deadlineNanos) {
    List<Detector<S>> asked = new ArrayList<>(bench.detectors());
    asked.removeIf(detector -> !wanted.contains(detector.name()));
    if (asked.isEmpty()) {
      return;
    }
    try {
      S prepared = bench.preparer().prepare(sample);
      asked.forEach(it -> Answer.from(it, sample.stage(), prepared, deadlineNanos));
    } catch (UnavailableException e) {
      // Its self-test was passed; a rehearsal proves nothing.
    }
  }

  private <S> CompletionStage<List<Signal>> ask(
      List<? extends Detector<S>> detectors,
      Once<S> preparer,
      Set<String> wanted,
      Question question) {
    Stage stage = question.sample().stage();
    List<Detector<S>> asked = new ArrayList<>();
    List<AwaitedDetector<S>> awaited = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Detector<S> detector : detectors) {
      if (wanted.contains(detector.name()) && detector.stages().contains(stage)) {
        if (detector instanceof AwaitedDetector<S> elsewhere) {
          awaited.add(elsewhere);
        } else {
          asked.add(detector);
        }
        names.add(detector.name());
      }
    }
    List<Signal> missing = missing(wanted, stage, names);
    if (names.isEmpty()) {
      return CompletableFuture.completedStage(missing);
    }
    CompletionStage<List<Signal>> answers = answers(preparer, asked, awaited, question);
    return missing.isEmpty() ? answers : answers.thenApply(given -> join(given, missing));
  }

  /** Errands wait for the sample before the lane gets it, so that its thread sends them off. */
  private <S> CompletionStage<List<Signal>> answers(
      Once<S> preparer,
      List<Detector<S>> asked,
      List<AwaitedDetector<S>> awaited,
      Question question) {
    PanelListener hearing = preparer.done() ? this::tellDetectors : listener;
    var inspection = new Inspection<>(lane, hearing, preparer, asked, question);
    List<Errand<S>> errands = new ArrayList<>();
    for (AwaitedDetector<S> detector : awaited) {
      Errand<S> errand = new Errand<>(lane, listener, detector, question);
      errand.await(inspection.prepared());
      errands.add(errand);
    }
    if (!awaited.isEmpty()) {
      // A question that is under way may still be made of the sample when all else has ended.
      preparer.keep();
    }
    CompletionStage<List<Signal>> answers = inspection.start();
    for (Errand<S> errand : errands) {
      answers = answers.thenCombine(errand.answer(), DetectorPanel::join);
    }
    return answers;
  }

  /** A later round prepares nothing, so its preparation is not told again. */
  private void tellDetectors(DetectorRun run) {
    if (!run.detector().equals(DetectorRun.PREPARE)) {
      listener.ran(run);
    }
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
