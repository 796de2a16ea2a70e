package io.sallyport.detect.onnx.convert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A small graph model as nsfwjs would ship it, for tests: two scripts out of short calls. */
final class TfjsScript {
  static final double SCALE = 0.5;
  static final double MIN = -64;

  private final List<String> nodes = new ArrayList<>();
  private final List<String> specs = new ArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An input of one picture. */
  TfjsScript input(int height, int width, int channels) {
    String dims =
        IntStream.of(-1, height, width, channels)
            .mapToObj(size -> "{size:\"" + size + "\"}")
            .collect(Collectors.joining(","));
    return node("x", "Placeholder", List.of(), "shape:{shape:{dim:[" + dims + "]}}");
  }

  /** A constant whose elements are {@code stored * SCALE + MIN}. */
  TfjsScript weight(String name, List<Integer> shape, int... stored) {
    specs.add(spec(name, shape, "float32", "uint8"));
    for (int element : stored) {
      bytes.write(element);
    }
    return node(name, "Const", List.of(), "");
  }

  TfjsScript spec(String spec) {
    specs.add(spec);
    return this;
  }

  static String spec(String name, List<Integer> shape, String type, String stored) {
    String quantization = "{min:" + (int) MIN + ",scale:.5,dtype:\"" + stored + "\"}";
    String sizes = shape.toString().replace(" ", "");
    return "{name:\"%s\",shape:%s,dtype:\"%s\",quantization:%s}"
        .formatted(name, sizes, type, quantization);
  }

  TfjsScript node(String name, String op, List<String> inputs, String attributes) {
    String names = inputs.stream().map(TfjsScript::quoted).collect(Collectors.joining(","));
    nodes.add(
        "{name:\"%s\",op:\"%s\",input:[%s],attr:{%s}}".formatted(name, op, names, attributes));
    return this;
  }

  byte[] model() {
    String topology = "modelTopology:{node:[" + String.join(",", nodes) + "]}";
    String manifest =
        "weightsManifest:[{paths:[\"only\"],weights:[" + String.join(",", specs) + "]}]";
    return script("{format:\"graph-model\"," + topology + "," + manifest + "}");
  }

  byte[] shard() {
    return script(quoted(Base64.getEncoder().encodeToString(bytes.toByteArray())));
  }

  TfjsGraph graph() throws ModelSourceException {
    return TfjsGraph.read(model(), List.of(shard()));
  }

  /** A literal in the wrapper of browserify and terser. */
  static byte[] script(String literal) {
    String before = "!function(t){t()}(function(){return function t(e,a,l){}({1:[function(t,e,a){";
    return (before + "e.exports=" + literal + "},{}]},{},[1])(1)});")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static String integers(String name, int... values) {
    return name
        + ":{list:{i:["
        + Arrays.stream(values).mapToObj(v -> quoted("" + v)).collect(Collectors.joining(","))
        + "]}}";
  }

  static String text(String name, String value) {
    return name + ":{s:" + base64(value) + "}";
  }

  static String texts(String name, List<String> values) {
    String items = values.stream().map(TfjsScript::base64).collect(Collectors.joining(","));
    return name + ":{list:{s:[" + items + "]}}";
  }

  private static String base64(String value) {
    return quoted(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
