package io.sallyport.proxy;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.Coverage;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Route;
import io.sallyport.policy.Policy;
import io.sallyport.signal.Stage;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one exchange knows about itself once it was let in. Lives on one event loop from start to
 * end; nothing else writes it.
 */
final class Visit {
  final HttpServerRequest request;
  final Context context;
  final Dialect dialect;
  final Route route;
  final CallerBook.Caller caller;
  final Rules rules;
  final Policy policy;
  final String requestId;
  final Departure departure;

  /** Set once at the door, before anything of the body is read. */
  private String ownSubject = "";

  private final long begin;
  private final Map<String, Long> timingsMicros = new LinkedHashMap<>();
  private final List<Runnable> releases = new ArrayList<>();
  private long upstreamNanos;
  private String subject = "";
  private final StringBuilder covered = new StringBuilder();

  Visit(
      HttpServerRequest request,
      Context context,
      Dialect dialect,
      Route route,
      CallerBook.Caller caller,
      Rules rules,
      Policy policy,
      String requestId,
      Departure departure,
      long begin) {
    this.request = request;
    this.context = context;
    this.dialect = dialect;
    this.route = route;
    this.caller = caller;
    this.rules = rules;
    this.policy = policy;
    this.requestId = requestId;
    this.departure = departure;
    this.begin = begin;
  }

  /**
   * The same client's visit over again, for what it gets through a channel: a channel may outlive
   * policies, and each of its decisions has a request id of its own.
   *
   * @param rules those in force now
   */
  Visit again(Rules rules, String requestId) {
    Policy policy = rules.policies().get(caller.policy()).orElseThrow();
    Visit next =
        new Visit(
            request,
            context,
            dialect,
            route,
            caller,
            rules,
            policy,
            requestId,
            departure,
            System.nanoTime());
    next.ownSubject = ownSubject;
    next.subject = subject;
    return next;
  }

  /** Whose request it is, for the record. */
  AuditEvent.Request who() {
    return new AuditEvent.Request(requestId, caller.name(), subject, dialect.name(), route.id());
  }

  /** Sets the keyed hash of the end user whom a trusted front end named. */
  void trustedSubject(String keyedHash) {
    ownSubject = keyedHash;
    subject(keyedHash);
  }

  /** Who owns what this request makes, and whose things it may ask for. */
  Owner owner() {
    return new Owner(caller.name(), ownSubject);
  }

  /**
   * Sets the keyed hash of the end user. The first to say counts: a trusted front end speaks before
   * the body, in which a client may name anybody.
   */
  void subject(String keyedHash) {
    if (subject.isEmpty()) {
      subject = keyedHash;
    }
  }

  /** Notes that a step that began at {@code since} has ended now. */
  void timed(String step, long since) {
    long nanos = System.nanoTime() - since;
    timingsMicros.merge(step, nanos / 1000, Long::sum);
    if (step.equals("upstream")) {
      upstreamNanos += nanos;
    }
  }

  /** Durations so far in microseconds, with the whole as {@code total}. */
  Map<String, Long> timings() {
    Map<String, Long> timings = new LinkedHashMap<>(timingsMicros);
    timings.put("total", nanos() / 1000);
    return timings;
  }

  long nanos() {
    return System.nanoTime() - begin;
  }

  /** All but the upstream call. */
  long ownNanos() {
    return nanos() - upstreamNanos;
  }

  long upstreamNanos() {
    return upstreamNanos;
  }

  /** Notes what a gate saw and judged. */
  void covered(Stage stage, Coverage coverage) {
    if (!covered.isEmpty()) {
      covered.append(", ");
    }
    covered
        .append(stage.wire())
        .append("; texts=")
        .append(coverage.textsJudged())
        .append('/')
        .append(coverage.texts())
        .append("; swept=")
        .append(coverage.swept())
        .append("; images=")
        .append(coverage.imagesJudged())
        .append('/')
        .append(coverage.images());
  }

  /** What the gates saw and judged, one after another; {@code none} before any. */
  String coverage() {
    return covered.isEmpty() ? "none" : covered.toString();
  }

  /** Remembers a collector whose memory is given back at the end. */
  BodyCollector keep(BodyCollector collector) {
    releases.add(collector::release);
    return collector;
  }

  /** Remembers fetched images whose memory is given back at the end. */
  Links keep(Links links) {
    releases.add(links::release);
    return links;
  }

  /** Remembers a share of the budget that is given back at the end. */
  BudgetShare keep(BudgetShare share) {
    releases.add(share::release);
    return share;
  }

  void release() {
    releases.forEach(Runnable::run);
  }
}
