package io.sallyport.audit;

import io.sallyport.decide.Decision;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One row of the record. Sealed: every kind has its canonical form. */
public sealed interface AuditEvent {
  /** When it happened, by the gateway's clock; the clock may step back. */
  Instant time();

  /** Which kind of event it is. */
  default Kind kind() {
    return switch (this) {
      case Decided _ -> Kind.DECIDED;
      case Refused _ -> Kind.REFUSED;
      case Challenged _ -> Kind.CHALLENGED;
      case Lifecycle _ -> Kind.LIFECYCLE;
    };
  }

  /** The kinds of event, closed like the interface itself. */
  enum Kind {
    DECIDED,
    REFUSED,
    CHALLENGED,
    LIFECYCLE;

    /** The name in the record, on the command line and in the API. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whose request it was and where it went.
   *
   * @param requestId as in {@code x-request-id}
   * @param caller the caller's name
   * @param subject keyed hash of the end user behind it; empty when unknown
   * @param dialect the dialect's name
   * @param route the route's id in the dialect
   */
  record Request(String requestId, String caller, String subject, String dialect, String route) {}

  /**
   * A stage was decided.
   *
   * @param detectors name to digest of every detector that was expected at the stage, whether it
   *     answered or not: {@link Replay} asks for the same ones
   * @param coverage how much was seen and judged
   * @param timingsMicros named durations in microseconds
   * @param textHashes keyed hashes of the texts, in order
   * @param imageHashes keyed hashes of the images' bytes, in order
   * @param cached true when the signals came from the cache
   */
  record Decided(
      Instant time,
      Request request,
      Decision decision,
      Map<String, String> detectors,
      Coverage coverage,
      Map<String, Long> timingsMicros,
      List<String> textHashes,
      List<String> imageHashes,
      boolean cached)
      implements AuditEvent {
    public Decided {
      detectors = Map.copyOf(detectors);
      timingsMicros = Map.copyOf(timingsMicros);
      textHashes = List.copyOf(textHashes);
      imageHashes = List.copyOf(imageHashes);
    }
  }

  /**
   * A claimed request or its reply was refused before or without a decision.
   *
   * @param stage wire name of the stage that could not be judged
   * @param reason the metric label of the refusal
   */
  record Refused(Instant time, Request request, String stage, String reason)
      implements AuditEvent {}

  /**
   * A challenger was asked about what was decided. It belongs to the decision about the same
   * request and stage, came after it, and changed nothing.
   *
   * @param detector the detector whose challenger it is
   * @param champion digest of the detector that was judged by
   * @param challenger digest of the one that was asked for comparison
   * @param verdict what would have been enforced with the challenger in the champion's place
   * @param items its signals, as the decision's evidence has the champion's
   */
  record Challenged(
      Instant time,
      Request request,
      Stage stage,
      String detector,
      String champion,
      String challenger,
      Verdict verdict,
      List<List<Signal>> items)
      implements AuditEvent {
    public Challenged {
      items = items.stream().map(List::copyOf).toList();
    }
  }

  /**
   * The gateway itself did something: {@code started}, {@code stopped}, {@code policy_loaded},
   * {@code policy_refused}, {@code model_loaded}, {@code model_activated}, {@code
   * model_rolled_back}, {@code model_refused}, {@code circuit_open}, {@code circuit_half_open},
   * {@code circuit_closed}, {@code lane_thread_lost}.
   *
   * @param details plain facts such as digests and versions; never content
   */
  record Lifecycle(Instant time, String action, Map<String, String> details) implements AuditEvent {
    public Lifecycle {
      details = Map.copyOf(details);
    }
  }
}
