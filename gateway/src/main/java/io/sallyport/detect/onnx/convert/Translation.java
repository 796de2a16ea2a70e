package io.sallyport.detect.onnx.convert;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A TensorFlow graph on its way into an ONNX file: what has been written so far, and under which
 * names.
 *
 * <p>What comes from the graph is named as TensorFlow names tensors, {@code node:0}; since no node
 * has a colon in its name, names of our own cannot collide with those.
 */
final class Translation {
  private static final long[] SCALAR = {};

  private final OnnxWriter onnx;
  private final Map<String, Weight> weights;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Set<String> usedWeights = new HashSet<>();

  Translation(OnnxWriter onnx, Map<String, Weight> weights) {
    this.onnx = onnx;
    this.weights = weights;
  }

  OnnxWriter onnx() {
    return onnx;
  }

  /** Remembers what a node makes. */
  void made(GraphNode node, Tensor tensor) {
    tensors.put(node.name(), tensor);
  }

  /** Writes the operation that a node stands for; its result. */
  Tensor write(
      GraphNode node,
      String operator,
      List<String> reads,
      List<Integer> shape,
      Attribute... attributes) {
    String name = node.name() + ":0";
    onnx.node(operator, reads, name, attributes);
    return new Tensor(name, shape);
  }

  /** What the node reads at a position, which some earlier node must make. */
  Tensor tensor(GraphNode node, int position) throws ModelSourceException {
    Tensor tensor = tensors.get(inputName(node, position));
    if (tensor == null) {
      throw node.unsupported("order (input " + position + " is not made before it)");
    }
    return tensor;
  }

  /** The constant that the node reads at a position. */
  Weight weight(GraphNode node, int position, int rank) throws ModelSourceException {
    Weight weight = weights.get(inputName(node, position));
    if (weight == null || weight.shape().size() != rank) {
      throw node.unsupported("input " + position);
    }
    return weight;
  }

  /** What an elementwise node reads at a position: a tensor, or a scalar constant. */
  Tensor operand(GraphNode node, int position) throws ModelSourceException {
    if (!weights.containsKey(inputName(node, position))) {
      return tensor(node, position);
    }
    return new Tensor(constant(node, position, weight(node, position, 0)), List.of());
  }

  /**
   * Writes the constant that the node reads at a position.
   *
   * @param weight the constant, perhaps with its axes moved
   * @return its name in the ONNX graph
   */
  String constant(GraphNode node, int position, Weight weight) throws ModelSourceException {
    String name = inputName(node, position);
    if (!usedWeights.add(name)) {
      throw node.unsupported("weight that is used twice");
    }
    onnx.floats(name + ":0", weight.dims(), weight.elements());
    return name + ":0";
  }

  /** A number of our own, written at its first use. */
  String number(float value) {
    String name = "number " + value;
    if (usedWeights.add(name)) {
      onnx.floats(name, SCALAR, value);
    }
    return name;
  }

  private static String inputName(GraphNode node, int position) throws ModelSourceException {
    if (position >= node.inputs().size()) {
      throw node.unsupported("number of inputs");
    }
    return node.inputs().get(position);
  }
}
