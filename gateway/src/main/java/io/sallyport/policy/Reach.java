package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedRule;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what can never happen: detectors that do not exist, labels that nobody gives, rules that
 * can never apply. A rule that silently never fires is worse than none, because somebody relies on
 * it.
 */
final class Reach {
  private final Map<String, Labels> catalogue;
  private final Map<String, Labels> expected = new LinkedHashMap<>();

  /**
   * @param catalogue what each detector can say
   * @param detectors the policy's, its parents' too
   */
  Reach(Map<String, Labels> catalogue, Set<String> detectors) {
    this.catalogue = catalogue;
    for (String detector : detectors) {
      Labels labels = catalogue.get(detector);
      if (labels != null) {
        expected.put(detector, labels);
      }
    }
  }

  /** Checks what the file itself adds; parents are checked in their own files. */
  void check(Draft draft) {
    draft
        .detectors()
        .forEach(
            (name, place) -> {
              if (!catalogue.containsKey(name)) {
                place.problem("unknown detector '" + name + "'");
              }
            });
    draft.rules().forEach(this::check);
  }

  private void check(PlacedRule placed) {
    Rule rule = placed.rule();
    boolean partsReachable = true;
    for (var part : placed.conditions().entrySet()) {
      partsReachable &= checkPart(part.getKey(), part.getValue(), rule.stages());
    }
    for (Stage stage : new TreeSet<>(rule.stages())) {
      if (expected.values().stream().noneMatch(labels -> labels.stages().contains(stage))) {
        placed.place().problem("no expected detector looks at " + stage.wire());
      } else if (partsReachable && !reachable(rule.when(), stage)) {
        placed.place().problem("can never apply at " + stage.wire());
      }
    }
  }

  /** A single score, match or missing answer must be possible at one of the rule's stages. */
  private boolean checkPart(Condition part, YamlValue place, Set<Stage> stages) {
    Optional<String> why =
        switch (part) {
          case Condition.ScoreAtLeast score ->
              score.detector().isPresent() && !expected.containsKey(score.detector().get())
                  ? Optional.of("'" + score.detector().get() + "' is not an expected detector")
                  : Optional.of("no expected detector gives label '" + score.label() + "' there");
          case Condition.MatchWithin match ->
              Optional.of("no expected detector has bank '" + match.bank() + "' there");
          case Condition.DetectorUnavailable missing ->
              Optional.of("'" + missing.detector() + "' is not expected to look there");
          case Condition.All all -> Optional.empty();
          case Condition.Any any -> Optional.empty();
        };
    if (why.isEmpty() || stages.stream().anyMatch(stage -> reachable(part, stage))) {
      return true;
    }
    place.problem(why.get());
    return false;
  }

  private boolean reachable(Condition condition, Stage stage) {
    return switch (condition) {
      case Condition.ScoreAtLeast(var where, var detector, var label, var atLeast) ->
          happened(where, stage)
              && expected.entrySet().stream()
                  .filter(entry -> detector.isEmpty() || detector.get().equals(entry.getKey()))
                  .anyMatch(entry -> entry.getValue().gives(where.orElse(stage), label));
      case Condition.MatchWithin(var where, var bank, var within) ->
          happened(where, stage)
              && expected.values().stream()
                  .anyMatch(labels -> labels.gives(where.orElse(stage), bank));
      case Condition.DetectorUnavailable(var where, var detector, var causes) -> {
        Labels labels = expected.get(detector);
        yield labels != null
            && happened(where, stage)
            && labels.stages().contains(where.orElse(stage));
      }
      case Condition.All all -> allReachable(all.parts(), stage);
      case Condition.Any any -> any.parts().stream().anyMatch(part -> reachable(part, stage));
    };
  }

  private boolean allReachable(List<Condition> parts, Stage stage) {
    return parts.stream().allMatch(part -> reachable(part, stage));
  }

  /** A later stage's signals are not there yet. */
  private static boolean happened(Optional<Stage> where, Stage stage) {
    return where.orElse(stage).compareTo(stage) <= 0;
  }
}
