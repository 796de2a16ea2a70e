package io.sallyport.proxy;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditLog;
import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.detect.Cancellation;
import io.sallyport.detect.Detector;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.Sample;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.ModelMeters;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks challengers about a share of what was just decided, and writes down what they say: as an
 * event of its own, after the decision and without anybody waiting for it. What they say reaches no
 * verdict; that they fail is counted, and no more.
 *
 * <p>Samples outlive their exchange here, for at most {@link #WITHIN}, and within a budget of their
 * own: what does not fit is skipped and counted. Safe on every thread.
 */
final class Challenges {
  private static final EventLog LOG = EventLog.of(Challenges.class);
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final AuditLog log;
  private final ByteBudget budget;
  private final Clock clock;
  private final ModelMeters meters;

  /**
   * @param budget the memory that samples may take while they wait for challengers
   */
  Challenges(AuditLog log, ByteBudget budget, Clock clock, ModelMeters meters) {
    this.log = log;
    this.budget = budget;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Asks the challengers that are to be asked about this request. Returns at once.
   *
   * @param wanted the detectors that were expected to answer
   * @param samples what they were asked about
   */
  void consider(
      Visit visit, Decision decision, Set<String> wanted, Supplier<List<Sample>> samples) {
    Shadow shadow = visit.rules.shadow();
    for (DetectorPanel panel : shadow.panels()) {
      for (Detector<?> challenger : panel.detectors()) {
        String detector = challenger.name();
        if (wanted.contains(detector)
            && challenger.stages().contains(decision.stage())
            && shadow.samples(detector, visit.requestId)) {
          String champion =
              visit.rules.panel().digests(Set.of(detector)).getOrDefault(detector, "");
          Digests digests = new Digests(champion, challenger.digest());
          ask(
              panel,
              visit.rules,
              new Case(visit.who(), visit.policy, decision, wanted, detector, digests),
              samples.get());
        }
      }
    }
  }

  private void ask(DetectorPanel panel, Rules rules, Case asked, List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    long bytes = samples.stream().mapToLong(Challenges::size).sum();
    if (!budget.take(bytes)) {
      meters.challenged(asked.detector, asked.stage().wire(), "skipped");
      return;
    }
    if (!rules.uses().enter()) {
      // The exchange ended early, and its rules with it: nobody is left to be compared with.
      budget.give(bytes);
      return;
    }
    long deadline = System.nanoTime() + WITHIN.toNanos();
    List<CompletableFuture<List<Signal>>> answers = new ArrayList<>();
    for (Sample sample : samples) {
      answers.add(
          panel
              .inspect(
                  asked.request.caller(),
                  Set.of(asked.detector),
                  sample,
                  deadline,
                  new Cancellation())
              .toCompletableFuture());
    }
    var _ =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .whenComplete(
                (_, _) -> {
                  budget.give(bytes);
                  rules.uses().leave();
                  survive(asked, answers.stream().map(CompletableFuture::join).toList());
                });
  }

  private static long size(Sample sample) {
    return switch (sample) {
      case Sample.Text text -> 2L * text.value().length();
      case Sample.Image image -> image.bytes().remaining();
    };
  }

  /** Whatever goes wrong here is nobody's trouble but the challenger's. */
  private void survive(Case asked, List<List<Signal>> answers) {
    try {
      heard(asked, answers);
    } catch (RuntimeException e) {
      LOG.error().with(LogKey.DETECTOR, asked.detector).with(e).say("a challenge failed");
    }
  }

  private void heard(Case asked, List<List<Signal>> answers) {
    String stage = asked.stage().wire();
    for (List<Signal> answer : answers) {
      for (Signal signal : answer) {
        if (signal instanceof Signal.Unavailable missing) {
          meters.challenged(asked.detector, stage, missing.cause().wire());
          return;
        }
      }
    }
    meters.challenged(asked.detector, stage, "ok");
    List<List<Signal>> items = asked.items(answers);
    differences(asked, items);
    Verdict verdict = asked.verdict(items);
    meters.compared(asked.detector, stage, compared(verdict, asked.decision.verdict()));
    var _ =
        log.append(
            new AuditEvent.Challenged(
                clock.instant(),
                asked.request,
                asked.stage(),
                asked.detector,
                asked.digests.champion,
                asked.digests.challenger,
                verdict,
                items));
  }

  private static String compared(Verdict challenger, Verdict champion) {
    int order = challenger.compareTo(champion);
    return order == 0 ? "same" : order > 0 ? "stricter" : "milder";
  }

  private void differences(Case asked, List<List<Signal>> items) {
    List<List<Signal>> champions = asked.decision.evidence().items();
    for (int i = 0; i < Math.min(items.size(), champions.size()); i++) {
      Map<String, Double> champion = ScoresByLabel.of(asked.detector, champions.get(i));
      ScoresByLabel.of(asked.detector, items.get(i))
          .forEach(
              (label, score) -> {
                Double other = champion.get(label);
                if (other != null) {
                  meters.difference(asked.detector, label, Math.abs(score - other));
                }
              });
    }
  }

  private record Digests(String champion, String challenger) {}

  /**
   * A decision as a challenger is asked about it.
   *
   * @param wanted the detectors that were expected to answer
   */
  private record Case(
      AuditEvent.Request request,
      Policy policy,
      Decision decision,
      Set<String> wanted,
      String detector,
      Digests digests) {
    Stage stage() {
      return decision.stage();
    }

    /** The answers as the evidence has them: all texts are one item, every image is its own. */
    List<List<Signal>> items(List<List<Signal>> answers) {
      return Stage.OF_TEXTS.contains(stage())
          ? List.of(answers.stream().flatMap(List::stream).distinct().toList())
          : answers;
    }

    /** What would have been decided with the challenger in the champion's place. */
    Verdict verdict(List<List<Signal>> items) {
      List<List<Signal>> evidence = new ArrayList<>();
      for (int i = 0; i < decision.evidence().items().size(); i++) {
        List<Signal> item = new ArrayList<>(decision.evidence().items().get(i));
        item.removeIf(signal -> signal.detector().equals(detector));
        item.addAll(items.get(i));
        evidence.add(item);
      }
      Evidence other = new Evidence(decision.evidence().earlier(), evidence);
      return Decider.decide(policy, stage(), wanted, other).verdict();
    }
  }
}
