package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;

/**
 * What one detector said about one sample, checked. Never empty: whatever goes wrong becomes a
 * signal.
 *
 * @param result {@link DetectorRun#OK} or the cause's wire name
 * @param detail for developers; never content
 */
record Answer(List<Signal> signals, String result, String detail) {

  static Answer unavailable(String detector, Stage stage, Cause cause, String detail) {
    return new Answer(
        List.of(new Signal.Unavailable(detector, stage, cause)), cause.wire(), detail);
  }

  /** Asks the detector and survives whatever it does: this is where foreign code ends. */
  static <S> Answer from(Detector<S> detector, Stage stage, S prepared, long deadlineNanos) {
    try {
      return check(detector, stage, detector.inspect(stage, prepared, deadlineNanos));
    } catch (Throwable t) {
      return failed(detector.name(), stage, t);
    }
  }

  /**
   * The answer of a detector that threw. Errors too: a stack overflow, a missing class or an array
   * too large for the heap is one sample's trouble, not the process's.
   */
  static Answer failed(String detector, Stage stage, Throwable thrown) {
    return unavailable(detector, stage, cause(thrown), where(thrown));
  }

  /**
   * What the answer says about the detector's model.
   *
   * @param workedNanos how long the run took
   * @param fairNanos see {@link RunOutcome#of}
   */
  RunOutcome outcome(long workedNanos, long fairNanos) {
    for (Signal signal : signals) {
      if (signal instanceof Signal.Unavailable missing) {
        return RunOutcome.of(missing.cause(), workedNanos, fairNanos);
      }
    }
    return RunOutcome.ANSWERED;
  }

  /** What a thrown thing means. */
  static Cause cause(Throwable thrown) {
    return thrown instanceof UnavailableException e ? e.why() : Cause.CRASH;
  }

  /** What a detector said, when it holds to the rules. */
  static Answer check(Detector<?> detector, Stage stage, List<Signal> said) {
    List<Signal> signals;
    try {
      signals = List.copyOf(said);
    } catch (NullPointerException e) {
      return unavailable(detector.name(), stage, Cause.BAD_OUTPUT, "null");
    }
    String defect = signals.isEmpty() ? "no signals" : defect(detector, stage, signals);
    if (!defect.isEmpty()) {
      return unavailable(detector.name(), stage, Cause.BAD_OUTPUT, defect);
    }
    String result = DetectorRun.OK;
    for (Signal signal : signals) {
      if (signal instanceof Signal.Unavailable missing) {
        result = missing.cause().wire();
      }
    }
    return new Answer(signals, result, "");
  }

  /** What is wrong with the signals; empty when nothing is. */
  private static String defect(Detector<?> detector, Stage stage, List<Signal> signals) {
    for (Signal signal : signals) {
      if (!signal.detector().equals(detector.name())) {
        return "another detector's name";
      }
      if (signal.stage() != stage) {
        return "another stage";
      }
      if (signal instanceof Signal.Score score && !detector.labels().contains(score.label())) {
        return "a label not declared";
      }
    }
    return "";
  }

  /** Class and place, without the message: messages of foreign code may hold content. */
  private static String where(Throwable thrown) {
    if (thrown instanceof UnavailableException e) {
      return String.valueOf(e.getMessage());
    }
    StackTraceElement[] trace = thrown.getStackTrace();
    return thrown.getClass().getName() + (trace.length > 0 ? " at " + trace[0] : "");
  }
}
