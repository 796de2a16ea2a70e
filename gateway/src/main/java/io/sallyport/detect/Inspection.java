package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One sample on its way through the detectors that are asked about it: one task of the lane. Ended
 * by the lane's thread or by the timer, whoever comes first; answers that come later are dropped.
 */
final class Inspection<S> {
  private static final long NEVER = Long.MIN_VALUE;

  private final InferenceLane lane;
  private final PanelListener listener;
  private final Preparer<S> preparer;
  private final List<Detector<S>> detectors;
  private final Question question;
  private final AnswerSheet sheet;
  private final long submittedNanos;
  private final CompletableFuture<List<Signal>> result = new CompletableFuture<>();

  private volatile long grantedNanos = NEVER;
  private volatile long startedNanos = NEVER;

  Inspection(
      InferenceLane lane,
      PanelListener listener,
      Preparer<S> preparer,
      List<Detector<S>> detectors,
      Question question) {
    this.lane = lane;
    this.listener = listener;
    this.preparer = preparer;
    this.detectors = detectors;
    this.question = question;
    this.sheet = new AnswerSheet(stage(), detectors.stream().map(Detector::name).toList());
    this.submittedNanos = lane.now();
  }

  CompletionStage<List<Signal>> start() {
    lane.submit(question, this::turn);
    if (!result.isDone()) {
      var timer = lane.atDeadline(question.deadlineNanos(), () -> end(Cause.TIMEOUT, ""));
      result.whenComplete((signals, never) -> timer.cancel(false));
    }
    return result.minimalCompletionStage();
  }

  private void turn(Turn turn) {
    switch (turn) {
      case Turn.Refused refused -> end(refused.cause(), "");
      case Turn.Granted granted -> {
        grantedNanos = lane.now();
        work();
      }
    }
  }

  private void work() {
    S prepared;
    startedNanos = lane.now();
    try {
      prepared = preparer.prepare(question.sample());
    } catch (Throwable t) {
      Answer failed = Answer.failed(DetectorRun.PREPARE, stage(), t);
      tell(DetectorRun.PREPARE, failed.result(), stop(), failed.detail());
      end(Answer.cause(t), failed.detail());
      return;
    }
    tell(DetectorRun.PREPARE, DetectorRun.OK, stop(), "");
    for (Detector<S> detector : detectors) {
      if (question.over(lane.now())) {
        break;
      }
      startedNanos = lane.now();
      Answer answer = Answer.from(detector, stage(), prepared, question.deadlineNanos());
      long workNanos = stop();
      if (sheet.write(answer)) {
        tell(detector.name(), answer.result(), workNanos, answer.detail());
      }
    }
    end(Cause.TIMEOUT, "");
  }

  private void end(Cause cause, String detail) {
    long workNanos = worked();
    for (String silent : sheet.close(cause)) {
      tell(silent, cause.wire(), workNanos, detail);
      workNanos = 0;
    }
    // A second end completes nothing: the first completion stands.
    result.complete(sheet.signals());
  }

  private Stage stage() {
    return question.sample().stage();
  }

  /** Nanoseconds that the step in progress has taken; 0 when none is. */
  private long worked() {
    long started = startedNanos;
    return started == NEVER ? 0 : lane.now() - started;
  }

  private long stop() {
    long took = worked();
    startedNanos = NEVER;
    return took;
  }

  private void tell(String detector, String outcome, long workNanos, String detail) {
    long granted = grantedNanos == NEVER ? lane.now() : grantedNanos;
    long queued = granted - submittedNanos;
    listener.ran(new DetectorRun(stage(), detector, outcome, workNanos, queued, detail));
  }
}
