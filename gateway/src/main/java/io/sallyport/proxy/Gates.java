package io.sallyport.proxy;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditLog;
import io.sallyport.audit.Coverage;
import io.sallyport.audit.KeyedHash;
import io.sallyport.audit.Receipt;
import io.sallyport.config.GatewayConfig.Lane;
import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.decide.Reason;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.PromptCache;
import io.sallyport.detect.Sample;
import io.sallyport.ops.Meters;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The two gates: ask the detectors, decide, write the decision down. Safe on every event loop;
 * results come back on the loop of the visit.
 */
final class Gates {
  private final AuditLog log;
  private final KeyedHash hash;
  private final PromptCache cache;
  private final Clock clock;
  private final Lane lane;
  private final Meters meters;

  Gates(AuditLog log, KeyedHash hash, PromptCache cache, Clock clock, Lane lane, Meters meters) {
    this.log = log;
    this.hash = hash;
    this.cache = cache;
    this.clock = clock;
    this.lane = lane;
    this.meters = meters;
  }

  /**
   * Judges all texts of a request as one thing, and their concatenation, so that a term split over
   * two fields is still seen.
   *
   * @param coverage what was found in the request
   */
  Future<Judgement> prompt(Visit visit, List<String> texts, Coverage coverage) {
    long since = System.nanoTime();
    List<String> all = withJoined(texts);
    Set<String> wanted = visit.rules.panel().expected(Stage.PROMPT, visit.policy.detectors());
    return hear(visit, wanted, all)
        .map(
            heard -> {
              visit.timed("prompt", since);
              Evidence evidence = new Evidence(List.of(), List.of(heard.signals()));
              Decision decision = Decider.decide(visit.policy, Stage.PROMPT, wanted, evidence);
              List<String> hashes = texts.stream().map(hash::ofText).toList();
              return record(visit, decision, wanted, coverage, hashes, List.of(), heard.cached());
            });
  }

  /** What the detectors say, from the cache when they have said it before. */
  private Future<Heard> hear(Visit visit, Set<String> wanted, List<String> texts) {
    if (wanted.isEmpty()) {
      return Future.succeededFuture(new Heard(List.of(), false));
    }
    PromptCache.Key key =
        cache.key(texts, visit.rules.panel().digests(wanted), visit.policy.digest());
    return cache
        .get(key)
        .map(known -> Future.succeededFuture(new Heard(known, true)))
        .orElseGet(
            () ->
                inspectTexts(visit, wanted, texts)
                    .onSuccess(found -> cache.put(key, found))
                    .map(found -> new Heard(found, false)));
  }

  /**
   * Signals about a prompt.
   *
   * @param cached true when no detector was asked for them
   */
  private record Heard(List<Signal> signals, boolean cached) {}

  /** True when the visit's policy has a detector that looks at the stage. */
  boolean judges(Visit visit, Stage stage) {
    return !visit.rules.panel().expected(stage, visit.policy.detectors()).isEmpty();
  }

  /** Judges images, each on its own, in the light of the prompt's signals. */
  Future<Judgement> images(Visit visit, Stage stage, Steps.Images found, List<Signal> earlier) {
    long since = System.nanoTime();
    Set<String> wanted = visit.rules.panel().expected(stage, visit.policy.detectors());
    List<Sample> samples = new ArrayList<>(found.images().size());
    found.images().forEach(image -> samples.add(new Sample.Image(stage, image)));
    return inspectAll(visit, wanted, samples, lane.imageDeadline())
        .map(
            signals -> {
              visit.timed("images", since);
              Evidence evidence = new Evidence(earlier, signals);
              Decision decision = Decider.decide(visit.policy, stage, wanted, evidence);
              Coverage coverage = new Coverage(0, 0, found.count(), found.images().size(), 0);
              return record(visit, decision, wanted, coverage, List.of(), found.hashes(), false);
            });
  }

  /** How much of a request's texts the policy has detectors for. */
  Coverage coverage(Visit visit, int texts, int images, int swept) {
    return new Coverage(texts, judges(visit, Stage.PROMPT) ? texts : 0, images, 0, swept);
  }

  /** Writes down that something claimed was refused without a decision. */
  Future<Receipt> refused(Visit visit, Stage stage, RefusalReason reason) {
    return append(
        visit, new AuditEvent.Refused(clock.instant(), visit.who(), stage.wire(), reason.label()));
  }

  /** The keyed hash of an image's bytes. Takes about half a millisecond per megabyte. */
  String imageHash(ByteBuffer image) {
    return hash.ofImage(image);
  }

  /** The keyed hash of an end user's name. */
  String subject(String name) {
    return hash.ofSubject(name);
  }

  private Future<List<Signal>> inspectTexts(Visit visit, Set<String> wanted, List<String> texts) {
    List<Sample> samples = new ArrayList<>(texts.size());
    texts.forEach(text -> samples.add(new Sample.Text(Stage.PROMPT, text)));
    return inspectAll(visit, wanted, samples, lane.promptDeadline())
        .map(found -> found.stream().flatMap(List::stream).distinct().toList());
  }

  private Future<List<List<Signal>>> inspectAll(
      Visit visit, Set<String> wanted, List<Sample> samples, Duration within) {
    if (wanted.isEmpty()) {
      return Future.succeededFuture(samples.stream().map(sample -> List.<Signal>of()).toList());
    }
    DetectorPanel panel = visit.rules.panel();
    long deadline = System.nanoTime() + within.toNanos();
    List<Future<List<Signal>>> asked = new ArrayList<>(samples.size());
    for (Sample sample : samples) {
      asked.add(
          Future.fromCompletionStage(
              panel.inspect(wanted, sample, deadline, visit.departure.detection()), visit.context));
    }
    return Future.join(asked).map(done -> asked.stream().map(Future::result).toList());
  }

  private static List<String> withJoined(List<String> texts) {
    if (texts.size() < 2) {
      return texts;
    }
    List<String> all = new ArrayList<>(texts);
    all.add(String.join(" ", texts));
    return all;
  }

  private Judgement record(
      Visit visit,
      Decision decision,
      Set<String> wanted,
      Coverage coverage,
      List<String> textHashes,
      List<String> imageHashes,
      boolean cached) {
    count(decision);
    AuditEvent.Decided event =
        new AuditEvent.Decided(
            clock.instant(),
            visit.who(),
            decision,
            visit.rules.panel().digests(wanted),
            coverage,
            visit.timings(),
            textHashes,
            imageHashes,
            cached);
    return new Judgement(decision, append(visit, event));
  }

  private Future<Receipt> append(Visit visit, AuditEvent event) {
    return Future.fromCompletionStage(log.append(event), visit.context)
        .recover(
            thrown ->
                Future.failedFuture(new RefusedException(TransportReason.RECORD_UNAVAILABLE)));
  }

  private void count(Decision decision) {
    String category =
        decision.verdict() == Verdict.ALLOW
            ? "none"
            : decision.reasons().stream()
                .filter(reason -> !reason.shadow() && reason.verdict() == decision.verdict())
                .map(Gates::category)
                .findFirst()
                .orElse("none");
    meters.decision(
        decision.policy(),
        decision.stage().wire(),
        decision.verdict().wire(),
        decision.wouldBe().wire(),
        category);
    for (Reason reason : decision.reasons()) {
      if (reason instanceof Reason.Violation violation) {
        meters.violation(
            decision.policy(),
            violation.rule(),
            violation.category().wire(),
            violation.verdict().wire(),
            violation.shadow());
      }
    }
  }

  private static String category(Reason reason) {
    return switch (reason) {
      case Reason.Violation violation -> violation.category().wire();
      case Reason.Unavailable unavailable -> "unavailable";
    };
  }
}
