package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that judges samples. Open: operators' models come in by this door.
 *
 * <p>Implementations are safe on every thread, block while they work, and are called on lane
 * threads only. What a detector throws becomes a {@link Signal.Unavailable}: {@link
 * UnavailableException} with its cause, everything else with {@link Cause#CRASH}.
 *
 * @param <S> what it looks at, made once per sample and shared by all detectors of that kind
 */
public interface Detector<S> {
  /** The name by which policies expect it, {@code [a-z0-9-]+}. */
  String name();

  /** The stages whose samples it looks at. */
  Set<Stage> stages();

  /** Every label that it can give; a policy that names another one is refused at load. */
  Set<String> labels();

  /**
   * SHA-256 of all that its answers depend on (model, card, term lists), 64 lower-case hex digits.
   */
  String digest();

  /** What it costs to ask it: cheap ones are asked first. */
  default Cost cost() {
    return Cost.MODEL;
  }

  /** True when its signals, and the lack of them, may flag and never block. */
  default boolean advisory() {
    return false;
  }

  /**
   * The model that it asks, whose bounds and circuit the lane keeps; none for one that asks no
   * model. Asked for each sample, so that a model may be replaced meanwhile.
   */
  default Optional<ModelUse> model() {
    return Optional.empty();
  }

  /**
   * Judges one sample.
   *
   * @param deadlineNanos on {@link System#nanoTime()}'s clock; long work should stop there
   * @return at least one signal, each with this detector's name and the given stage
   * @throws UnavailableException when there is no answer, with the cause
   */
  List<Signal> inspect(Stage stage, S sample, long deadlineNanos) throws UnavailableException;
}
