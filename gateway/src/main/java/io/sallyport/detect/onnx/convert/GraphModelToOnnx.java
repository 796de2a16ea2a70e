package io.sallyport.detect.onnx.convert;

import java.util.List;

/**
 * The translation of a TensorFlow graph into ONNX: the operations of a MobileNet whose batch norms
 * are folded, and no others.
 *
 * <p>TensorFlow's pictures are batch, height, width, channels; ONNX's are batch, channels, height,
 * width. No transposing node is needed, because every operation here either treats all elements
 * alike or has its weights and axes moved instead. The batch becomes 1, and SAME becomes explicit
 * padding, which the fixed sizes allow.
 */
final class GraphModelToOnnx {
  /** Far above any classifier's input, and small enough that no geometry overflows an int. */
  private static final int MAX_SIZE = 4096;

  private final String input;
  private final Translation translation;
  private final PictureOperations pictures;
  private final VectorOperations vectors;

  private GraphModelToOnnx(String input, Translation translation) {
    this.input = input;
    this.translation = translation;
    this.pictures = new PictureOperations(translation);
    this.vectors = new VectorOperations(translation);
  }

  /**
   * Translates a graph with one input, a picture, whose last node gives one vector.
   *
   * @param name of the ONNX graph
   * @param input the name that the input gets; float32, [1, channels, height, width]
   * @param output the name that the output gets; float32, [1, size]
   * @return the ONNX file; equal arguments give equal bytes
   * @throws ModelSourceException when the graph has an operation or a shape that is not known here
   */
  static byte[] convert(TfjsGraph graph, String name, String input, String output)
      throws ModelSourceException {
    if (graph.nodes().stream().filter(node -> node.op().equals("Placeholder")).count() != 1) {
      throw new ModelSourceException("the model has no input, or more than one");
    }
    OnnxWriter onnx = new OnnxWriter(name);
    Translation translation = new Translation(onnx, graph.weights());
    Tensor vector = new GraphModelToOnnx(input, translation).last(graph.nodes());
    if (!vector.isVector()) {
      throw new ModelSourceException("the model does not end in one vector");
    }
    return onnx.node("Identity", List.of(vector.name()), output)
        .output(output, ElementType.FLOAT32, Dim.of(1), Dim.of(vector.width()))
        .toBytes();
  }

  private Tensor last(List<GraphNode> nodes) throws ModelSourceException {
    Tensor last = new Tensor("", List.of());
    for (GraphNode node : nodes) {
      if (!node.op().equals("Const")) {
        last = translate(node);
        translation.made(node, last);
      }
    }
    return last;
  }

  private Tensor translate(GraphNode node) throws ModelSourceException {
    return switch (node.op()) {
      case "Placeholder" -> placeholder(node);
      case "Mul" -> elementwise(node, "Mul");
      case "Sub" -> elementwise(node, "Sub");
      case "AddV2" -> elementwise(node, "Add");
      case "_FusedConv2D" -> pictures.convolution(node);
      case "FusedDepthwiseConv2dNative" -> pictures.depthwise(node);
      case "AvgPool" -> pictures.averagePool(node);
      case "Squeeze" -> vectors.squeeze(node);
      case "_FusedMatMul" -> vectors.matrixProduct(node);
      case "Softmax" -> vectors.softmax(node);
      case "Identity" -> translation.tensor(node, 0);
      default -> throw node.unsupported("operation");
    };
  }

  private Tensor placeholder(GraphNode node) throws ModelSourceException {
    List<Integer> shape = node.shape();
    if (shape.size() != 4 || shape.subList(1, 4).stream().anyMatch(GraphModelToOnnx::noSize)) {
      throw node.unsupported("shape " + shape);
    }
    Tensor picture = new Tensor(input, List.of(1, shape.get(1), shape.get(2), shape.get(3)));
    translation
        .onnx()
        .input(
            input,
            ElementType.FLOAT32,
            Dim.of(1),
            Dim.of(picture.width()),
            Dim.of(shape.get(1)),
            Dim.of(shape.get(2)));
    return picture;
  }

  private static boolean noSize(int size) {
    return size < 1 || size > MAX_SIZE;
  }

  /** Two values of one shape, or a value and a scalar constant in either order. */
  private Tensor elementwise(GraphNode node, String operator) throws ModelSourceException {
    Tensor left = translation.operand(node, 0);
    Tensor right = translation.operand(node, 1);
    if (!left.isScalar() && !right.isScalar() && !left.shape().equals(right.shape())) {
      throw node.unsupported("shapes " + left.shape() + " and " + right.shape());
    }
    List<Integer> shape = left.isScalar() ? right.shape() : left.shape();
    return translation.write(node, operator, List.of(left.name(), right.name()), shape);
  }
}
