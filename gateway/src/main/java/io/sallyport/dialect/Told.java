package io.sallyport.dialect;

import java.util.List;

/**
 * How much a refusal tells beside its message.
 *
 * @param stage whether it tells which gate refused
 * @param categories the wire names that it tells; none when they are not disclosed
 */
public record Told(boolean stage, List<String> categories) {
  public Told {
    categories = List.copyOf(categories);
  }

  /** Nothing: neither gate nor category. */
  public static Told nothing() {
    return new Told(false, List.of());
  }

  /** Which gate, but not why. */
  public static Told stageOnly() {
    return new Told(true, List.of());
  }

  /** Which gate, and the categories. */
  public static Told all(List<String> categories) {
    return new Told(true, categories);
  }
}
