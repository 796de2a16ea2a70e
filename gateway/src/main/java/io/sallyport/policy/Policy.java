package io.sallyport.policy;

import java.util.List;
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
 */
public record Policy(
    String name,
    String digest,
    Set<String> detectors,
    UnavailableRule unavailable,
    boolean shadow,
    List<Rule> rules) {
  public Policy {
    detectors = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(detectors));
    rules = List.copyOf(rules);
  }
}
