package io.sallyport.proxy;

import io.sallyport.signal.Signal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The strongest score of each label that one detector gave an item. */
final class ScoresByLabel {
  private ScoresByLabel() {}

  static Map<String, Double> of(String detector, List<Signal> item) {
    Map<String, Double> scores = new HashMap<>();
    for (Signal signal : item) {
      if (signal instanceof Signal.Score score && score.detector().equals(detector)) {
        scores.merge(score.label(), score.value(), Math::max);
      }
    }
    return scores;
  }
}
