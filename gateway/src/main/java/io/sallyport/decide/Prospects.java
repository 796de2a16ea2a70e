package io.sallyport.decide;

import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What may become of conditions with all that is known, and without what advisory detectors say: a
 * rule may flag by the one and block by the other only.
 */
record Prospects(List<Signal> known, List<Prospect> ways) {
  /** Of a stage that is over. */
  static final Prospects NONE = new Prospects(List.of(), List.of());

  static Prospects of(Stage stage, List<Signal> known, Set<String> silent, Set<String> advisory) {
    Prospect whole = new Prospect(stage, known, silent);
    if (advisory.isEmpty()) {
      return new Prospects(known, List.of(whole));
    }
    Set<String> trusted = new HashSet<>(silent);
    trusted.removeAll(advisory);
    Prospect firm = new Prospect(stage, Conditions.without(advisory, known), trusted);
    return new Prospects(known, List.of(whole, firm));
  }

  /** True when it is so in one of the ways. */
  boolean some(Predicate<Prospect> test) {
    return ways.stream().anyMatch(test);
  }
}
