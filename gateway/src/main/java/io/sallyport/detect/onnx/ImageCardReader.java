package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what is particular to a card of kind {@code image-classifier}. */
final class ImageCardReader {
  private static final int SIDE_MAX = 1024;

  private ImageCardReader() {}

  static Kind read(YamlMap card) {
    PixelInput input = card.require("input", pixels(), value -> input(value.asMap()));
    ScoreOutput output = ScoreOutputReader.read(card);
    List<ImageExample> examples =
        CardReader.examples(card).stream().map(item -> example(item, output.labels())).toList();
    return new Kind.ImageClassification(input, output, examples);
  }

  private static PixelInput input(YamlMap map) {
    String tensor = map.string("tensor");
    int side = map.require("side", 1, value -> value.asInt(8, SIDE_MAX));
    var layout =
        map.require(
            "layout", PixelInput.Layout.NCHW, value -> value.asEnum(PixelInput.Layout.class));
    var channels =
        map.require(
            "channels", PixelInput.Channels.RGB, value -> value.asEnum(PixelInput.Channels.class));
    List<Double> range =
        map.get("range", List.of(0.0, 1.0), value -> numbers(value, 2, -1000, 1000));
    if (range.get(0) >= range.get(1)) {
      map.self().problem("range must rise");
    }
    List<Double> mean =
        map.get("mean", List.of(0.0, 0.0, 0.0), value -> numbers(value, 3, -1000, 1000));
    List<Double> std =
        map.get("std", List.of(1.0, 1.0, 1.0), value -> numbers(value, 3, 1e-6, 1000));
    map.rejectUnknown();
    return new PixelInput(tensor, side, layout, channels, range.get(0), range.get(1), mean, std);
  }

  /** Exactly {@code count} numbers; stand-ins, and a problem, when there are others. */
  private static List<Double> numbers(YamlValue value, int count, double least, double most) {
    List<Double> numbers =
        new ArrayList<>(value.asList().stream().map(item -> item.asDouble(least, most)).toList());
    if (value.isList() && numbers.size() != count) {
      value.problem("expected " + count + " numbers, found " + numbers.size());
    }
    while (numbers.size() < count) {
      numbers.add(numbers.size() + 1.0);
    }
    return numbers.subList(0, count);
  }

  private static ImageExample example(YamlValue value, List<String> labels) {
    YamlMap map = value.asMap();
    ImageExample.TestPicture picture =
        map.require("input", new ImageExample.Gradient(), item -> picture(item.asMap()));
    Map<String, Double> expect = ScoreOutputReader.expect(map, labels);
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new ImageExample(picture, expect, tolerance, value.line());
  }

  private static ImageExample.TestPicture picture(YamlMap map) {
    boolean gradient = map.get("gradient", false, YamlValue::asBoolean);
    List<Double> fill = map.get("fill", List.of(0.0, 0.0, 0.0), value -> numbers(value, 3, 0, 255));
    if (map.has("fill") == gradient) {
      map.self().problem("expected either fill: [red, green, blue] or gradient: true");
    }
    map.rejectUnknown();
    return gradient
        ? new ImageExample.Gradient()
        : new ImageExample.Fill(
            fill.get(0).intValue(), fill.get(1).intValue(), fill.get(2).intValue());
  }

  private static PixelInput pixels() {
    return new PixelInput(
        "?", 1, PixelInput.Layout.NCHW, PixelInput.Channels.RGB, 0, 1, List.of(), List.of());
  }
}
