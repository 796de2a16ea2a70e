package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what is particular to a card of kind {@code image-classifier}. */
final class ImageCardReader {
  private static final int PATCHES_MAX = 64;

  private ImageCardReader() {}

  /** The card's part; examples may show any of {@code files}. */
  static Kind read(YamlMap card, Set<String> files) {
    PixelInput input = input(card);
    ScoreOutput output = ScoreOutputReader.read(card);
    List<ImageExample> examples =
        CardReader.examples(card).stream()
            .map(item -> example(item, output.labels(), files))
            .toList();
    return new Kind.ImageClassification(input, output, examples);
  }

  /** The {@code input} of a card of pictures, whatever comes out. */
  static PixelInput input(YamlMap card) {
    return card.require("input", pixels(), value -> pixels(value.asMap()));
  }

  private static PixelInput pixels(YamlMap map) {
    String tensor = map.string("tensor");
    Framing framing = FramingReader.read(map);
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
    return new PixelInput(tensor, framing, layout, channels, range.get(0), range.get(1), mean, std);
  }

  /** Exactly {@code count} numbers; stand-ins, and a problem, when there are others. */
  static List<Double> numbers(YamlValue value, int count, double least, double most) {
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

  /** One of the card's examples; it may show any of {@code files}. */
  static ImageExample example(YamlValue value, List<String> labels, Set<String> files) {
    YamlMap map = value.asMap();
    ImageExample.TestPicture picture =
        map.require("input", new ImageExample.Gradient(), item -> picture(item.asMap(), files));
    Map<String, Double> expect = ScoreOutputReader.expect(map, labels);
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new ImageExample(picture, expect, tolerance, value.line());
  }

  /** A picture in a few words, or one of {@code files}. */
  static ImageExample.TestPicture picture(YamlMap map, Set<String> files) {
    if (map.has("file")) {
      String file = map.require("file", "?", value -> file(value, files));
      map.rejectUnknown();
      return new ImageExample.Stored(file);
    }
    boolean gradient = map.get("gradient", false, YamlValue::asBoolean);
    ImageExample.Fill fill = map.get("fill", new ImageExample.Fill(0, 0, 0), ImageCardReader::fill);
    List<ImageExample.Patch> patches = map.get("patches", List.of(), ImageCardReader::patches);
    if (map.has("fill") == gradient) {
      map.self().problem("expected one of fill: [red, green, blue], gradient: true and file: name");
    }
    if (gradient && !patches.isEmpty()) {
      map.self().problem("patches need a fill");
    }
    map.rejectUnknown();
    if (gradient) {
      return new ImageExample.Gradient();
    }
    return patches.isEmpty() ? fill : new ImageExample.Painted(fill, patches);
  }

  private static ImageExample.Fill fill(YamlValue value) {
    List<Double> fill = numbers(value, 3, 0, 255);
    return new ImageExample.Fill(
        fill.get(0).intValue(), fill.get(1).intValue(), fill.get(2).intValue());
  }

  private static List<ImageExample.Patch> patches(YamlValue value) {
    if (value.isList() && value.asList().size() > PATCHES_MAX) {
      value.problem("more than " + PATCHES_MAX + " patches");
      return List.of();
    }
    return value.asList().stream().map(item -> patch(item.asMap())).toList();
  }

  private static ImageExample.Patch patch(YamlMap map) {
    ImageExample.Fill fill =
        map.require("fill", new ImageExample.Fill(0, 0, 0), ImageCardReader::fill);
    List<Double> box =
        map.require("box", List.of(0.0, 0.0, 1.0, 1.0), value -> numbers(value, 4, 0, 1));
    map.rejectUnknown();
    return new ImageExample.Patch(fill, box.get(0), box.get(1), box.get(2), box.get(3));
  }

  private static String file(YamlValue value, Set<String> files) {
    String file = value.asString();
    if (!files.contains(file)) {
      value.problem("'" + file + "' is not one of files");
    }
    return file;
  }

  private static PixelInput pixels() {
    return new PixelInput(
        "?",
        Framing.square(1),
        PixelInput.Layout.NCHW,
        PixelInput.Channels.RGB,
        0,
        1,
        List.of(),
        List.of());
  }
}
