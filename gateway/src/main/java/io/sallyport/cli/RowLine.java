package io.sallyport.cli;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditRow;
import io.sallyport.audit.UndecodableEventException;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/** A row of the record as one line for people. Pure. */
final class RowLine {
  private RowLine() {}

  static String of(AuditRow row) {
    try {
      return row.sequence() + "  " + tell(row.event());
    } catch (UndecodableEventException e) {
      return row.sequence() + "  not an event: run audit verify";
    }
  }

  private static String tell(AuditEvent event) {
    return switch (event) {
      case AuditEvent.Decided decided -> decided(decided);
      case AuditEvent.Refused refused ->
          String.join(
              "  ",
              time(refused.time()),
              "refused",
              refused.stage(),
              refused.reason(),
              refused.request().caller(),
              refused.request().requestId());
      case AuditEvent.Challenged challenged ->
          String.join(
              "  ",
              time(challenged.time()),
              "challenged",
              challenged.stage().wire(),
              challenged.detector() + " would " + challenged.verdict().wire(),
              challenged.request().caller(),
              challenged.request().requestId());
      case AuditEvent.Lifecycle lifecycle ->
          time(lifecycle.time()) + "  " + lifecycle.action() + "  " + lifecycle.details();
    };
  }

  private static String decided(AuditEvent.Decided decided) {
    Decision decision = decided.decision();
    String verdict = decision.verdict().wire();
    if (decision.wouldBe() != decision.verdict()) {
      verdict += " (would " + decision.wouldBe().wire() + ")";
    }
    String reasons =
        decision.reasons().stream().map(RowLine::reason).collect(Collectors.joining(", "));
    return String.join(
        "  ",
        time(decided.time()),
        verdict,
        decision.stage().wire(),
        reasons.isEmpty() ? "-" : reasons,
        decided.request().caller(),
        decided.request().requestId());
  }

  private static String reason(Reason reason) {
    return switch (reason) {
      case Reason.Violation violation -> violation.category().wire() + " by " + violation.rule();
      case Reason.Unavailable missing ->
          "unavailable " + missing.detector() + " " + missing.cause().wire();
    };
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
