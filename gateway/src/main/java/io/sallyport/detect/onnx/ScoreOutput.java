package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a classifier's output tensor becomes scores.
 *
 * @param tensor the output's name in the graph
 * @param labels one per number of the tensor, in its order; distinct
 * @param calibration by label; a label that is missing keeps what the activation gives. Empty with
 *     {@link Activation#NONE}, which leaves no logits to work on
 */
public record ScoreOutput(
    String tensor,
    List<String> labels,
    Activation activation,
    Map<String, Calibration> calibration) {
  public ScoreOutput {
    labels = List.copyOf(labels);
    calibration = Collections.unmodifiableMap(new LinkedHashMap<>(calibration));
    if (activation == Activation.NONE && !calibration.isEmpty()) {
      throw new IllegalArgumentException("calibration without logits");
    }
  }

  /** What is left to do after the graph. */
  public enum Activation {
    /** The graph gives scores from 0 to 1. */
    NONE,
    /** The graph gives logits of labels that exclude each other. */
    SOFTMAX,
    /** The graph gives a logit per label, each on its own. */
    SIGMOID
  }
}
