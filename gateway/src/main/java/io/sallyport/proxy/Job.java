package io.sallyport.proxy;

import io.sallyport.decide.Decision;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A generation that was asked for and is collected later.
 *
 * @param signals what the gates said of its request: rules that look at more than one stage need
 *     them when its images are judged
 * @param refused why it is no more than a promise, where the API tells a refusal when the job is
 *     asked for; empty when the upstream has it
 */
record Job(List<Signal> signals, Optional<Refused> refused) {
  Job {
    signals = List.copyOf(signals);
  }

  /**
   * A refusal that is told later.
   *
   * @param requestId of the request that was refused, and is on record
   */
  record Refused(Decision decision, String requestId) {}

  /** A job that goes to the upstream. */
  static Job of(List<Signal> signals) {
    return new Job(signals, Optional.empty());
  }

  /**
   * This one and another of the same id: a client may choose it twice, and nobody knows which of
   * the two an image is of. So the strongest of both counts (I10), which is no more than one signal
   * for each thing that a detector can say.
   */
  Job and(Job next) {
    Map<Object, Signal> strongest = new LinkedHashMap<>();
    signals.forEach(signal -> strongest.merge(about(signal), signal, Job::stronger));
    next.signals.forEach(signal -> strongest.merge(about(signal), signal, Job::stronger));
    return new Job(
        List.copyOf(strongest.values()), refused.isEmpty() ? Optional.empty() : next.refused);
  }

  /** What a signal is about, whatever it says of that. */
  private record About(Stage stage, String detector, String what, String kind) {}

  private static About about(Signal signal) {
    return switch (signal) {
      case Signal.Score score -> new About(score.stage(), score.detector(), score.label(), "score");
      case Signal.Match match -> new About(match.stage(), match.detector(), match.bank(), "match");
      case Signal.Unavailable gone ->
          new About(gone.stage(), gone.detector(), gone.cause().name(), "unavailable");
    };
  }

  private static Signal stronger(Signal one, Signal other) {
    return switch (one) {
      case Signal.Score score ->
          other instanceof Signal.Score it && it.value() > score.value() ? it : score;
      case Signal.Match match ->
          other instanceof Signal.Match it && it.distance() < match.distance() ? it : match;
      case Signal.Unavailable gone -> gone;
    };
  }
}
