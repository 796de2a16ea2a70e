package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link Automaton} by the subset construction.
 *
 * <p>A position is a selector and how many of its steps are done; a state is a set of positions. At
 * a place that several rules select, the one given first wins.
 */
final class AutomatonBuilder {
  /** Far above what any dialect needs; {@code **} could otherwise multiply states without end. */
  static final int STATES_MAX = 2_048;

  /**
   * A claim and where it holds.
   *
   * @param selectors at least one
   */
  record Rule(List<Selector> selectors, Claim claim) {}

  private record Position(int rule, Selector selector, int done) {
    boolean complete() {
      return done == selector.steps().size();
    }

    Selector.Step step() {
      return selector.steps().get(done);
    }

    /** The key of the predicate that comes next, when one does. */
    Optional<String> where() {
      return !complete() && step() instanceof Selector.Step.Where where
          ? Optional.of(where.key())
          : Optional.empty();
    }

    boolean asks(String key) {
      return where().filter(key::equals).isPresent();
    }

    Position advanced() {
      return new Position(rule, selector, done + 1);
    }
  }

  private static final Claim UNCLAIMED = new Claim.Unclaimed();

  private final List<Rule> rules;
  private final List<String> names;
  private final Map<Set<Position>, Integer> states = new LinkedHashMap<>();
  private final List<Set<Position>> queue = new ArrayList<>();
  private final Map<Integer, Guard> guards = new LinkedHashMap<>();

  private AutomatonBuilder(List<Rule> rules) {
    this.rules = rules;
    Set<String> all = new TreeSet<>();
    for (Rule rule : rules) {
      for (Selector selector : rule.selectors()) {
        for (Selector.Step step : selector.steps()) {
          if (step instanceof Selector.Step.Name(String name)) {
            all.add(name);
          }
        }
      }
    }
    this.names = List.copyOf(all);
  }

  /** The automaton of the rules, earlier ones first; empty when it would be too large. */
  static Optional<Automaton> build(List<Rule> rules) {
    return new AutomatonBuilder(rules).build();
  }

  private Optional<Automaton> build() {
    state(start());
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < queue.size(); i++) {
      if (queue.size() > STATES_MAX) {
        return Optional.empty();
      }
      rows.add(row(queue.get(i)));
      guard(i, queue.get(i));
    }
    int[] next = rows.stream().flatMapToInt(Arrays::stream).toArray();
    return Optional.of(finish(next));
  }

  private Automaton finish(int[] next) {
    List<Claim> claims = new ArrayList<>();
    BitSet inner = new BitSet();
    BitSet winners = new BitSet();
    for (Set<Position> state : queue) {
      int winner = rules.size();
      for (Position position : state) {
        if (!position.complete()) {
          inner.set(claims.size());
        } else {
          winner = Math.min(winner, position.rule());
        }
      }
      if (winner < rules.size()) {
        winners.set(winner);
      }
      claims.add(winner < rules.size() ? rules.get(winner).claim() : UNCLAIMED);
    }
    return new Automaton(names, next, claims, inner, winners, guards);
  }

  /** Asks for one key; what other predicates ask for, the states after it do. */
  private void guard(int state, Set<Position> positions) {
    Optional<String> key = positions.stream().flatMap(it -> it.where().stream()).findFirst();
    if (key.isEmpty()) {
      return;
    }
    Map<String, Integer> next = new LinkedHashMap<>();
    for (Position position : positions) {
      if (position.asks(key.get()) && position.step() instanceof Selector.Step.Where where) {
        next.computeIfAbsent(where.value(), value -> state(decided(positions, key.get(), value)));
      }
    }
    guards.put(state, new Guard(key.get(), next, state(decided(positions, key.get(), null))));
  }

  /** The positions once it is known what the key's member is; null for anything not asked for. */
  private static Set<Position> decided(
      Set<Position> positions, String key, @Nullable String value) {
    Set<Position> decided = new LinkedHashSet<>();
    for (Position position : positions) {
      if (!position.asks(key)) {
        decided.add(position);
      } else if (value != null && position.step().equals(new Selector.Step.Where(key, value))) {
        add(decided, position.advanced());
      }
    }
    return decided;
  }

  private Set<Position> start() {
    Set<Position> start = new LinkedHashSet<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      for (Selector selector : rules.get(rule).selectors()) {
        add(start, new Position(rule, selector, 0));
      }
    }
    return start;
  }

  private int[] row(Set<Position> state) {
    int[] row = new int[names.size() + 1];
    row[0] = state(after(state, null));
    for (int id = 0; id < names.size(); id++) {
      row[id + 1] = state(after(state, names.get(id)));
    }
    return row;
  }

  private int state(Set<Position> positions) {
    Integer known = states.putIfAbsent(positions, states.size());
    if (known == null) {
      queue.add(positions);
      return queue.size() - 1;
    }
    return known;
  }

  private static Set<Position> after(Set<Position> state, @Nullable String name) {
    Set<Position> after = new LinkedHashSet<>();
    for (Position position : state) {
      if (position.complete()) {
        continue;
      }
      switch (position.step()) {
        case Selector.Step.Name step -> {
          if (step.name().equals(name)) {
            add(after, position.advanced());
          }
        }
        case Selector.Step.Any any -> add(after, position.advanced());
        case Selector.Step.Deep deep -> add(after, position);
        case Selector.Step.Where where -> {}
      }
    }
    return after;
  }

  /** Adds a position and, as {@code **} may be no level at all, those that follow it for free. */
  private static void add(Set<Position> set, Position position) {
    set.add(position);
    if (!position.complete() && position.step() instanceof Selector.Step.Deep) {
      add(set, position.advanced());
    }
  }
}
