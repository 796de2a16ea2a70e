package io.sallyport.detect.onnx.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One operation of a TensorFlow graph, as tfjs writes it.
 *
 * @param inputs names of the nodes whose output it reads, in order
 * @param attributes the {@code attr} object: integers as decimal strings, strings in base64
 */
record GraphNode(String name, String op, List<String> inputs, Literal attributes) {

  static GraphNode of(Literal node) throws ModelSourceException {
    List<String> inputs = new ArrayList<>();
    for (Literal input : node.find("input").orElse(new Literal.Items(List.of())).items()) {
      inputs.add(input.text());
    }
    return new GraphNode(
        node.get("name").text(), node.get("op").text(), List.copyOf(inputs), node.get("attr"));
  }

  String text(String attribute) throws ModelSourceException {
    return decode(attributes.get(attribute).get("s"));
  }

  boolean flag(String attribute) throws ModelSourceException {
    return attributes.get(attribute).get("b").truth();
  }

  List<Integer> integers(String attribute) throws ModelSourceException {
    List<Integer> values = new ArrayList<>();
    for (Literal value : attributes.get(attribute).get("list").get("i").items()) {
      values.add(integer(value));
    }
    return values;
  }

  List<String> texts(String attribute) throws ModelSourceException {
    List<String> values = new ArrayList<>();
    for (Literal value : attributes.get(attribute).get("list").get("s").items()) {
      values.add(decode(value));
    }
    return values;
  }

  /** The {@code shape} attribute; -1 is a free size. */
  List<Integer> shape() throws ModelSourceException {
    List<Integer> sizes = new ArrayList<>();
    for (Literal dim : attributes.get("shape").get("shape").get("dim").items()) {
      sizes.add(integer(dim.get("size")));
    }
    return sizes;
  }

  /** Whether a fused node ends in a ReLU capped at 6; refuses what is neither that nor a bias. */
  boolean endsInRelu6() throws ModelSourceException {
    List<String> fused = texts("fused_ops");
    if (!fused.equals(List.of("BiasAdd")) && !fused.equals(List.of("BiasAdd", "Relu6"))) {
      throw unsupported("fusion " + fused);
    }
    return fused.size() == 2;
  }

  /** The refusal of something about this node that the translation does not know. */
  ModelSourceException unsupported(String what) {
    return new ModelSourceException("unsupported " + what + " in " + op + " node '" + name + "'");
  }

  private static int integer(Literal value) throws ModelSourceException {
    try {
      return Integer.parseInt(value.text());
    } catch (NumberFormatException e) {
      throw new ModelSourceException("the model has a text where an integer belongs", e);
    }
  }

  private static String decode(Literal value) throws ModelSourceException {
    try {
      byte[] decoded = Base64.getDecoder().decode(value.text());
      return new String(decoded, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new ModelSourceException("the model has an attribute that is not base64", e);
    }
  }
}
