package io.sallyport;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditLog;
import io.sallyport.detect.Detector;
import io.sallyport.detect.onnx.ModelVersion;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.proxy.Rules;
import io.sallyport.yaml.Problem;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts rules and the versions that they run on into force: recorded, then swapped by one pointer.
 * Says in the record, the log and the metrics what came into force and what was refused.
 *
 * <p>Used by one thread at a time; {@link PolicyReload} sees to that.
 */
final class RulesSwap {
  private static final EventLog LOG = EventLog.of(RulesSwap.class);
  private static final int PROBLEMS_LOGGED = 20;
  private static final int PROBLEM_CHARS = 500;

  private final AtomicReference<Rules> rules;
  private final Fleet fleet;
  private final AuditLog record;
  private final Meters meters;
  private final Clock clock;

  RulesSwap(
      AtomicReference<Rules> rules, Fleet fleet, AuditLog record, Meters meters, Clock clock) {
    this.rules = rules;
    this.fleet = fleet;
    this.record = record;
    this.meters = meters;
    this.clock = clock;
  }

  /** The rules in force. */
  Rules inForce() {
    return rules.get();
  }

  /**
   * Makes these rules those in force; what they replace is closed when its last exchange has ended.
   *
   * @param lineup what they run on
   * @param loaded versions that were not open before
   * @param by who wanted it: {@code start}, {@code files} or {@code api}
   * @return false when the record cannot be written; then nothing changed
   */
  boolean put(Rules next, Lineup lineup, List<ModelVersion> loaded, String by) {
    Set<String> changed = lineup.changedFrom(fleet.current());
    if (!record(next, lineup, loaded, by, changed)) {
      return false;
    }
    for (String model : changed) {
      meters.models().changed(model, rollsBack(model, lineup) ? "rolled_back" : "activated");
      meters.models().inForce(model, digest(fleet.current(), model), digest(lineup, model));
    }
    fleet.inForce(lineup);
    Rules before = rules.getAndSet(next);
    tellPolicies(before, next);
    tellDetectors(before, next);
    if (before != null) {
      before.uses().leave();
    }
    return true;
  }

  private boolean record(
      Rules next, Lineup lineup, List<ModelVersion> loaded, String by, Set<String> changed) {
    Rules before = rules.get();
    if ((before == null || !others(before, changed).equals(others(next, changed)))
        && !note("policy_loaded", digests(next))) {
      return false;
    }
    for (ModelVersion version : loaded) {
      if (!lineup.holds(version)) {
        continue;
      }
      Map<String, String> details =
          Map.of("model", version.name(), "digest", version.digest(), "folder", version.folder());
      if (!note("model_loaded", details)) {
        return false;
      }
    }
    for (String model : changed) {
      String action = rollsBack(model, lineup) ? "model_rolled_back" : "model_activated";
      if (!note(action, details(model, next, lineup, by))) {
        return false;
      }
    }
    return true;
  }

  private boolean rollsBack(String model, Lineup lineup) {
    return fleet
        .previous(model)
        .filter(version -> version.digest().equals(digest(lineup, model)))
        .isPresent();
  }

  private Map<String, String> details(String model, Rules next, Lineup lineup, String by) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("model", model);
    details.put("digest", digest(lineup, model));
    details.put("previous", digest(fleet.current(), model));
    details.put("by", by);
    next.panel()
        .digests(fleet.detectorsOn(model))
        .forEach((detector, digest) -> details.put("detector." + detector, digest));
    return details;
  }

  private static String digest(Lineup lineup, String model) {
    ModelVersion version = lineup.champions().get(model);
    return version == null ? "" : version.digest();
  }

  private void tellPolicies(@Nullable Rules before, Rules next) {
    for (String name : next.policies().names()) {
      String digest = digest(next.policies(), name);
      String old = before == null ? "" : digest(before.policies(), name);
      if (!digest.equals(old)) {
        meters.policy(name, old, digest);
        LOG.info().with(LogKey.POLICY, name).with(LogKey.DIGEST, digest).say("policy in force");
      }
    }
  }

  private void tellDetectors(@Nullable Rules before, Rules next) {
    for (Detector<?> detector : next.panel().detectors()) {
      Map<String, String> old =
          before == null ? Map.of() : before.panel().digests(Set.of(detector.name()));
      meters.models().follow(detector.name(), detector.digest(), detector.labels());
      if (!detector.digest().equals(old.get(detector.name()))) {
        LOG.info()
            .with(LogKey.DETECTOR, detector.name())
            .with(LogKey.DIGEST, detector.digest())
            .say("detector in force");
      }
    }
  }

  /** Says that a version stays out, and why; the one in service stays. */
  void refused(Draft.Refusal refusal) {
    List<Problem> problems = refusal.problems();
    for (Problem problem : problems.subList(0, Math.min(PROBLEMS_LOGGED, problems.size()))) {
      LOG.error()
          .with(LogKey.MODEL, refusal.model())
          .with(LogKey.DIGEST, refusal.digest())
          .with(LogKey.FILE, problem.file() + (problem.line() > 0 ? ":" + problem.line() : ""))
          .with(LogKey.REASON, problem.message())
          .say("a version is refused, the one in service stays");
    }
    String first = problems.isEmpty() ? "" : problems.getFirst().toString();
    note(
        "model_refused",
        Map.of(
            "model", refusal.model(),
            "digest", refusal.digest(),
            "problems", Integer.toString(problems.size()),
            "first", first.substring(0, Math.min(PROBLEM_CHARS, first.length()))));
    meters.models().changed(refusal.model(), "refused");
  }

  /** Says that changed policies stay out. */
  void policiesRefused(int problems) {
    LOG.error().with(LogKey.COUNT, problems).say("policies refused, the old ones stay");
    note("policy_refused", Map.of("problems", Integer.toString(problems)));
  }

  private boolean note(String action, Map<String, String> details) {
    try {
      record
          .append(new AuditEvent.Lifecycle(clock.instant(), action, details))
          .toCompletableFuture()
          .join();
      return true;
    } catch (CompletionException e) {
      LOG.error().with(e.getCause() == null ? e : e.getCause()).say("the record is unavailable");
      return false;
    }
  }

  /** The digests of all but the detectors on these models. */
  private Map<String, String> others(Rules rules, Set<String> models) {
    Map<String, String> digests = digests(rules);
    for (String model : models) {
      fleet.detectorsOn(model).forEach(detector -> digests.remove("detector." + detector));
    }
    return digests;
  }

  /** The digests of policies and detectors. */
  static Map<String, String> digests(Rules rules) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : rules.policies().names()) {
      digests.put("policy." + name, digest(rules.policies(), name));
    }
    rules
        .panel()
        .detectors()
        .forEach(detector -> digests.put("detector." + detector.name(), detector.digest()));
    return digests;
  }

  private static String digest(PolicyBook book, String name) {
    return book.get(name).map(Policy::digest).orElse("");
  }
}
