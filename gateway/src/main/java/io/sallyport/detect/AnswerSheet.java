package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers about one sample, written by a lane thread and closed once, by that thread or by the
 * timer. What is written after closing is dropped. Safe on every thread.
 */
final class AnswerSheet {
  private final Stage stage;
  private final List<String> detectors;
  private final List<Signal> signals = new ArrayList<>();
  private int answered;
  private boolean closed;

  AnswerSheet(Stage stage, List<String> detectors) {
    this.stage = stage;
    this.detectors = detectors;
  }

  /** Adds the next detector's answer; false when it comes too late. */
  synchronized boolean write(Answer answer) {
    if (!closed) {
      signals.addAll(answer.signals());
      answered++;
    }
    return !closed;
  }

  /**
   * Closes the sheet: whoever has not answered is unavailable for this cause.
   *
   * @return those without an answer; none when the sheet was closed already
   */
  synchronized List<String> close(Cause cause) {
    if (closed) {
      return List.of();
    }
    closed = true;
    List<String> silent = detectors.subList(answered, detectors.size());
    silent.forEach(name -> signals.add(new Signal.Unavailable(name, stage, cause)));
    return silent;
  }

  /** Every signal; call only once it is closed. */
  synchronized List<Signal> signals() {
    return List.copyOf(signals);
  }
}
