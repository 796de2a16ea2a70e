package io.sallyport.proxy;

import io.sallyport.decide.Rounds;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.UseCount;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyBook;
import io.sallyport.signal.Stage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The policies and detectors in force together. An exchange takes them once, at its start, so that
 * neither a reload nor another version of a model splits it.
 *
 * @param rounds by policy and stage, in which rounds detectors are asked
 * @param shadow who is asked for comparison only
 * @param uses who needs the models open: whoever put these rules into force, and every exchange
 *     from its start to its end
 */
public record Rules(
    PolicyBook policies,
    DetectorPanel panel,
    Map<String, Map<Stage, List<Set<String>>>> rounds,
    Shadow shadow,
    UseCount uses) {
  public Rules {
    rounds = Map.copyOf(rounds);
  }

  /** These policies with these detectors and challengers, over models that are held for them. */
  public Rules(PolicyBook policies, DetectorPanel panel, Shadow shadow, UseCount uses) {
    this(policies, panel, rounds(policies, panel), shadow, uses);
  }

  /** Rules over models that are open for ever, without challengers. */
  public Rules(PolicyBook policies, DetectorPanel panel) {
    this(policies, panel, Shadow.NONE, new UseCount(() -> {}));
  }

  /** The rules in force, held for the caller, who leaves them when done. */
  static Rules entered(AtomicReference<Rules> inForce) {
    Rules rules = inForce.get();
    while (!rules.uses().enter()) {
      // Swapped, and left by all, since they were read: others are in force by now.
      rules = inForce.get();
    }
    return rules;
  }

  /** The rounds of one of these policies at a stage. */
  List<Set<String>> rounds(Policy policy, Stage stage) {
    return rounds.getOrDefault(policy.name(), Map.of()).getOrDefault(stage, List.of());
  }

  private static Map<String, Map<Stage, List<Set<String>>>> rounds(
      PolicyBook policies, DetectorPanel panel) {
    Map<String, Integer> costs = panel.costs();
    Map<String, Map<Stage, List<Set<String>>>> rounds = new HashMap<>();
    for (String name : policies.names()) {
      Policy policy = policies.get(name).orElseThrow();
      Map<Stage, List<Set<String>>> byStage = new EnumMap<>(Stage.class);
      for (Stage stage : Stage.values()) {
        Set<String> expected = panel.expected(stage, policy.detectors());
        byStage.put(stage, Rounds.of(policy, stage, expected, costs));
      }
      rounds.put(name, byStage);
    }
    return rounds;
  }
}
