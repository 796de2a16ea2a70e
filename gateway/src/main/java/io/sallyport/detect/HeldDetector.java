package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that keeps what it runs on open for as long as it works. An inspection can outlive the
 * request that asked for it, when the deadline comes or the client leaves; its model must not be
 * closed under it.
 *
 * <p>Safe on every thread.
 *
 * @param uses of whatever the detector runs on
 */
public record HeldDetector<S>(Detector<S> detector, UseCount uses) implements Detector<S> {
  /** The same detector, held. One that is asked elsewhere stays one that no thread waits for. */
  public static <S> Detector<S> of(Detector<S> detector, UseCount uses) {
    return detector instanceof AwaitedDetector<S> awaited
        ? new HeldErrand<>(awaited, new HeldDetector<>(detector, uses))
        : new HeldDetector<>(detector, uses);
  }

  @Override
  public String name() {
    return detector.name();
  }

  @Override
  public Set<Stage> stages() {
    return detector.stages();
  }

  @Override
  public Set<String> labels() {
    return detector.labels();
  }

  @Override
  public String digest() {
    return detector.digest();
  }

  @Override
  public Optional<ModelUse> model() {
    return detector.model();
  }

  @Override
  public Cost cost() {
    return detector.cost();
  }

  @Override
  public boolean advisory() {
    return detector.advisory();
  }

  /** No answer when all is closed: then the request has ended, and nobody waits for one. */
  @Override
  public List<Signal> inspect(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException {
    if (!uses.enter()) {
      throw new UnavailableException(Cause.TIMEOUT, "the request that asked has ended");
    }
    try {
      return detector.inspect(stage, sample, deadlineNanos);
    } finally {
      uses.leave();
    }
  }
}
