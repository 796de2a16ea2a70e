package io.sallyport.detect;

import io.sallyport.detect.Turnstile.Entry;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One sample on its way through the detectors that are asked about it: one task of the lane, which
 * gives its thread back while it waits for a model and goes on where it was. Ended by a lane's
 * thread or by the timer, whoever comes first; answers that come later are dropped.
 */
final class Inspection<S> {
  private static final long NEVER = Long.MIN_VALUE;

  private final InferenceLane lane;
  private final PanelListener listener;
  private final Once<S> once;
  private final List<Detector<S>> detectors;
  private final Question question;
  private final AnswerSheet sheet;
  private final long submittedNanos;
  private final CompletableFuture<List<Signal>> result = new CompletableFuture<>();

  /** Made by the first of its turns; it and {@code next} are handed from turn to turn. */
  private @Nullable S prepared;

  private int next;

  /** For detectors that are asked elsewhere. */
  private final CompletableFuture<S> shared = new CompletableFuture<>();

  private volatile long grantedNanos = NEVER;
  private volatile long startedNanos = NEVER;

  Inspection(
      InferenceLane lane,
      PanelListener listener,
      Once<S> once,
      List<Detector<S>> detectors,
      Question question) {
    this.lane = lane;
    this.listener = listener;
    this.once = once;
    this.detectors = detectors;
    this.question = question;
    this.sheet = new AnswerSheet(stage(), detectors.stream().map(Detector::name).toList());
    this.submittedNanos = lane.now();
  }

  CompletionStage<List<Signal>> start() {
    once.enter();
    lane.submit(question, this::turn);
    if (!result.isDone()) {
      var timer = lane.atDeadline(question.deadlineNanos(), () -> end(Cause.TIMEOUT, ""));
      var _ = result.whenComplete((_, _) -> lane.forget(timer));
    }
    return result.minimalCompletionStage();
  }

  /** The sample as detectors want it; fails when it cannot be prepared, or not in time. */
  CompletionStage<S> prepared() {
    return shared.minimalCompletionStage();
  }

  private void turn(Turn turn) {
    switch (turn) {
      case Turn.Refused refused -> {
        end(refused.cause(), "");
        once.leave();
      }
      case Turn.Granted granted -> {
        if (grantedNanos == NEVER) {
          grantedNanos = lane.now();
        }
        S sample = prepared == null ? prepare() : prepared;
        if (sample != null) {
          work(sample);
        }
      }
    }
  }

  /** What the detectors share; none, and the inspection has ended, when it cannot be made. */
  private @Nullable S prepare() {
    startedNanos = lane.now();
    try {
      prepared = once.prepare(question.sample());
    } catch (Throwable t) {
      Answer failed = Answer.failed(DetectorRun.PREPARE, stage(), t);
      tell(DetectorRun.PREPARE, failed.result(), stop(), failed.detail());
      end(Answer.cause(t), failed.detail());
      once.leave();
      return null;
    }
    tell(DetectorRun.PREPARE, DetectorRun.OK, stop(), "");
    shared.complete(prepared);
    return prepared;
  }

  private void work(S sample) {
    while (next < detectors.size() && !question.over(lane.now())) {
      if (!ask(detectors.get(next), sample)) {
        return;
      }
      next++;
    }
    end(Cause.TIMEOUT, "");
    once.leave();
  }

  /**
   * Asks one detector.
   *
   * @return false when it has to wait for its model: this turn is over then, and nothing here may
   *     be touched, for the next one may have begun
   */
  private boolean ask(Detector<S> detector, S sample) {
    Optional<ModelUse> model;
    try {
      model = detector.model();
    } catch (Throwable t) {
      return write(detector, Answer.failed(detector.name(), stage(), t), 0);
    }
    Entry entry = model.isPresent() ? lane.enter(model.get()) : Entry.IN;
    return switch (entry) {
      case WAIT -> false;
      case BROKEN -> {
        Answer broken = Answer.unavailable(detector.name(), stage(), Cause.CIRCUIT_OPEN, "");
        yield write(detector, broken, 0);
      }
      case IN -> {
        startedNanos = lane.now();
        Answer answer = Answer.from(detector, stage(), sample, question.deadlineNanos());
        long workNanos = stop();
        model.ifPresent(use -> lane.leave(outcome(use, answer, workNanos)));
        yield write(detector, answer, workNanos);
      }
    };
  }

  private boolean write(Detector<S> detector, Answer answer, long workNanos) {
    if (sheet.write(answer)) {
      tell(detector.name(), answer.result(), workNanos, answer.detail());
    }
    return true;
  }

  /**
   * What the run says about its model. Time enough for any run is what the model's card allows, or
   * half of what there was for everything; an answer that took longer and came too late is none.
   */
  private RunOutcome outcome(ModelUse use, Answer answer, long workNanos) {
    long fair = Math.min(use.deadline().toNanos(), (question.deadlineNanos() - submittedNanos) / 2);
    boolean late = question.deadlineNanos() - lane.now() <= 0;
    return late && workNanos >= fair ? RunOutcome.FAILED : answer.outcome(workNanos, fair);
  }

  private void end(Cause cause, String detail) {
    long workNanos = worked();
    for (String silent : sheet.close(cause)) {
      tell(silent, cause.wire(), workNanos, detail);
      workNanos = 0;
    }
    shared.completeExceptionally(new UnavailableException(cause, detail));
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
