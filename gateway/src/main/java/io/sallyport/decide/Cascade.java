package io.sallyport.decide;

import io.sallyport.decide.NotAsked.Why;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.SecondOpinion;
import io.sallyport.policy.SecondOpinion.Band;
import io.sallyport.policy.Strictest;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which detectors' answers a decision still hangs on. Whoever asks detectors, cheap ones first,
 * asks here who is still needed; the judge asks here whether a silence is excused. Pure, so that
 * both get the same answer, and so does a replay (I9).
 *
 * <p>A detector that is no second opinion is needed while any answer, or none, could change what is
 * enforced, would be, is told or is recorded as categories, here or at a later stage that looks
 * back; and while a second opinion waits for its score. A second opinion is needed inside of its
 * band while a rule could listen to it and the verdict is not settled.
 */
public final class Cascade {
  private final Policy policy;
  private final Decision spoken;
  private final List<Set<String>> silent;
  private final List<Prospects> items = new ArrayList<>();
  private final Prospects all;

  /**
   * @param spoken the decision on what was said, silences not counted
   * @param silent per item who was expected to speak and did not
   */
  Cascade(Policy policy, Decision spoken, List<Set<String>> silent) {
    this.policy = policy;
    this.spoken = spoken;
    this.silent = silent;
    Evidence evidence = spoken.evidence();
    Set<String> anywhere = new HashSet<>();
    for (int item = 0; item < silent.size(); item++) {
      items.add(prospects(evidence.items().get(item), silent.get(item)));
      anywhere.addAll(silent.get(item));
    }
    this.all = prospects(evidence.own(), anywhere);
  }

  /**
   * Those whose answers are still needed, per item.
   *
   * @param expected as in {@link Decider#decide}
   */
  public static List<Set<String>> needed(
      Policy policy, Stage stage, Set<String> expected, Evidence evidence) {
    List<Set<String>> silent = Decider.silent(stage, expected, evidence);
    Decision spoken = Decider.judge(policy, stage, evidence, List.of(), List.of());
    Cascade cascade = new Cascade(policy, spoken, silent);
    List<Set<String>> needed = new ArrayList<>();
    for (int item = 0; item < silent.size(); item++) {
      Set<String> open = new HashSet<>(silent.get(item));
      for (String detector : silent.get(item)) {
        cascade.excuse(item, detector).ifPresent(why -> open.remove(detector));
      }
      needed.add(open);
    }
    return needed;
  }

  /** Every silence that is excused. */
  List<NotAsked> excused() {
    List<NotAsked> excused = new ArrayList<>();
    for (int item = 0; item < silent.size(); item++) {
      for (String detector : silent.get(item).stream().sorted().toList()) {
        Optional<Why> why = excuse(item, detector);
        if (why.isPresent()) {
          excused.add(new NotAsked(item, detector, why.get()));
        }
      }
    }
    return excused;
  }

  private Optional<Why> excuse(int item, String detector) {
    Optional<SecondOpinion> second = policy.secondOpinion(detector);
    if (second.isPresent()) {
      return second.get().when().filter(band -> outside(item, detector, band)).isPresent()
          ? Optional.of(Why.BAND)
          : idle(item, detector);
    }
    return turning(item, detector, false) || awaited(item, detector)
        ? Optional.empty()
        : Optional.of(Why.SETTLED);
  }

  /** Why a second opinion changes no verdict, its band aside. */
  private Optional<Why> idle(int item, String detector) {
    if (!heard(item, detector)) {
      return Optional.of(Why.CLOSED);
    }
    return turning(item, detector, true) ? Optional.empty() : Optional.of(Why.SETTLED);
  }

  private boolean heard(int item, String detector) {
    for (Rule rule : policy.rules()) {
      for (Stage at : rule.stages()) {
        if (prospects(item, at).some(it -> it.hears(rule.when(), at, detector))) {
          return true;
        }
      }
    }
    return false;
  }

  /** True when an answer, or the lack of it, could change the outcome here or at a later stage. */
  private boolean turning(int item, String detector, boolean verdictOnly) {
    boolean advisory = spoken.evidence().advisory().contains(detector);
    Stakes stakes = new Stakes(policy, spoken, verdictOnly, advisory);
    if (stakes.failure(detector)) {
      return true;
    }
    for (Rule rule : policy.rules()) {
      for (Stage at : rule.stages()) {
        if (prospects(item, at).some(it -> it.turns(rule.when(), at, detector))
            && (at != spoken.stage() || stakes.change(rule))) {
          return true;
        }
      }
    }
    return false;
  }

  /** True when a second opinion, here or at a later stage, may be asked for this one's score. */
  private boolean awaited(int item, String detector) {
    for (SecondOpinion second : policy.secondOpinions()) {
      boolean waits = second.when().filter(band -> gives(detector, band)).isPresent();
      if (waits && hangs(item, second.detector(), second.when().orElseThrow())) {
        return true;
      }
    }
    return false;
  }

  private boolean hangs(int item, String second, Band band) {
    return band.stage().isPresent()
        ? band.stage().get() == spoken.stage()
        : silent.get(item).contains(second) && idle(item, second).isEmpty();
  }

  /**
   * True when the first score is known, and leaves no doubt. A second opinion's own score leaves
   * one always: whether it is known depends on others, and not in one direction.
   */
  private boolean outside(int item, String second, Band band) {
    if (band.detector().filter(it -> policy.secondOpinion(it).isPresent()).isPresent()) {
      return false;
    }
    Stage where = band.stage().orElse(spoken.stage());
    if (where == spoken.stage() && silent.get(item).stream().anyMatch(it -> gives(it, band))) {
      return false;
    }
    double score = 0;
    for (Signal signal : items.get(item).known()) {
      if (signal.stage() == where && gives(signal.detector(), band)) {
        if (signal instanceof Signal.Unavailable) {
          return false;
        }
        boolean meant = signal instanceof Signal.Score it && it.label().equals(band.label());
        score = meant ? Math.max(score, ((Signal.Score) signal).value()) : score;
      }
    }
    return score < band.low() || (score > band.high() && covered(second));
  }

  private boolean gives(String detector, Band band) {
    return band.detector().isPresent()
        ? band.detector().get().equals(detector)
        : policy.secondOpinion(detector).isEmpty();
  }

  /** True when the verdict is as strict already as the second opinion could make it. */
  private boolean covered(String second) {
    boolean advisory = spoken.evidence().advisory().contains(second);
    return new Strictest(spoken.verdict(), spoken.wouldBe())
        .covers(Strictest.of(policy, spoken.stage(), second, advisory));
  }

  /** A rule of this stage sees one item, one of a later stage what all items brought. */
  private Prospects prospects(int item, Stage at) {
    if (at == spoken.stage()) {
      return items.get(item);
    }
    return at.compareTo(spoken.stage()) > 0 ? all : Prospects.NONE;
  }

  private Prospects prospects(List<Signal> own, Set<String> silentThere) {
    List<Signal> known = new ArrayList<>(spoken.evidence().earlier());
    known.addAll(own);
    return Prospects.of(spoken.stage(), known, silentThere, spoken.evidence().advisory());
  }
}
