package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what is particular to a card of kind {@code text-embedding}. */
final class TextCardReader {
  /** No vector is longer. */
  static final int SIZE_MAX = 8192;

  private TextCardReader() {}

  static Kind read(YamlMap card, Set<String> files) {
    TokenInput input = TokenInputReader.read(card, files);
    VectorOutput output =
        card.require(
            "output",
            new VectorOutput("?", 1, VectorOutput.Pooling.MEAN, true),
            value -> output(value.asMap()));
    List<TextExample> examples =
        CardReader.examples(card).stream().map(item -> example(item, output.size())).toList();
    return new Kind.TextEmbedding(input, output, examples);
  }

  private static VectorOutput output(YamlMap map) {
    String tensor = map.string("tensor");
    int size = map.require("size", 1, value -> value.asInt(1, SIZE_MAX));
    var pooling =
        map.require(
            "pooling",
            VectorOutput.Pooling.MEAN,
            value -> value.asEnum(VectorOutput.Pooling.class));
    boolean normalise = map.require("normalise", true, YamlValue::asBoolean);
    map.rejectUnknown();
    return new VectorOutput(tensor, size, pooling, normalise);
  }

  private static TextExample example(YamlValue value, int size) {
    YamlMap map = value.asMap();
    String text = TokenInputReader.example(map);
    TextExample.Expectation expect =
        map.require("expect", new TextExample.Near("?", 0), item -> expect(item.asMap(), size));
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new TextExample(text, expect, tolerance, value.line());
  }

  private static TextExample.Expectation expect(YamlMap map, int size) {
    boolean near = map.has("like") || map.has("cosine");
    if (near == map.has("vector")) {
      map.self().problem("expected either vector: [numbers], or like: text and cosine: number");
    }
    TextExample.Expectation expectation =
        near
            ? new TextExample.Near(
                map.require("like", "?", TokenInputReader::text),
                map.require("cosine", 0.0, value -> value.asDouble(-1, 1)))
            : new TextExample.Starts(map.get("vector", List.of(), value -> vector(value, size)));
    map.rejectUnknown();
    return expectation;
  }

  /** The first numbers of a vector; at least one. */
  static List<Double> vector(YamlValue value, int size) {
    List<Double> vector = new ArrayList<>();
    value.asList().forEach(item -> vector.add(item.asDouble(-1e6, 1e6)));
    if (value.isList() && (vector.isEmpty() || vector.size() > size)) {
      value.problem("expected 1 to " + size + " numbers");
    }
    return vector;
  }
}
