package io.sallyport.policy;

import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller's traffic is judged by.
 *
 * @param name the name that callers and the config use
 * @param digest SHA-256 of the policy's canonical form, 64 lower-case hex digits
 * @param detectors the names of the detectors expected to answer; a missing answer is Unavailable
 * @param unavailable what a missing answer means
 * @param shadow true when verdicts of rules that are no floor are recorded but not enforced
 * @param rules in file order, parents' first; order never changes a verdict
 * @param secondOpinions who is asked after the others, in the order of asking, parents' first
 */
public record Policy(
    String name,
    String digest,
    Set<String> detectors,
    UnavailableRule unavailable,
    boolean shadow,
    List<Rule> rules,
    List<SecondOpinion> secondOpinions) {
  public Policy {
    detectors = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(detectors));
    rules = List.copyOf(rules);
    secondOpinions = List.copyOf(secondOpinions);
  }

  /** A policy that asks all its detectors at once. */
  public Policy(
      String name,
      String digest,
      Set<String> detectors,
      UnavailableRule unavailable,
      boolean shadow,
      List<Rule> rules) {
    this(name, digest, detectors, unavailable, shadow, rules, List.of());
  }

  /** What makes a detector a second opinion; empty for one that is asked first. */
  public Optional<SecondOpinion> secondOpinion(String detector) {
    return secondOpinions.stream()
        .filter(opinion -> opinion.detector().equals(detector))
        .findFirst();
  }

  /** True when the rule's verdict counts, and is not only recorded. */
  public boolean enforces(Rule rule) {
    return !rule.shadow() && (!shadow || rule.floor());
  }

  /**
   * True when a missing answer of the stage counts, and is not only recorded. A floor that cannot
   * see must close: a missing answer is in shadow only where no floor looks, be it at its own stage
   * or, from a later stage, back at this one.
   */
  public boolean enforcesMissing(Stage stage) {
    return !shadow || rules.stream().anyMatch(rule -> rule.floor() && rule.looksAt(stage));
  }

  /** False for a stage that is judged only where some rule looks at it, and none does. */
  public boolean judges(Stage stage) {
    return stage != Stage.NEGATIVE_PROMPT || rules.stream().anyMatch(rule -> rule.looksAt(stage));
  }
}
