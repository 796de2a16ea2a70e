package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a route claims of a request's head. At a place that several rules select, the first wins.
 */
record HeadRules(List<Rule> rules) {
  static final HeadRules NONE = new HeadRules(List.of());

  /** A claim and where it holds. */
  record Rule(HeadSelector selector, Claim claim) {}

  HeadRules {
    rules = List.copyOf(rules);
  }

  Optional<Claim> claim(HeadSelector.Source source, String key) {
    return rules.stream()
        .filter(rule -> rule.selector().selects(source, key))
        .map(Rule::claim)
        .findFirst();
  }

  /** The names that selectors of one source give. */
  Set<String> names(HeadSelector.Source source) {
    return rules.stream()
        .filter(rule -> rule.selector().source() == source)
        .map(rule -> rule.selector().name())
        .collect(Collectors.toUnmodifiableSet());
  }
}
