package io.sallyport.load;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a part of {@code load-tests/bin/bench} measured.
 *
 * @param text tables for people
 * @param ratios by the names of {@code thresholds.json}, in the order in which they are shown
 */
record Numbers(String text, Map<String, Double> ratios) {
  static final Numbers NONE = new Numbers("", Map.of());

  Numbers {
    ratios = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(ratios));
  }

  /** These and then those. */
  Numbers and(Numbers more) {
    Map<String, Double> all = new LinkedHashMap<>(ratios);
    all.putAll(more.ratios);
    return new Numbers(text + more.text, all);
  }
}
