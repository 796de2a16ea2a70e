package io.sallyport.detect.onnx;

import java.util.List;

/**
 * How a classifier's output tensor becomes scores.
 *
 * @param tensor the output's name in the graph
 * @param labels one per number of the tensor, in its order; distinct
 */
public record ScoreOutput(String tensor, List<String> labels, Activation activation) {
  public ScoreOutput {
    labels = List.copyOf(labels);
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
