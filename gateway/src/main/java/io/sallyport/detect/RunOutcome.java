package io.sallyport.detect;

import io.sallyport.signal.Cause;

/** What one run says about its model. */
enum RunOutcome {
  /** It gave an answer. */
  ANSWERED,
  /** It gave none, and that was its own fault. */
  FAILED,
  /** It gave none, and nothing follows from that: the sample was at fault, or there was no time. */
  UNTOLD;

  /**
   * What a missing answer says.
   *
   * @param workedNanos how long the run itself took
   * @param fairNanos a run that had this long and ran out of time is at fault itself; one that had
   *     less may have waited its time away in a queue
   */
  static RunOutcome of(Cause cause, long workedNanos, long fairNanos) {
    return switch (cause) {
      case CRASH, BAD_OUTPUT -> FAILED;
      case TIMEOUT -> workedNanos >= fairNanos ? FAILED : UNTOLD;
      case OVERLOAD, UNDECODABLE, UNSUPPORTED, TOO_LARGE, MISSING, CIRCUIT_OPEN -> UNTOLD;
    };
  }
}
