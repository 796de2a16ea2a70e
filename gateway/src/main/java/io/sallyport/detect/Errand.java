package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One sample's way to one {@link AwaitedDetector} and back. Ended by the answer, by what prepares
 * the sample, or by the timer, whoever comes first; what comes later is dropped, and a call that is
 * still under way is cancelled.
 */
final class Errand<S> {
  private static final long NEVER = Long.MIN_VALUE;

  private final InferenceLane lane;
  private final PanelListener listener;
  private final AwaitedDetector<S> detector;
  private final Question question;
  private final CompletableFuture<List<Signal>> result = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Ticket departure;
  private volatile long startedNanos = NEVER;

  Errand(
      InferenceLane lane, PanelListener listener, AwaitedDetector<S> detector, Question question) {
    this.lane = lane;
    this.listener = listener;
    this.detector = detector;
    this.question = question;
    this.departure =
        new Ticket(
            question.caller(),
            question.deadlineNanos(),
            question.deadlineNanos(),
            new Pace(),
            question.cancellation(),
            _ -> {});
  }

  /**
   * Goes as soon as the sample is there. Called before the lane has the sample, so that its thread
   * sends the question.
   */
  void await(CompletionStage<S> prepared) {
    var _ = prepared.whenComplete(this::go);
  }

  /** The answer, at the deadline at the latest. Called once the lane has the sample. */
  CompletionStage<List<Signal>> answer() {
    if (!result.isDone()) {
      var timer = lane.atDeadline(question.deadlineNanos(), () -> end(late()));
      var _ = result.whenComplete((_, _) -> lane.forget(timer));
    }
    return result.minimalCompletionStage();
  }

  private void go(@Nullable S sample, @Nullable Throwable failed) {
    if (sample == null || failed != null) {
      Throwable why = failed == null ? new IllegalStateException("no sample") : failed;
      end(Answer.failed(detector.name(), stage(), AwaitedDetector.unwrap(why)));
    } else if (question.over(lane.now())) {
      end(late());
    } else {
      ask(sample);
    }
  }

  private void ask(S sample) {
    Optional<ModelUse> model = Optional.empty();
    try {
      model = detector.model();
    } catch (Throwable t) {
      end(Answer.failed(detector.name(), stage(), t));
      return;
    }
    if (model.isPresent() && !lane.depart(model.get(), departure)) {
      end(Answer.unavailable(detector.name(), stage(), Cause.CIRCUIT_OPEN, ""));
      return;
    }
    long sentNanos = lane.now();
    startedNanos = sentNanos;
    Optional<ModelUse> use = model;
    call(sample)
        .whenComplete(
            (signals, failed) -> {
              Answer answer = answer(signals, failed);
              use.ifPresent(it -> lane.arrive(departure, outcome(it, answer, sentNanos)));
              end(answer);
            });
  }

  /** The call itself; cancelled when the errand ends before it. */
  private CompletableFuture<List<Signal>> call(S sample) {
    try {
      CompletableFuture<List<Signal>> call =
          detector.ask(stage(), sample, question.deadlineNanos());
      var _ = result.whenComplete((_, _) -> call.cancel(true));
      return call;
    } catch (Throwable t) {
      return CompletableFuture.failedFuture(t);
    }
  }

  private Answer answer(@Nullable List<Signal> signals, @Nullable Throwable failed) {
    if (failed instanceof CancellationException && question.over(lane.now())) {
      return late();
    }
    return failed != null || signals == null
        ? Answer.failed(
            detector.name(),
            stage(),
            failed == null ? new NullPointerException() : AwaitedDetector.unwrap(failed))
        : Answer.check(detector, stage(), signals);
  }

  /** As for a model of this machine: a call that had the card's time and overran is at fault. */
  private RunOutcome outcome(ModelUse use, Answer answer, long sentNanos) {
    long had = question.deadlineNanos() - sentNanos;
    long fair = Math.min(use.deadline().toNanos(), had / 2);
    return answer.outcome(lane.now() - sentNanos, fair);
  }

  private Answer late() {
    return Answer.unavailable(detector.name(), stage(), Cause.TIMEOUT, "");
  }

  private void end(Answer answer) {
    long started = startedNanos;
    long took = started == NEVER ? 0 : lane.now() - started;
    // Told before the answer is out, so that whoever has it finds it counted.
    if (ended.compareAndSet(false, true)) {
      listener.ran(
          new DetectorRun(stage(), detector.name(), answer.result(), took, 0, answer.detail()));
      result.complete(answer.signals());
    }
  }

  private Stage stage() {
    return question.sample().stage();
  }
}
