package io.sallyport.policy;

import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.util.Set;

/**
 * One rule of a policy.
 *
 * @param id unique in the policy, {@code [a-z0-9-]+}; stands in records and metrics
 * @param stages where the rule is asked; at least one
 * @param category the harm it is about
 * @param when the condition
 * @param verdict {@link Verdict#FLAG} or {@link Verdict#BLOCK}
 * @param floor true when no caller, route or shadow setting may loosen it
 * @param shadow true when the rule is judged and recorded but not enforced; never with {@code
 *     floor}
 * @param disclosure how much its refusal tells
 */
public record Rule(
    String id,
    Set<Stage> stages,
    Category category,
    Condition when,
    Verdict verdict,
    boolean floor,
    boolean shadow,
    Disclosure disclosure) {
  public Rule {
    stages = Set.copyOf(stages);
    if (stages.isEmpty() || verdict == Verdict.ALLOW || (floor && shadow)) {
      throw new IllegalArgumentException("rule " + id);
    }
  }

  /** True when it is applied at a stage, or looks back at it from a later one. */
  boolean looksAt(Stage stage) {
    return stages.contains(stage) || when.mentions(stage);
  }
}
