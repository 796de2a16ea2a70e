package io.sallyport.decide;

import io.sallyport.signal.Signal;
import java.util.List;
import java.util.Set;

/**
 * All that is known when a stage is decided.
 *
 * @param earlier signals of the stages before, of this same exchange
 * @param items the stage's own signals, one list for each thing that must stand on its own: every
 *     image is an item; all texts of a request are one item, because the model reads them together.
 *     Without items (a reply that holds no image) only earlier signals are there to judge
 * @param advisory detectors whose signals, and whose lack of them, may flag and never block
 */
public record Evidence(List<Signal> earlier, List<List<Signal>> items, Set<String> advisory) {
  public Evidence {
    earlier = List.copyOf(earlier);
    items = items.stream().map(List::copyOf).toList();
    advisory = Set.copyOf(advisory);
  }

  /** Evidence in which every detector's word counts in full. */
  public Evidence(List<Signal> earlier, List<List<Signal>> items) {
    this(earlier, items, Set.of());
  }

  /** The stage's own signals, of all items together: what a later stage knows of this one. */
  public List<Signal> own() {
    return items.stream().flatMap(List::stream).toList();
  }
}
