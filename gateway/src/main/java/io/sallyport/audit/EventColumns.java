package io.sallyport.audit;

import io.sallyport.decide.Decision;
import io.sallyport.decide.Reason;
import io.sallyport.signal.Category;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What search sees of an event: plain values drawn from it, empty where it has none.
 *
 * <p>The body is the record and these are its index: the verifier draws them again and compares.
 *
 * @param time milliseconds since 1970, rounded down
 * @param categories wire names of every violation's category, enforced or in shadow, sorted
 * @param rules ids of the rules that applied, strictest first, each once, parted by blanks
 */
record EventColumns(
    long time,
    String kind,
    String requestId,
    String caller,
    String subject,
    String dialect,
    String route,
    String stage,
    String verdict,
    String wouldBe,
    List<String> categories,
    String rules) {
  private static final AuditEvent.Request NO_REQUEST = new AuditEvent.Request("", "", "", "", "");

  static EventColumns of(AuditEvent event) {
    return switch (event) {
      case AuditEvent.Decided decided -> of(decided);
      case AuditEvent.Refused refused ->
          of(refused, refused.request(), refused.stage(), "", "", List.of(), "");
      case AuditEvent.Challenged challenged ->
          of(challenged, challenged.request(), challenged.stage().wire(), "", "", List.of(), "");
      case AuditEvent.Lifecycle lifecycle -> of(lifecycle, NO_REQUEST, "", "", "", List.of(), "");
    };
  }

  private static EventColumns of(AuditEvent.Decided event) {
    Decision decision = event.decision();
    return of(
        event,
        event.request(),
        decision.stage().wire(),
        decision.verdict().wire(),
        decision.wouldBe().wire(),
        decision.categories().stream().map(Category::wire).toList(),
        rules(decision));
  }

  private static EventColumns of(
      AuditEvent event,
      AuditEvent.Request request,
      String stage,
      String verdict,
      String wouldBe,
      List<String> categories,
      String rules) {
    return new EventColumns(
        event.time().toEpochMilli(),
        event.kind().wire(),
        request.requestId(),
        request.caller(),
        request.subject(),
        request.dialect(),
        request.route(),
        stage,
        verdict,
        wouldBe,
        categories,
        rules);
  }

  private static String rules(Decision decision) {
    return decision.reasons().stream()
        .filter(Reason.Violation.class::isInstance)
        .map(reason -> ((Reason.Violation) reason).rule())
        .distinct()
        .collect(Collectors.joining(" "));
  }

  /** The categories as one column holds them, parted by blanks. */
  String joinedCategories() {
    return String.join(" ", categories);
  }
}
