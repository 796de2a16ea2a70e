package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is particular to a card of kind {@code text-embedding}. */
final class TextCardReader {
  /** Below this a window would hold next to nothing beside its two special tokens. */
  private static final int WINDOW_MIN = 8;

  private static final int TOKENS_MAX = 8192;
  private static final int SIZE_MAX = 8192;
  private static final int EXAMPLE_CHARS_MAX = 1000;

  private TextCardReader() {}

  static Kind read(YamlMap card, Set<String> files) {
    TokenInput input =
        card.require(
            "input",
            new TokenInput("?", "?", null, null, WINDOW_MIN, WINDOW_MIN, 1),
            value -> input(value.asMap(), files));
    VectorOutput output =
        card.require(
            "output",
            new VectorOutput("?", 1, VectorOutput.Pooling.MEAN, true),
            value -> output(value.asMap()));
    List<TextExample> examples =
        CardReader.examples(card).stream().map(item -> example(item, output.size())).toList();
    return new Kind.TextEmbedding(input, output, examples);
  }

  private static TokenInput input(YamlMap map, Set<String> files) {
    String tokenizer = map.require("tokenizer", "?", value -> oneOf(files, value));
    String ids = map.string("ids");
    @Nullable String mask = optional(map, "mask");
    @Nullable String types = optional(map, "types");
    int maxTokens = map.require("max_tokens", TOKENS_MAX, v -> v.asInt(WINDOW_MIN, TOKENS_MAX));
    map.require("beyond", Beyond.WINDOWS, value -> value.asEnum(Beyond.class));
    int window = map.require("window", WINDOW_MIN, value -> value.asInt(WINDOW_MIN, maxTokens));
    int stride = map.require("stride", 1, value -> value.asInt(1, window - 2));
    map.rejectUnknown();
    return new TokenInput(tokenizer, ids, mask, types, maxTokens, window, stride);
  }

  private static String oneOf(Set<String> files, YamlValue value) {
    String name = value.asString();
    if (!files.contains(name)) {
      value.problem("not one of the card's files");
    }
    return name;
  }

  private static @Nullable String optional(YamlMap map, String key) {
    return map.get(key).map(YamlValue::asString).orElse(null);
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
    String text = map.require("input", "?", item -> input(item.asMap()));
    TextExample.Expectation expect =
        map.require("expect", new TextExample.Near("?", 0), item -> expect(item.asMap(), size));
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new TextExample(text, expect, tolerance, value.line());
  }

  private static String input(YamlMap map) {
    String text = map.require("text", "?", TextCardReader::text);
    map.rejectUnknown();
    return text;
  }

  private static TextExample.Expectation expect(YamlMap map, int size) {
    boolean near = map.has("like") || map.has("cosine");
    if (near == map.has("vector")) {
      map.self().problem("expected either vector: [numbers], or like: text and cosine: number");
    }
    TextExample.Expectation expectation =
        near
            ? new TextExample.Near(
                map.require("like", "?", TextCardReader::text),
                map.require("cosine", 0.0, value -> value.asDouble(-1, 1)))
            : new TextExample.Starts(map.get("vector", List.of(), value -> vector(value, size)));
    map.rejectUnknown();
    return expectation;
  }

  private static List<Double> vector(YamlValue value, int size) {
    List<Double> vector = new ArrayList<>();
    value.asList().forEach(item -> vector.add(item.asDouble(-1e6, 1e6)));
    if (value.isList() && (vector.isEmpty() || vector.size() > size)) {
      value.problem("expected 1 to " + size + " numbers");
    }
    return vector;
  }

  private static String text(YamlValue value) {
    String text = value.asString();
    if (text.length() > EXAMPLE_CHARS_MAX) {
      value.problem("longer than " + EXAMPLE_CHARS_MAX + " characters");
    }
    return text;
  }

  /** What happens to texts longer than one window. There is no silent cutting. */
  private enum Beyond {
    WINDOWS
  }
}
