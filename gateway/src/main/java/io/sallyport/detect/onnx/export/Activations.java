package io.sallyport.detect.onnx.export;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What is left to do after a classifier's graph, from {@code problem_type}. */
final class Activations {
  private static final String FROM = "problem_type in config.json";

  private Activations() {}

  /**
   * The card's {@code activation}.
   *
   * @param labels how many
   * @return empty, with a problem recorded, for a problem that has no scores
   */
  static Optional<String> of(JsonNode config, int labels, ExportFolder folder, Notes notes) {
    String problem = config.path("problem_type").asString("");
    if (labels == 1 && !problem.equals("regression")) {
      notes.assumed("activation", "sigmoid", "there is one label");
      return Optional.of("sigmoid");
    }
    return switch (problem) {
      case "single_label_classification" -> {
        notes.took("activation", "softmax", FROM);
        yield Optional.of("softmax");
      }
      case "multi_label_classification" -> {
        notes.took("activation", "sigmoid", FROM);
        yield Optional.of("sigmoid");
      }
      case "" -> {
        notes.assumed("activation", "softmax", "no problem_type, and labels exclude each other");
        yield Optional.of("softmax");
      }
      case String other -> {
        folder.problem("config.json", "problem_type '" + other + "' gives no scores from 0 to 1");
        yield Optional.empty();
      }
    };
  }
}
