package io.sallyport.decide;

import io.sallyport.policy.Condition;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What conditions may still become while some detectors are silent at a stage. A silent detector
 * counts as able to give every label and every match that is not asked of another one by name, and
 * to fail for any cause; a later stage as able to bring anything. Pure.
 *
 * <p>As silent detectors speak, {@link #possible}, {@link #turns} and {@link #hears} can become
 * false and never true: who need not be asked now need not be asked later.
 *
 * @param stage where the silent detectors look
 * @param known what was said
 * @param silent who may still speak
 */
record Prospect(Stage stage, List<Signal> known, Set<String> silent) {

  /**
   * True when the condition may hold once all have spoken.
   *
   * @param at the stage whose rule it is, meant by conditions that name none
   */
  boolean possible(Condition condition, Stage at) {
    return switch (condition) {
      case Condition.All all -> all.parts().stream().allMatch(part -> possible(part, at));
      case Condition.Any any -> any.parts().stream().anyMatch(part -> possible(part, at));
      case Condition leaf -> open(leaf, at) || Conditions.holds(leaf, at, known);
    };
  }

  /**
   * True when the detector's word or failure may be what makes the condition hold. When a condition
   * holds with what some silent detectors would say and does not without, then it turns on at least
   * one of them.
   */
  boolean turns(Condition condition, Stage at, String detector) {
    return switch (condition) {
      case Condition.All all ->
          all.parts().stream().anyMatch(part -> turns(part, at, detector))
              && all.parts().stream().allMatch(part -> possible(part, at));
      case Condition.Any any ->
          any.parts().stream().anyMatch(part -> turns(part, at, detector))
              && any.parts().stream().noneMatch(part -> Conditions.holds(part, at, known));
      case Condition leaf ->
          where(leaf, at) == stage && says(leaf, detector) && !Conditions.holds(leaf, at, known);
    };
  }

  /** True when a score or match of the detector's may count in the condition, needed or not. */
  boolean hears(Condition condition, Stage at, String detector) {
    return switch (condition) {
      case Condition.All all ->
          all.parts().stream().anyMatch(part -> hears(part, at, detector))
              && all.parts().stream().allMatch(part -> possible(part, at));
      case Condition.Any any -> any.parts().stream().anyMatch(part -> hears(part, at, detector));
      case Condition.DetectorUnavailable missing -> false;
      case Condition leaf -> where(leaf, at) == stage && says(leaf, detector);
    };
  }

  /** True when the leaf may come to hold by what nobody has said yet. */
  private boolean open(Condition leaf, Stage at) {
    Stage where = where(leaf, at);
    return where.compareTo(stage) > 0
        || (where == stage && silent.stream().anyMatch(detector -> says(leaf, detector)));
  }

  private static Stage where(Condition leaf, Stage at) {
    Optional<Stage> named =
        switch (leaf) {
          case Condition.ScoreAtLeast score -> score.stage();
          case Condition.MatchWithin match -> match.stage();
          case Condition.DetectorUnavailable missing -> missing.stage();
          case Condition.All all -> Optional.empty();
          case Condition.Any any -> Optional.empty();
        };
    return named.orElse(at);
  }

  private static boolean says(Condition leaf, String detector) {
    return switch (leaf) {
      case Condition.ScoreAtLeast score ->
          score.detector().isEmpty() || score.detector().get().equals(detector);
      case Condition.MatchWithin match -> true;
      case Condition.DetectorUnavailable missing -> missing.detector().equals(detector);
      case Condition.All all -> false;
      case Condition.Any any -> false;
    };
  }
}
