package io.sallyport.policy;

import io.sallyport.signal.Stage;
import java.util.Set;

/**
 * What one detector can say, for checking policies against it.
 *
 * @param stages where it looks
 * @param labels the labels it scores and the hash banks it matches
 * @param advisory true when it may flag and never block
 */
public record Labels(Set<Stage> stages, Set<String> labels, boolean advisory) {
  private static final String EVERY = "*";

  /**
   * Of a detector that only its name is known of, and that so counts as able to say anything: a
   * model that cannot be loaded is one problem, not one for each rule that names it.
   */
  public static final Labels ANYTHING = new Labels(Set.of(Stage.values()), Set.of(EVERY));

  public Labels {
    stages = Set.copyOf(stages);
    labels = Set.copyOf(labels);
  }

  /** Of a detector whose word counts in full. */
  public Labels(Set<Stage> stages, Set<String> labels) {
    this(stages, labels, false);
  }

  /** True when only the detector's name is known. */
  boolean unknown() {
    return labels.contains(EVERY);
  }

  /** True when the detector looks at the stage and has the label or bank. */
  public boolean gives(Stage stage, String label) {
    return stages.contains(stage) && (labels.contains(label) || labels.contains(EVERY));
  }
}
