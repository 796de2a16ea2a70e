package io.sallyport.detect.onnx;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;

/** Reads the keys of an image model's {@code input} that say how a picture is framed. */
final class FramingReader {
  private static final int SIDE_MIN = 8;
  private static final int EDGE_MAX = 2048;

  private FramingReader() {}

  /** Reads {@code side}, or {@code width} and {@code height}, {@code resize} and {@code kernel}. */
  static Framing read(YamlMap map) {
    boolean square = !map.has("width") && !map.has("height");
    int width = map.require(square ? "side" : "width", SIDE_MIN, FramingReader::side);
    int height = square ? width : map.require("height", SIDE_MIN, FramingReader::side);
    Framing.Resize stretch = new Framing.Stretch();
    Framing.Resize resize =
        map.get("resize", stretch, value -> resize(value, Math.max(width, height)));
    Framing.Kernel kernel =
        map.get("kernel", Framing.Kernel.AREA, value -> value.asEnum(Framing.Kernel.class));
    return new Framing(width, height, resize, kernel);
  }

  private static int side(YamlValue value) {
    return value.asInt(SIDE_MIN, Framing.SIDE_MAX);
  }

  private static Framing.Resize resize(YamlValue value, int longer) {
    YamlMap map = value.asMap();
    Framing.Resize resize =
        switch (map.string("mode")) {
          case "stretch" -> new Framing.Stretch();
          case "shortest-edge" -> new Framing.ShortestEdge(edge(map, longer));
          case "letterbox" -> letterbox(map);
          case String other -> {
            map.self().problem("expected mode: stretch, shortest-edge or letterbox");
            yield new Framing.Stretch();
          }
        };
    map.rejectUnknown();
    return resize;
  }

  private static int edge(YamlMap map, int longer) {
    return map.get("to", longer, it -> it.asInt(longer, EDGE_MAX));
  }

  private static Framing.Letterbox letterbox(YamlMap map) {
    List<Double> grey = List.of(114.0, 114.0, 114.0);
    List<Double> pad = map.get("pad", grey, it -> ImageCardReader.numbers(it, 3, 0, 255));
    return new Framing.Letterbox(
        pad.get(0).intValue(), pad.get(1).intValue(), pad.get(2).intValue());
  }
}
