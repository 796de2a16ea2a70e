package io.sallyport;

import io.sallyport.detect.onnx.FoundVersion;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.ops.Meters;
import io.sallyport.proxy.Rules;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings changes of policies and of models into force, one at a time: loaded whole, tested, then
 * swapped. What has a mistake changes nothing. Blocks for as long as loading takes; never called on
 * an event loop.
 */
final class PolicyReload {
  private static final Duration REHEARSAL = Duration.ofMillis(300);
  private static final String NO_RECORD = "the record is unavailable; what was in force stays";

  private final RulesMaker maker;
  private final Fleet fleet;
  private final RulesSwap swap;
  private final Meters meters;

  PolicyReload(RulesMaker maker, Fleet fleet, RulesSwap swap, Meters meters) {
    this.maker = maker;
    this.fleet = fleet;
    this.swap = swap;
    this.meters = meters;
  }

  /**
   * Loads the policies, and models that changed with them, and puts them into force; the problems,
   * none when the policies are in force. A version that the policies cannot do with stays out and
   * does not keep the policies out.
   */
  synchronized List<String> reload() {
    Draft draft = fleet.wanted();
    draft.refusals().forEach(swap::refused);
    Problems problems = new Problems();
    Lineup lineup = draft.lineup();
    Optional<Rules> made = make(lineup, Optional.empty(), problems);
    if (made.isEmpty() && !lineup.same(fleet.current())) {
      refuseChanged(lineup, problems.list());
      lineup = fleet.kept().lineup();
      made = make(lineup, Optional.empty(), new Problems());
    }
    boolean inForce = made.isPresent() && put(made.get(), lineup, draft, "files");
    meters.reload(inForce);
    if (made.isPresent()) {
      return inForce ? List.of() : List.of(NO_RECORD);
    }
    List<String> told = told(draft, problems);
    swap.policiesRefused(told.size());
    return told;
  }

  /** A refused model may be why a policy names what nobody gives. */
  private static List<String> told(Draft draft, Problems problems) {
    List<Problem> all = new ArrayList<>(problems.list());
    draft.refusals().forEach(refusal -> all.addAll(refusal.problems()));
    return all.stream().map(Problem::toString).toList();
  }

  /** Puts the versions into force that the models' folders want now. */
  synchronized void models() {
    Draft draft = fleet.wanted();
    draft.refusals().forEach(swap::refused);
    Lineup lineup = draft.lineup();
    if (lineup.same(fleet.current())) {
      lineup.release();
      return;
    }
    Problems problems = new Problems();
    Optional<Rules> made = make(lineup, Optional.of(swap.inForce()), problems);
    if (made.isEmpty()) {
      refuseChanged(lineup, problems.list());
    } else {
      boolean _ = put(made.get(), lineup, draft, "files");
    }
  }

  /**
   * Puts one version into force, for this process and the next ones.
   *
   * @return why it is not in force, and the one in service stays; none when it is
   */
  synchronized List<String> activate(FoundVersion version) {
    Draft draft = fleet.with(version);
    Lineup lineup = draft.lineup();
    if (!lineup.runs(version.name(), version.digest())) {
      lineup.release();
      return refuse(version, draft.problems(version.digest()));
    }
    Problems problems = new Problems();
    Optional<Rules> made = make(lineup, Optional.of(swap.inForce()), problems);
    if (made.isEmpty()) {
      return refuse(version, problems.list());
    }
    ModelShelf.Undo undo;
    try {
      undo = fleet.shelf().point(version.name(), version.digest());
    } catch (IOException e) {
      made.get().uses().leave();
      String message = "the model's file 'active' cannot be written: " + e;
      return refuse(version, List.of(new Problem(version.folder(), 0, message)));
    }
    if (put(made.get(), lineup, draft, "api")) {
      return List.of();
    }
    undo(undo);
    return List.of(NO_RECORD);
  }

  private void undo(ModelShelf.Undo undo) {
    try {
      undo.run();
    } catch (IOException e) {
      // The file wants the version that was just refused: the next look at it tries again.
    }
  }

  private List<String> refuse(FoundVersion version, List<Problem> problems) {
    swap.refused(new Draft.Refusal(version.name(), version.digest(), problems));
    return problems.stream().map(Problem::toString).toList();
  }

  private void refuseChanged(Lineup lineup, List<Problem> problems) {
    for (String model : lineup.changedFrom(fleet.current())) {
      swap.refused(new Draft.Refusal(model, lineup.digests().getOrDefault(model, ""), problems));
    }
  }

  /** Rules own their line-up; without rules it is let go. */
  private Optional<Rules> make(Lineup lineup, Optional<Rules> inForce, Problems problems) {
    Optional<Rules> made = maker.make(lineup, inForce, problems);
    if (made.isEmpty()) {
      lineup.release();
    }
    return made;
  }

  private boolean put(Rules next, Lineup lineup, Draft draft, String by) {
    boolean same =
        lineup.same(fleet.current())
            && RulesSwap.digests(next).equals(RulesSwap.digests(swap.inForce()));
    if (!same) {
      rehearse(next, lineup);
    }
    if (same || !swap.put(next, lineup, draft.loaded(), by)) {
      next.uses().leave();
      return same;
    }
    return true;
  }

  private void rehearse(Rules next, Lineup lineup) {
    Set<String> detectors = new HashSet<>();
    lineup
        .changedFrom(fleet.current())
        .forEach(model -> detectors.addAll(fleet.detectorsOn(model)));
    new WarmUp(next.panel()).rehearse(detectors, REHEARSAL);
  }
}
