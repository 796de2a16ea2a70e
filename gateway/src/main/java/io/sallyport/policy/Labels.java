package io.sallyport.policy;

import io.sallyport.signal.Stage;
import java.util.Set;

/**
 * What one detector can say, for checking policies against it.
 *
 * @param stages where it looks
 * @param labels the labels it scores and the hash banks it matches
 */
public record Labels(Set<Stage> stages, Set<String> labels) {
  public Labels {
    stages = Set.copyOf(stages);
    labels = Set.copyOf(labels);
  }

  /** True when the detector looks at the stage and has the label or bank. */
  public boolean gives(Stage stage, String label) {
    return stages.contains(stage) && labels.contains(label);
  }
}
