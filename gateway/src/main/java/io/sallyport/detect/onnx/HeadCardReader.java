package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reads what is particular to a card of kind {@code head}. */
final class HeadCardReader {
  private HeadCardReader() {}

  static Kind read(YamlMap card) {
    VectorInput input =
        card.require("input", new VectorInput("?", 1, "?", null, 0), value -> input(value.asMap()));
    ScoreOutput output = ScoreOutputReader.read(card);
    List<ScoredVector> examples =
        CardReader.examples(card).stream()
            .map(item -> example(item, input.size(), output.labels()))
            .toList();
    Map<String, HeldOut> figures =
        card.get("figures", Map.of(), value -> figures(value, output.labels()));
    return new Kind.Head(input, output, examples, figures);
  }

  private static VectorInput input(YamlMap map) {
    String tensor = map.string("tensor");
    int size = map.require("size", 1, value -> value.asInt(1, TextCardReader.SIZE_MAX));
    String embedding = map.require("embedding", "?", CardReader::name);
    int line = map.get("embedding", map.self().line(), YamlValue::line);
    String digest = map.get("digest").map(CardReader::sha256).orElse(null);
    map.rejectUnknown();
    return new VectorInput(tensor, size, embedding, digest, line);
  }

  private static ScoredVector example(YamlValue value, int size, List<String> labels) {
    YamlMap map = value.asMap();
    List<Double> start = map.require("input", List.of(), item -> start(item.asMap(), size));
    Map<String, Double> expect = ScoreOutputReader.expect(map, labels);
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new ScoredVector(start, expect, tolerance, value.line());
  }

  private static List<Double> start(YamlMap map, int size) {
    List<Double> start =
        map.require("vector", List.of(), value -> TextCardReader.vector(value, size));
    map.rejectUnknown();
    return start;
  }

  private static Map<String, HeldOut> figures(YamlValue value, List<String> labels) {
    Map<String, HeldOut> figures = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (label, item) -> {
              ScoreOutputReader.requireLabel(label, item, labels);
              figures.put(label, heldOut(item.asMap()));
            });
    return figures;
  }

  private static HeldOut heldOut(YamlMap map) {
    int rows = map.require("rows", 1, value -> value.asInt(1, Integer.MAX_VALUE));
    HeldOut figures =
        new HeldOut(
            rows,
            map.require("positive", 0, value -> value.asInt(0, rows)),
            map.require("accuracy", 0.0, value -> value.asDouble(0, 1)),
            share(map, "precision"),
            share(map, "recall"),
            share(map, "auc"));
    map.rejectUnknown();
    return figures;
  }

  private static OptionalDouble share(YamlMap map, String key) {
    return map.get(key, OptionalDouble.empty(), value -> OptionalDouble.of(value.asDouble(0, 1)));
  }
}
