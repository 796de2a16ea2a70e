package io.sallyport.dialect;

import java.util.Map;
import java.util.Optional;

/**
 * A state at which it depends on a member of the object there which selectors go on.
 *
 * @param key the member's name
 * @param next the state for each value that a predicate names
 * @param otherwise the state for any other value, and for none
 */
record Guard(String key, Map<String, Integer> next, int otherwise) {
  /** The value of {@code [k<0]}. */
  static final String NEGATIVE = "<0";

  Guard {
    next = Map.copyOf(next);
  }

  /** The state for the member's value; empty when it has none, or one that is a container. */
  int after(Optional<Scalar> value) {
    if (value.isEmpty()) {
      return otherwise;
    }
    String text = value.get().text();
    Integer exact = text.equals(NEGATIVE) ? null : next.get(text);
    if (exact != null) {
      return exact;
    }
    return value.get().negative() ? next.getOrDefault(NEGATIVE, otherwise) : otherwise;
  }

  /**
   * The value of a member.
   *
   * @param text of a string, its characters; of anything else, as JSON spells it
   * @param negative true for a number below zero
   */
  record Scalar(String text, boolean negative) {}
}
