package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Whether a condition holds, given the signals. Plain loops: this runs for every rule and item. */
final class Conditions {
  private Conditions() {}

  /**
   * @param stage the stage being decided, meant by conditions that name none
   * @param known the signals of this stage's item and of the stages before
   */
  static boolean holds(Condition condition, Stage stage, List<Signal> known) {
    return switch (condition) {
      case Condition.All all -> {
        for (Condition part : all.parts()) {
          if (!holds(part, stage, known)) {
            yield false;
          }
        }
        yield true;
      }
      case Condition.Any any -> {
        for (Condition part : any.parts()) {
          if (holds(part, stage, known)) {
            yield true;
          }
        }
        yield false;
      }
      case Condition.ScoreAtLeast score ->
          some(score.stage(), stage, known, it -> it instanceof Signal.Score s && meets(score, s));
      case Condition.MatchWithin match ->
          some(match.stage(), stage, known, it -> it instanceof Signal.Match s && meets(match, s));
      case Condition.DetectorUnavailable missing ->
          some(
              missing.stage(),
              stage,
              known,
              it -> it instanceof Signal.Unavailable s && meets(missing, s));
    };
  }

  private static boolean some(
      Optional<Stage> named, Stage decided, List<Signal> known, Predicate<Signal> test) {
    Stage where = named.orElse(decided);
    for (Signal signal : known) {
      if (signal.stage() == where && test.test(signal)) {
        return true;
      }
    }
    return false;
  }

  /** What is left of the signals when these detectors have said nothing. */
  static List<Signal> without(Set<String> detectors, List<Signal> signals) {
    return signals.stream().filter(signal -> !detectors.contains(signal.detector())).toList();
  }

  private static boolean meets(Condition.ScoreAtLeast score, Signal.Score said) {
    return said.value() >= score.atLeast()
        && said.label().equals(score.label())
        && (score.detector().isEmpty() || score.detector().get().equals(said.detector()));
  }

  private static boolean meets(Condition.MatchWithin match, Signal.Match said) {
    return said.distance() <= match.within() && said.bank().equals(match.bank());
  }

  private static boolean meets(Condition.DetectorUnavailable missing, Signal.Unavailable said) {
    return said.detector().equals(missing.detector())
        && (missing.causes().isEmpty() || missing.causes().contains(said.cause()));
  }
}
