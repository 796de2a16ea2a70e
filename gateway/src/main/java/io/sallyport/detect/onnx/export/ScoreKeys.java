package io.sallyport.detect.onnx.export;

import io.sallyport.detect.onnx.GraphShape;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * What cards of classifiers say about scores, whatever the classifier reads.
 *
 * @param labels in the order of the output
 * @param activation the card's {@code activation}
 */
record ScoreKeys(List<String> labels, String activation) {
  private static final String LOGITS = "logits";

  /** An example names no more labels than these, the strongest. */
  private static final int NAMED_MAX = 5;

  /** What the export says; of no use when it recorded a problem. */
  static ScoreKeys of(
      JsonNode config, String graph, GraphShape shape, ExportFolder folder, Notes notes) {
    GraphShape.Port logits = shape.outputs().get(LOGITS);
    if (logits == null || logits.type() != GraphShape.Type.FLOAT32 || logits.shape().size() != 2) {
      folder.problem(
          graph,
          "gives "
              + shape.outputs().keySet()
              + "; a classifier gives '"
              + LOGITS
              + "', float32, one number for each label");
      return new ScoreKeys(List.of(), "none");
    }
    List<String> labels = new Labels(folder, notes).of(config, logits.size(1));
    String activation = Activations.of(config, labels.size(), folder, notes).orElse("none");
    return new ScoreKeys(labels, activation);
  }

  /** The card's {@code output}. */
  String yaml() {
    return "{tensor: "
        + LOGITS
        + ", labels: "
        + Quoted.list(labels)
        + ", activation: "
        + activation
        + "}";
  }

  /** An example that every score meets. */
  String loose(String input) {
    String label = labels.isEmpty() ? "" : labels.getFirst();
    return "{input: " + input + ", expect: {" + Quoted.of(label) + ": 0.5}, tolerance: 0.5}";
  }

  /** An example of a card: its strongest labels, as they were scored. */
  static String example(String input, List<String> labels, double[] scores, double tolerance) {
    String expect =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .limit(NAMED_MAX)
            .map(i -> Quoted.of(labels.get(i)) + ": " + decimal(scores[i]))
            .collect(Collectors.joining(", "));
    return "{input: " + input + ", expect: {" + expect + "}, tolerance: " + tolerance + "}";
  }

  /** Four places are more than another machine agrees with. */
  static String decimal(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }
}
