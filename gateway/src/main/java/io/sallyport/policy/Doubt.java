package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedOpinion;
import io.sallyport.policy.SecondOpinion.Band;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks a policy's second opinions, with its parents' folded in: somebody must be asked first, the
 * first score must exist, and raising it beyond the band must not give a milder verdict (I10).
 */
final class Doubt {
  private static final Labels NOTHING = new Labels(Set.of(), Set.of());

  private final Map<String, Labels> catalogue;
  private final Policy policy;

  Doubt(Map<String, Labels> catalogue, Policy policy) {
    this.catalogue = catalogue;
    this.policy = policy;
  }

  /** An inherited opinion is looked at again: the child's rules and verdicts are others. */
  void check(Draft draft) {
    for (SecondOpinion opinion : policy.secondOpinions()) {
      YamlValue place =
          draft.opinions().stream()
              .filter(placed -> placed.opinion().equals(opinion))
              .map(PlacedOpinion::place)
              .findFirst()
              .orElse(draft.place());
      check(opinion, place);
    }
  }

  private void check(SecondOpinion opinion, YamlValue place) {
    if (!policy.detectors().contains(opinion.detector())) {
      place.problem("'" + opinion.detector() + "' is not among the policy's detectors");
      return;
    }
    if (labels(opinion.detector()).unknown()) {
      return;
    }
    Set<Stage> stages = new TreeSet<>(labels(opinion.detector()).stages());
    stages.removeIf(stage -> !policy.judges(stage));
    for (Stage stage : stages) {
      if (firsts().stream().noneMatch(first -> labels(first).stages().contains(stage))) {
        place.problem("no detector is asked first at " + stage.wire());
      } else {
        opinion.when().ifPresent(band -> check(opinion, band, stage, place));
      }
    }
  }

  private void check(SecondOpinion opinion, Band band, Stage stage, YamlValue place) {
    Stage where = band.stage().orElse(stage);
    List<String> giving =
        firsts().stream()
            .filter(first -> band.detector().isEmpty() || band.detector().get().equals(first))
            .filter(first -> labels(first).gives(where, band.label()))
            .toList();
    if (giving.isEmpty() || where.compareTo(stage) > 0) {
      place.problem(
          "no detector that is asked first gives label '%s' at %s before %s is asked there"
              .formatted(band.label(), where.wire(), opinion.detector()));
      return;
    }
    boolean advisory = giving.stream().anyMatch(first -> labels(first).advisory());
    boolean advises = labels(opinion.detector()).advisory();
    Strictest within = Strictest.of(policy, stage, opinion.detector(), advises);
    if (band.high() < 1 && !Strictest.above(policy, stage, band, advisory).covers(within)) {
      place.problem(milder(opinion, band, stage, within));
    }
  }

  private static String milder(SecondOpinion opinion, Band band, Stage stage, Strictest within) {
    boolean shadow = within.enforced() != within.wouldBe();
    return ("raising '%s' above %s would give a milder verdict at %s: in the band %s may lead to"
            + " %s%s, and above it no rule is sure to; add one on this score alone")
        .formatted(
            band.label(),
            band.high(),
            stage.wire(),
            opinion.detector(),
            within.enforced().wire(),
            shadow ? " (would_be " + within.wouldBe().wire() + ")" : "");
  }

  private List<String> firsts() {
    return policy.detectors().stream()
        .filter(detector -> policy.secondOpinion(detector).isEmpty())
        .toList();
  }

  /** Whoever does not exist has a problem of its own, and says nothing here. */
  private Labels labels(String detector) {
    return catalogue.getOrDefault(detector, NOTHING);
  }
}
