package io.sallyport.detect.onnx.convert;

import java.util.List;

/** The operations at the end of a classifier: from a picture of one pixel to probabilities. */
final class VectorOperations {
  private static final List<Integer> ONE_PIXEL = List.of(1, 1);

  private final Translation translation;

  VectorOperations(Translation translation) {
    this.translation = translation;
  }

  /** {@code Squeeze} of height and width: TensorFlow's axes 1 and 2, ONNX's 2 and 3. */
  Tensor squeeze(GraphNode node) throws ModelSourceException {
    Tensor picture = translation.tensor(node, 0);
    if (!picture.isPicture()
        || !picture.shape().subList(1, 3).equals(ONE_PIXEL)
        || !node.integers("squeeze_dims").equals(List.of(1, 2))) {
      throw node.unsupported("shape or axes");
    }
    String axes = node.name() + ":axes";
    translation.onnx().longs(axes, new long[] {2}, 2, 3);
    List<Integer> shape = List.of(1, picture.width());
    return translation.write(node, "Squeeze", List.of(picture.name(), axes), shape);
  }

  /** {@code _FusedMatMul}: vector, matrix of inputs x outputs, bias. */
  Tensor matrixProduct(GraphNode node) throws ModelSourceException {
    Tensor vector = translation.tensor(node, 0);
    Weight matrix = translation.weight(node, 1, 2);
    Weight bias = translation.weight(node, 2, 1);
    if (node.flag("transpose_a") || node.flag("transpose_b") || node.endsInRelu6()) {
      throw node.unsupported("variant");
    }
    int outputs = matrix.shape().getLast();
    if (!vector.shape().equals(List.of(1, matrix.shape().getFirst()))
        || bias.shape().getFirst() != outputs) {
      throw node.unsupported("matrix of shape " + matrix.shape());
    }
    List<String> reads =
        List.of(
            vector.name(),
            translation.constant(node, 1, matrix),
            translation.constant(node, 2, bias));
    return translation.write(node, "Gemm", reads, List.of(1, outputs));
  }

  /** {@code Softmax} over a vector. */
  Tensor softmax(GraphNode node) throws ModelSourceException {
    Tensor vector = translation.tensor(node, 0);
    if (!vector.isVector()) {
      throw node.unsupported("shape " + vector.shape());
    }
    List<String> reads = List.of(vector.name());
    return translation.write(node, "Softmax", reads, vector.shape(), Attribute.number("axis", 1));
  }
}
