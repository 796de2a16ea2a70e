package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what is particular to a card of kind {@code remote}. */
final class RemoteCardReader {
  /** What may stand in a path of the protocol without being spelled otherwise. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private static final int BATCH_MAX = 256;

  private RemoteCardReader() {}

  static Kind read(YamlMap card, Set<String> files) {
    Call call =
        card.require(
            "remote",
            new Call(new RemoteCall("?", Optional.empty(), 1, true), Reads.TEXT),
            value -> call(value.asMap()));
    ScoreOutput output = ScoreOutputReader.read(card);
    List<YamlValue> examples = CardReader.examples(card);
    RemoteInput input =
        switch (call.reads()) {
          case TOKENS -> new RemoteInput.Tokens(TokenInputReader.readUnpadded(card, files));
          case TEXT ->
              card.require("input", new RemoteInput.Texts("?", 1), value -> texts(value.asMap()));
          case PIXELS -> new RemoteInput.Pixels(ImageCardReader.input(card));
        };
    boolean pictures = call.reads() == Reads.PIXELS;
    return new Kind.Remote(
        call.call(),
        input,
        output,
        pictures
            ? List.of()
            : examples.stream()
                .map(item -> TextClassifierCardReader.example(item, output.labels()))
                .toList(),
        pictures
            ? examples.stream()
                .map(item -> ImageCardReader.example(item, output.labels(), Set.of()))
                .toList()
            : List.of());
  }

  private static Call call(YamlMap map) {
    RemoteCall call =
        new RemoteCall(
            map.require("model", "?", RemoteCardReader::segment),
            map.get("version").map(RemoteCardReader::segment),
            map.get("batch", 1, value -> value.asInt(1, BATCH_MAX)),
            map.get("binary", true, YamlValue::asBoolean));
    Reads reads = map.require("reads", Reads.TEXT, value -> value.asEnum(Reads.class));
    map.rejectUnknown();
    return new Call(call, reads);
  }

  private static String segment(YamlValue value) {
    String text = value.asString();
    if (!SEGMENT.matcher(text).matches()) {
      value.problem("expected at most 128 letters, digits, '.', '_' and '-', no dot first");
    }
    return text;
  }

  private static RemoteInput.Texts texts(YamlMap map) {
    RemoteInput.Texts texts =
        new RemoteInput.Texts(map.string("tensor"), map.get("rank", 2, value -> value.asInt(1, 2)));
    map.rejectUnknown();
    return texts;
  }

  private record Call(RemoteCall call, Reads reads) {}

  /** What the model is fed with. */
  private enum Reads {
    TOKENS,
    TEXT,
    PIXELS
  }
}
