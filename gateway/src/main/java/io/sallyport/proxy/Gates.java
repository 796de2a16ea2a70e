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
import io.sallyport.detect.PromptCache;
import io.sallyport.detect.Sample;
import io.sallyport.ops.Meters;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

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
  private final Challenges challenges;

  Gates(
      AuditLog log,
      KeyedHash hash,
      PromptCache cache,
      Clock clock,
      Lane lane,
      Meters meters,
      Challenges challenges) {
    this.challenges = challenges;
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
   * @param stage one of texts
   * @param coverage what was found in the request
   * @param more whether another decision of the same visit follows, unless this one blocks: then
   *     nobody waits for this one's receipt alone, and both may share a commit
   */
  Future<Judgement> texts(
      Visit visit, Stage stage, List<String> texts, Coverage coverage, boolean more) {
    long since = System.nanoTime();
    List<String> all = withJoined(texts);
    Set<String> wanted = visit.rules.panel().expected(stage, visit.policy.detectors());
    return hear(visit, stage, wanted, all)
        .map(
            heard -> {
              visit.timed(stage.wire(), since);
              Decision decision = Decider.decide(visit.policy, stage, wanted, heard.evidence());
              List<String> hashes = texts.stream().map(hash::ofText).toList();
              AuditEvent.Decided event =
                  event(visit, decision, wanted, coverage, hashes, List.of(), heard.cached());
              boolean patient = more && !decision.blocked();
              CompletionStage<Receipt> receipt =
                  patient ? log.appendPatiently(event) : log.append(event);
              challenges.consider(visit, decision, wanted, () -> samples(stage, all));
              return new Judgement(decision, receipt, visit.context);
            });
  }

  /**
   * What the detectors say, from the cache when they have said it before. Who was asked is a
   * function of the key: the same texts, detectors and policy ask the same detectors again.
   */
  private Future<Heard> hear(Visit visit, Stage stage, Set<String> wanted, List<String> texts) {
    Asking asking = new Asking(visit, stage, wanted, List.of());
    if (wanted.isEmpty()) {
      return Future.succeededFuture(new Heard(asking.known(List.of()), false));
    }
    PromptCache.Key key =
        cache.key(stage, texts, visit.rules.panel().digests(wanted), visit.policy.digest());
    return cache
        .get(key)
        .map(known -> Future.succeededFuture(new Heard(asking.known(known), true)))
        .orElseGet(
            () ->
                asking
                    .about(List.of(samples(stage, texts)), lane.promptDeadline())
                    .onSuccess(found -> cache.put(key, found.own()))
                    .map(found -> new Heard(found, false)));
  }

  /**
   * What is known about a prompt.
   *
   * @param cached true when no detector was asked for it
   */
  private record Heard(Evidence evidence, boolean cached) {}

  /** True when the visit's policy has a detector that looks at the stage. */
  boolean judges(Visit visit, Stage stage) {
    return !visit.rules.panel().expected(stage, visit.policy.detectors()).isEmpty();
  }

  /** By whom input images of a visit are judged. */
  References.Judges judges(Visit visit) {
    Set<String> wanted = visit.rules.panel().expected(Stage.INPUT_IMAGE, visit.policy.detectors());
    return new References.Judges(visit.policy.digest(), visit.rules.panel().digests(wanted));
  }

  /**
   * Judges images, each on its own, in the light of the prompt's signals; those that are known by
   * what was said of them before.
   */
  Future<Judgement> images(Visit visit, Stage stage, Steps.Images found, List<Signal> earlier) {
    long since = System.nanoTime();
    Set<String> wanted = visit.rules.panel().expected(stage, visit.policy.detectors());
    List<List<Sample>> samples = new ArrayList<>(found.images().size());
    found.images().forEach(image -> samples.add(List.of(new Sample.Image(stage, image))));
    return new Asking(visit, stage, wanted, earlier)
        .knowing(found.known())
        .about(samples, lane.imageDeadline())
        .map(
            evidence -> {
              visit.timed("images", since);
              Decision decision = Decider.decide(visit.policy, stage, wanted, evidence);
              int judged = found.images().size() + found.known().size();
              Coverage coverage = new Coverage(0, 0, found.count(), judged, 0);
              AuditEvent.Decided event =
                  event(visit, decision, wanted, coverage, List.of(), found.hashes(), false);
              CompletionStage<Receipt> receipt = log.append(event);
              if (found.known().isEmpty()) {
                // A challenger is compared item by item, and nobody has the known ones' bytes.
                challenges.consider(
                    visit, decision, wanted, () -> samples.stream().flatMap(List::stream).toList());
              }
              return new Judgement(decision, receipt, visit.context);
            });
  }

  /** How much of a request's texts the policy has detectors for. */
  Coverage coverage(Visit visit, Stage stage, int texts, int images, int swept) {
    return new Coverage(texts, judges(visit, stage) ? texts : 0, images, 0, swept);
  }

  /** Writes down that something claimed was refused without a decision. */
  Future<Receipt> refused(Visit visit, Stage stage, RefusalReason reason) {
    return Judgement.durable(
        log.append(
            new AuditEvent.Refused(clock.instant(), visit.who(), stage.wire(), reason.label())),
        visit.context);
  }

  /** The keyed hash of an image's bytes. Takes about half a millisecond per megabyte. */
  String imageHash(ByteBuffer image) {
    return hash.ofImage(image);
  }

  /** The keyed hash of an end user's name. */
  String subject(String name) {
    return hash.ofSubject(name);
  }

  private static List<Sample> samples(Stage stage, List<String> texts) {
    return texts.stream().<Sample>map(text -> new Sample.Text(stage, text)).toList();
  }

  private static List<String> withJoined(List<String> texts) {
    if (texts.size() < 2) {
      return texts;
    }
    List<String> all = new ArrayList<>(texts);
    all.add(String.join(" ", texts));
    return all;
  }

  private AuditEvent.Decided event(
      Visit visit,
      Decision decision,
      Set<String> wanted,
      Coverage coverage,
      List<String> textHashes,
      List<String> imageHashes,
      boolean cached) {
    count(decision);
    visit.covered(decision.stage(), coverage);
    boolean ofTexts = Stage.OF_TEXTS.contains(decision.stage());
    meters.coverage(
        visit.dialect.name(),
        decision.stage().wire(),
        ofTexts ? coverage.texts() : coverage.images(),
        ofTexts ? coverage.textsJudged() : coverage.imagesJudged(),
        coverage.swept());
    if (!cached) {
      decision
          .notAsked()
          .forEach(it -> meters.notAsked(decision.stage().wire(), it.detector(), it.why().wire()));
    }
    SortedMap<String, String> digests = visit.rules.panel().digests(wanted);
    follow(decision, digests);
    return new AuditEvent.Decided(
        clock.instant(),
        visit.who(),
        decision,
        digests,
        coverage,
        visit.timings(),
        textHashes,
        imageHashes,
        cached);
  }

  /** Notes where the scores lie, for the metrics of drift. */
  private void follow(Decision decision, Map<String, String> digests) {
    for (List<Signal> item : decision.evidence().items()) {
      for (Signal signal : item) {
        if (signal instanceof Signal.Score score) {
          String digest = digests.getOrDefault(score.detector(), "");
          meters.models().scored(score.detector(), digest, score.label(), score.value());
        }
      }
    }
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
