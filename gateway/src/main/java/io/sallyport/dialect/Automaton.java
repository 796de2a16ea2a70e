package io.sallyport.dialect;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All selectors of one side of a route as one deterministic automaton over the levels of a body.
 *
 * <p>A state says which selectors are still alive at a place; a step down is one name lookup and
 * one array read, without allocation. Where predicates stand, an object's {@link Guard}s lead on to
 * the state that its members make of it. Immutable.
 */
final class Automaton {
  /** The state of the whole body. */
  static final int ROOT = 0;

  private final NameTable names;
  private final int[] next;
  private final int width;
  private final List<Claim> claims;
  private final BitSet inner;
  private final BitSet winners;
  private final Map<Integer, Guard> guards;

  /**
   * A built automaton.
   *
   * @param next of each state: the step for any name not listed, then for each name by id
   * @param claims of each state
   * @param inner the states with selectors that go deeper
   * @param winners the rules, by index, that claim at least one state
   * @param guards by state
   */
  Automaton(
      List<String> names,
      int[] next,
      List<Claim> claims,
      BitSet inner,
      BitSet winners,
      Map<Integer, Guard> guards) {
    this.guards = Map.copyOf(guards);
    this.names = new NameTable(names);
    this.next = next;
    this.width = names.size() + 1;
    this.claims = List.copyOf(claims);
    this.inner = inner;
    this.winners = winners;
  }

  /** The state of a member whose name is the bytes of a range, without escapes. */
  int member(int state, byte[] body, int start, int end) {
    return next[state * width + 1 + names.find(body, start, end)];
  }

  /** The state of any element of an array. */
  int element(int state) {
    return next[state * width];
  }

  /** What an object at a place must be asked first; none for most, and for all but objects. */
  Optional<Guard> guard(int state) {
    return guards.isEmpty() ? Optional.empty() : Optional.ofNullable(guards.get(state));
  }

  /** What is claimed at a place. */
  Claim claim(int state) {
    return claims.get(state);
  }

  /** True when a selector goes on below a place. */
  boolean goesDeeper(int state) {
    return inner.get(state);
  }

  /** False when earlier rules claim every place that the rule at this index selects. */
  boolean reaches(int rule) {
    return winners.get(rule);
  }
}
