package io.sallyport.proxy;

import io.sallyport.decide.Decision;
import io.sallyport.decide.Reason;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.util.function.Predicate;

/**
 * What a client is told when a stage is blocked because checks failed, not because of content (I5).
 * Pure.
 */
final class Unavailability {
  private Unavailability() {}

  /**
   * The reason for the client; content that cannot be judged is told apart from checks that fail.
   */
  static TransportReason reason(Stage stage, Decision decision) {
    boolean unreadable = some(decision, Unavailability::unreadable);
    TransportReason before =
        some(decision, cause -> cause == Cause.OVERLOAD)
            ? TransportReason.LANE_FULL
            : TransportReason.CHECK_UNAVAILABLE;
    return switch (stage) {
      case PROMPT, NEGATIVE_PROMPT -> before;
      case INPUT_IMAGE -> unreadable ? TransportReason.REQUEST_IMAGE : before;
      case OUTPUT_IMAGE ->
          unreadable ? TransportReason.REPLY_IMAGE : TransportReason.OUTPUT_CHECK_UNAVAILABLE;
    };
  }

  private static boolean some(Decision decision, Predicate<Cause> test) {
    return decision.reasons().stream()
        .anyMatch(
            reason -> reason instanceof Reason.Unavailable missing && test.test(missing.cause()));
  }

  private static boolean unreadable(Cause cause) {
    return switch (cause) {
      case UNDECODABLE, UNSUPPORTED, TOO_LARGE -> true;
      case TIMEOUT, OVERLOAD, CRASH, BAD_OUTPUT, MISSING, CIRCUIT_OPEN -> false;
    };
  }
}
