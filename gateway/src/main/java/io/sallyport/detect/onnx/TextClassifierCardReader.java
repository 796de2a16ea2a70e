package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what is particular to a card of kind {@code text-classifier}. */
final class TextClassifierCardReader {
  private TextClassifierCardReader() {}

  static Kind read(YamlMap card, Set<String> files) {
    TokenInput input = TokenInputReader.read(card, files);
    ScoreOutput output = ScoreOutputReader.read(card);
    List<ScoredText> examples =
        CardReader.examples(card).stream().map(item -> example(item, output.labels())).toList();
    return new Kind.TextClassification(input, output, examples);
  }

  /** One of the card's examples. */
  static ScoredText example(YamlValue value, List<String> labels) {
    YamlMap map = value.asMap();
    String text = TokenInputReader.example(map);
    Map<String, Double> expect = ScoreOutputReader.expect(map, labels);
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new ScoredText(text, expect, tolerance, value.line());
  }
}
