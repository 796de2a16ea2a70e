package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.ScoreOutput.Activation;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Set;

/** Reads what is particular to a card of kind {@code object-detector}. */
final class ObjectCardReader {
  private static final double MIN_SCORE = 0.25;
  private static final double IOU = 0.45;
  private static final double LEAST_SCORE = 0.001;
  private static final int CANDIDATES_MAX = 100_000;

  private ObjectCardReader() {}

  static Kind read(YamlMap card, Set<String> files) {
    PixelInput input = ImageCardReader.input(card);
    BoxOutput output = card.require("output", nothing(), value -> output(value.asMap()));
    List<ImageExample> examples =
        CardReader.examples(card).stream()
            .map(item -> ImageCardReader.example(item, output.labels(), files))
            .toList();
    return new Kind.ObjectDetection(input, output, examples);
  }

  private static BoxOutput output(YamlMap map) {
    BoxOutput output =
        new BoxOutput(
            map.string("tensor"),
            map.require(
                "layout", BoxOutput.Layout.YOLOV8, value -> value.asEnum(BoxOutput.Layout.class)),
            map.require(
                "boxes", BoxOutput.Units.PIXELS, value -> value.asEnum(BoxOutput.Units.class)),
            map.require("labels", List.of(), ObjectCardReader::names),
            map.require("activation", Activation.NONE, ObjectCardReader::activation),
            map.get("min_score", MIN_SCORE, value -> value.asDouble(LEAST_SCORE, 1)),
            map.get("iou", IOU, value -> value.asDouble(0, 1)),
            map.get(
                "max_boxes", BoxOutput.FULL_COUNT, value -> value.asInt(1, BoxOutput.FULL_COUNT)),
            map.get("candidates", 0, value -> value.asInt(1, CANDIDATES_MAX)));
    map.rejectUnknown();
    return output;
  }

  /** Names that cannot be mistaken for another one's count or area. */
  private static List<String> names(YamlValue value) {
    List<String> names = ScoreOutputReader.labels(value);
    for (String name : names) {
      if (name.endsWith(BoxOutput.COUNT) || name.endsWith(BoxOutput.AREA)) {
        value.problem("'" + name + "' ends as a label of counts or areas does");
      }
    }
    return names;
  }

  private static Activation activation(YamlValue value) {
    Activation activation = value.asEnum(Activation.class);
    if (activation == Activation.SOFTMAX) {
      value.problem("classes of boxes do not exclude each other; expected none or sigmoid");
      return Activation.NONE;
    }
    return activation;
  }

  private static BoxOutput nothing() {
    return new BoxOutput(
        "?",
        BoxOutput.Layout.YOLOV8,
        BoxOutput.Units.PIXELS,
        List.of(),
        Activation.NONE,
        MIN_SCORE,
        IOU,
        BoxOutput.FULL_COUNT,
        0);
  }
}
