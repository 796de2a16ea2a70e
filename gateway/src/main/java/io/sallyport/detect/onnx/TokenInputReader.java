package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what cards of text models say about texts, whatever the model answers. */
final class TokenInputReader {
  /** Below this a window would hold next to nothing beside its two special tokens. */
  private static final int WINDOW_MIN = 8;

  private static final int TOKENS_MAX = 8192;
  private static final int EXAMPLE_CHARS_MAX = 1000;
  private static final int IDS_MAX = 1 << 20;

  private static final TokenInput NONE =
      new TokenInput("?", "?", null, null, WINDOW_MIN, WINDOW_MIN, 1, null);

  private TokenInputReader() {}

  /**
   * The card's {@code input}.
   *
   * @param files the card's files
   */
  static TokenInput read(YamlMap card, Set<String> files) {
    return card.require("input", NONE, value -> input(value.asMap(), files));
  }

  /** The same for a model whose windows travel as long as they are. */
  static TokenInput readUnpadded(YamlMap card, Set<String> files) {
    return card.require("input", NONE, value -> unpadded(value.asMap(), files));
  }

  private static TokenInput unpadded(YamlMap map, Set<String> files) {
    map.get("pad").ifPresent(pad -> pad.problem("the windows of a remote model are not padded"));
    return input(map, files);
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
    @Nullable Integer pad = map.get("pad").map(value -> value.asInt(0, IDS_MAX - 1)).orElse(null);
    map.rejectUnknown();
    return new TokenInput(tokenizer, ids, mask, types, maxTokens, window, stride, pad);
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

  /** The text of an example's {@code input}. */
  static String example(YamlMap example) {
    return example.require("input", "?", value -> exampleInput(value.asMap()));
  }

  private static String exampleInput(YamlMap map) {
    String text = map.require("text", "?", TokenInputReader::text);
    map.rejectUnknown();
    return text;
  }

  /** A text that is short enough for a card. */
  static String text(YamlValue value) {
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
