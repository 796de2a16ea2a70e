package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Set;

/** Reads what is particular to a card of kind {@code image-embedding}. */
final class ImageEmbeddingCardReader {
  private ImageEmbeddingCardReader() {}

  /** The card's part; examples may show any of {@code files}. */
  static Kind read(YamlMap card, Set<String> files) {
    PixelInput input = ImageCardReader.input(card);
    VectorOutput output =
        card.require(
            "output",
            new VectorOutput("?", 1, VectorOutput.Pooling.NONE, true),
            value -> output(value.asMap()));
    List<PlacedImage> examples =
        CardReader.examples(card).stream()
            .map(item -> example(item, output.size(), files))
            .toList();
    return new Kind.ImageEmbedding(input, output, examples);
  }

  private static VectorOutput output(YamlMap map) {
    String tensor = map.string("tensor");
    int size = map.require("size", 1, value -> value.asInt(1, TextCardReader.SIZE_MAX));
    boolean normalise = map.require("normalise", true, YamlValue::asBoolean);
    map.rejectUnknown();
    return new VectorOutput(tensor, size, VectorOutput.Pooling.NONE, normalise);
  }

  private static PlacedImage example(YamlValue value, int size, Set<String> files) {
    YamlMap map = value.asMap();
    ImageExample.TestPicture picture = picture(map, "input", files);
    PlacedImage.Expectation expect =
        map.require(
            "expect", new PlacedImage.Starts(List.of()), item -> expect(item.asMap(), size, files));
    double tolerance = map.require("tolerance", 0.0, item -> item.asDouble(0, 0.5));
    map.rejectUnknown();
    return new PlacedImage(picture, expect, tolerance, value.line());
  }

  private static PlacedImage.Expectation expect(YamlMap map, int size, Set<String> files) {
    boolean near = map.has("like") || map.has("cosine");
    if (near == map.has("vector")) {
      map.self().problem("expected either vector: [numbers], or like: picture and cosine: number");
    }
    PlacedImage.Expectation expectation =
        near
            ? new PlacedImage.Near(
                picture(map, "like", files),
                map.require("cosine", 0.0, value -> value.asDouble(-1, 1)))
            : new PlacedImage.Starts(
                map.get("vector", List.of(), value -> TextCardReader.vector(value, size)));
    map.rejectUnknown();
    return expectation;
  }

  private static ImageExample.TestPicture picture(YamlMap map, String key, Set<String> files) {
    return map.require(
        key, new ImageExample.Gradient(), item -> ImageCardReader.picture(item.asMap(), files));
  }
}
