package io.sallyport.detect;

import io.sallyport.signal.Stage;
import java.util.EnumMap;
import java.util.Map;

/** How long each kind of task takes: the samples of each stage, and other work. */
final class Paces {
  private final Map<Stage, Pace> samples = new EnumMap<>(Stage.class);

  /** Of work that is no sample. */
  final Pace work = new Pace();

  Paces() {
    for (Stage stage : Stage.values()) {
      samples.put(stage, new Pace());
    }
  }

  Pace of(Stage stage) {
    Pace pace = samples.get(stage);
    if (pace == null) {
      throw new IllegalStateException("every stage has a pace");
    }
    return pace;
  }
}
