package io.sallyport;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditLog;
import io.sallyport.detect.Detector;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.proxy.Rules;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts changed rules into force: loaded whole, recorded, then swapped by one pointer. Files with a
 * mistake change nothing, and say so in the log, the record and the metrics.
 */
final class PolicyReload {
  private static final EventLog LOG = EventLog.of(PolicyReload.class);

  private final RulesLoader loader;
  private final AtomicReference<Rules> rules;
  private final AuditLog record;
  private final Meters meters;
  private final Clock clock;

  PolicyReload(
      RulesLoader loader,
      AtomicReference<Rules> rules,
      AuditLog record,
      Meters meters,
      Clock clock) {
    this.loader = loader;
    this.rules = rules;
    this.record = record;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Loads the files and puts them into force; the problems, none when they are in force. Blocks.
   */
  synchronized List<String> reload() {
    Problems problems = new Problems();
    Optional<Rules> loaded = loader.load(problems);
    if (loaded.isEmpty()) {
      List<String> told = problems.list().stream().map(Problem::toString).toList();
      LOG.error().with(LogKey.COUNT, told.size()).say("policies refused, the old ones stay");
      note("policy_refused", Map.of("problems", Integer.toString(told.size())));
      meters.reload(false);
      return told;
    }
    if (digests(loaded.get()).equals(digests(rules.get()))) {
      meters.reload(true);
      return List.of();
    }
    if (!enforce(loaded.get())) {
      meters.reload(false);
      return List.of("the record is unavailable; the old policies stay");
    }
    meters.reload(true);
    return List.of();
  }

  /** Records the rules and makes them those in force; false when the record cannot be written. */
  boolean enforce(Rules next) {
    if (!note("policy_loaded", digests(next))) {
      return false;
    }
    Rules before = rules.getAndSet(next);
    for (String name : next.policies().names()) {
      String digest = digest(next.policies(), name);
      String old = before == null ? "" : digest(before.policies(), name);
      if (!digest.equals(old)) {
        meters.policy(name, old, digest);
        LOG.info().with(LogKey.POLICY, name).with(LogKey.DIGEST, digest).say("policy in force");
      }
    }
    tellDetectors(before, next);
    return true;
  }

  private static void tellDetectors(@Nullable Rules before, Rules next) {
    for (Detector<?> detector : next.panel().detectors()) {
      Map<String, String> old =
          before == null ? Map.of() : before.panel().digests(Set.of(detector.name()));
      if (!detector.digest().equals(old.get(detector.name()))) {
        LOG.info()
            .with(LogKey.DETECTOR, detector.name())
            .with(LogKey.DIGEST, detector.digest())
            .say("detector in force");
      }
    }
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

  private static Map<String, String> digests(Rules rules) {
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
