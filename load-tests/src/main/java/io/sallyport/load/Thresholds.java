package io.sallyport.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What ratios may be, from {@code thresholds.json}: by a ratio's name either {@code {"most": 2.0}}
 * or {@code {"least": 0.85}}.
 */
final class Thresholds {
  private final Map<String, Bound> bounds;

  private Thresholds(Map<String, Bound> bounds) {
    this.bounds = new TreeMap<>(bounds);
  }

  private record Bound(boolean most, double value) {
    boolean holds(double ratio) {
      return most ? ratio <= value : ratio >= value;
    }

    @Override
    public String toString() {
      return (most ? "at most " : "at least ") + value;
    }
  }

  /**
   * @throws IllegalArgumentException when an entry is not exactly one bound
   */
  static Thresholds parse(String json) {
    return new Thresholds(
        JsonMapper.shared().readTree(json).properties().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> bound(entry.getKey(), entry.getValue()))));
  }

  private static Bound bound(String name, JsonNode entry) {
    JsonNode most = entry.path("most");
    JsonNode least = entry.path("least");
    if (entry.size() != 1 || most.isNumber() == least.isNumber()) {
      throw new IllegalArgumentException(name + " needs one number, 'most' or 'least'");
    }
    return new Bound(most.isNumber(), most.isNumber() ? most.doubleValue() : least.doubleValue());
  }

  /** Without the bounds of other ratios. */
  Thresholds only(Set<String> names) {
    Map<String, Bound> kept = new TreeMap<>(bounds);
    kept.keySet().retainAll(names);
    return new Thresholds(kept);
  }

  /** Without the bounds whose names begin in one of these ways: another command measures them. */
  Thresholds without(List<String> prefixes) {
    Map<String, Bound> kept = new TreeMap<>(bounds);
    kept.keySet().removeIf(name -> prefixes.stream().anyMatch(name::startsWith));
    return new Thresholds(kept);
  }

  /** Only the bounds whose names begin in one of these ways. */
  Thresholds with(List<String> prefixes) {
    Map<String, Bound> kept = new TreeMap<>(bounds);
    kept.keySet().removeIf(name -> prefixes.stream().noneMatch(name::startsWith));
    return new Thresholds(kept);
  }

  /** True when nothing is asked of any ratio. */
  boolean isEmpty() {
    return bounds.isEmpty();
  }

  /**
   * How a ratio stands, for people: {@code "at most 2.0"}, or empty when nothing is asked of it.
   */
  String describe(String name) {
    Bound bound = bounds.get(name);
    return bound == null ? "" : bound.toString();
  }

  /**
   * Every broken bound, one sentence each. A ratio that was not measured, or is not a number,
   * breaks its bound.
   */
  List<String> broken(Map<String, Double> ratios) {
    List<String> broken = new ArrayList<>();
    for (Map.Entry<String, Bound> entry : bounds.entrySet()) {
      Double ratio = ratios.get(entry.getKey());
      if (ratio == null) {
        broken.add(entry.getKey() + " was not measured");
      } else if (!entry.getValue().holds(ratio)) {
        broken.add("%s is %.2f, should be %s".formatted(entry.getKey(), ratio, entry.getValue()));
      }
    }
    return broken;
  }
}
