package io.sallyport.decide;

import io.sallyport.signal.Signal;
import java.util.List;

/**
 * All that is known when a stage is decided.
 *
 * @param earlier signals of the stages before, of this same exchange
 * @param items the stage's own signals, one list for each thing that must stand on its own: every
 *     image is an item; all texts of a request are one item, because the model reads them together.
 *     Without items (a reply that holds no image) only earlier signals are there to judge
 */
public record Evidence(List<Signal> earlier, List<List<Signal>> items) {
  public Evidence {
    earlier = List.copyOf(earlier);
    items = items.stream().map(List::copyOf).toList();
  }

  /** The stage's own signals, of all items together: what a later stage knows of this one. */
  public List<Signal> own() {
    return items.stream().flatMap(List::stream).toList();
  }
}
