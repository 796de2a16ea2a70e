package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what cards of classifiers say about scores, whatever the classifier reads. */
final class ScoreOutputReader {
  private static final int LABELS_MAX = 1000;
  private static final int LABEL_LENGTH_MAX = 64;

  private ScoreOutputReader() {}

  /** The card's {@code output}. */
  static ScoreOutput read(YamlMap card) {
    return card.require(
        "output",
        new ScoreOutput("?", List.of(), Activation.NONE, Map.of()),
        value -> output(value.asMap()));
  }

  private static ScoreOutput output(YamlMap map) {
    String tensor = map.string("tensor");
    List<String> labels = map.require("labels", List.of(), ScoreOutputReader::labels);
    Activation activation =
        map.require("activation", Activation.NONE, value -> activation(value, labels));
    Map<String, Calibration> calibration =
        map.get("calibration", Map.of(), value -> calibration(value, labels, activation));
    map.rejectUnknown();
    return new ScoreOutput(tensor, labels, activation, calibration);
  }

  /** Distinct names, at least one. */
  static List<String> labels(YamlValue value) {
    List<String> labels = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (YamlValue item : value.asList()) {
      String label = item.asString();
      if (label.length() > LABEL_LENGTH_MAX) {
        item.problem("longer than " + LABEL_LENGTH_MAX + " characters");
      }
      if (!seen.add(label)) {
        item.problem("duplicate label");
      }
      labels.add(label);
    }
    if (value.isList() && (labels.isEmpty() || labels.size() > LABELS_MAX)) {
      value.problem("expected 1 to " + LABELS_MAX + " labels");
    }
    return labels;
  }

  private static Activation activation(YamlValue value, List<String> labels) {
    Activation activation = value.asEnum(Activation.class);
    if (activation == Activation.SOFTMAX && labels.size() == 1) {
      value.problem("softmax over one label is always 1; expected sigmoid");
    }
    return activation;
  }

  private static Map<String, Calibration> calibration(
      YamlValue value, List<String> labels, Activation activation) {
    if (activation == Activation.NONE) {
      value.problem("needs logits: activation softmax or sigmoid");
      return Map.of();
    }
    Map<String, Calibration> calibration = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (label, fit) -> {
              requireLabel(label, fit, labels);
              fit(fit).ifPresent(known -> calibration.put(label, known));
            });
    return calibration;
  }

  private static Optional<Calibration> fit(YamlValue value) {
    YamlMap map = value.asMap();
    if (map.has("temperature") == map.has("platt")) {
      value.problem("expected either temperature: T or platt: [a, b]");
      return Optional.empty();
    }
    Optional<Calibration> fit =
        map.has("temperature")
            ? map.get("temperature").map(ScoreOutputReader::temperature)
            : map.get("platt").flatMap(ScoreOutputReader::platt);
    map.rejectUnknown();
    return fit;
  }

  private static Calibration temperature(YamlValue value) {
    return new Calibration.Temperature(
        value.asDouble(Calibration.Temperature.LEAST, Calibration.Temperature.MOST));
  }

  private static Optional<Calibration> platt(YamlValue value) {
    List<YamlValue> numbers = value.asList();
    if (numbers.size() != 2) {
      value.problem("expected 2 numbers, found " + numbers.size());
      return Optional.empty();
    }
    double size = Calibration.Platt.B_SIZE;
    return Optional.of(
        new Calibration.Platt(
            numbers.getFirst().asDouble(Calibration.Platt.A_LEAST, Calibration.Platt.A_MOST),
            numbers.getLast().asDouble(-size, size)));
  }

  /** An example's {@code expect}: scores by label, at least one. */
  static Map<String, Double> expect(YamlMap example, List<String> labels) {
    return example.require("expect", Map.of(), value -> expect(value, labels));
  }

  private static Map<String, Double> expect(YamlValue value, List<String> labels) {
    Map<String, Double> expect = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (label, score) -> {
              requireLabel(label, score, labels);
              expect.put(label, score.asDouble(0, 1));
            });
    if (value.isMap() && expect.isEmpty()) {
      value.problem("expected a score for at least one label");
    }
    return expect;
  }

  /** Records a problem unless the model has that label. */
  static void requireLabel(String label, YamlValue value, List<String> labels) {
    if (!labels.contains(label)) {
      value.problem("the model has no such label");
    }
  }
}
