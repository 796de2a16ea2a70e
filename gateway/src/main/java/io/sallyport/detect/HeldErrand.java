package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A {@link HeldDetector} that is asked elsewhere: held until its answer is there.
 *
 * @param held says everything but the answer
 */
record HeldErrand<S>(AwaitedDetector<S> detector, HeldDetector<S> held)
    implements AwaitedDetector<S> {
  @Override
  public String name() {
    return held.name();
  }

  @Override
  public Set<Stage> stages() {
    return held.stages();
  }

  @Override
  public Set<String> labels() {
    return held.labels();
  }

  @Override
  public String digest() {
    return held.digest();
  }

  @Override
  public Cost cost() {
    return held.cost();
  }

  @Override
  public boolean advisory() {
    return held.advisory();
  }

  @Override
  public Optional<ModelUse> model() {
    return held.model();
  }

  @Override
  public CompletableFuture<List<Signal>> ask(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException {
    UseCount uses = held.uses();
    if (!uses.enter()) {
      throw new UnavailableException(Cause.TIMEOUT, "the request that asked has ended");
    }
    boolean sent = false;
    try {
      CompletableFuture<List<Signal>> answer = detector.ask(stage, sample, deadlineNanos);
      var _ = answer.whenComplete((_, _) -> uses.leave());
      sent = true;
      return answer;
    } finally {
      if (!sent) {
        uses.leave();
      }
    }
  }
}
