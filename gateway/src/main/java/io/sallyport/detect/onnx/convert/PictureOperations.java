package io.sallyport.detect.onnx.convert;

import java.util.List;

/** The operations that slide a window over a picture: convolutions and average pooling. */
final class PictureOperations {
  private final Translation translation;

  PictureOperations(Translation translation) {
    this.translation = translation;
  }

  /** {@code _FusedConv2D}: picture, filter, bias; then perhaps a ReLU capped at 6. */
  Tensor convolution(GraphNode node) throws ModelSourceException {
    Weight filter = translation.weight(node, 1, 4);
    return convolve(node, filter, 1, filter.shape().get(2));
  }

  /** {@code FusedDepthwiseConv2dNative}: the same, each channel for itself. */
  Tensor depthwise(GraphNode node) throws ModelSourceException {
    Weight filter = translation.weight(node, 1, 4);
    int channels = filter.shape().get(2);
    return convolve(node, filter.grouped(), channels, channels);
  }

  /** {@code AvgPool}. Padding is left out of the average by both TensorFlow and ONNX. */
  Tensor averagePool(GraphNode node) throws ModelSourceException {
    Tensor picture = translation.tensor(node, 0);
    List<Integer> kernel = node.integers("ksize");
    if (kernel.size() != 4 || kernel.getFirst() != 1 || kernel.getLast() != 1) {
      throw node.unsupported("kernel " + kernel);
    }
    Sliding sliding = Sliding.of(node, picture, kernel.get(1), kernel.get(2));
    return translation.write(
        node,
        "AveragePool",
        List.of(picture.name()),
        sliding.result(picture.width()),
        sliding.attributes());
  }

  private Tensor convolve(GraphNode node, Weight filter, int groups, int channels)
      throws ModelSourceException {
    Tensor picture = translation.tensor(node, 0);
    Sliding sliding = Sliding.of(node, picture, filter.shape().get(0), filter.shape().get(1));
    int outputs = filter.shape().get(3);
    Weight bias = translation.weight(node, 2, 1);
    if (picture.width() != channels || bias.shape().getFirst() != outputs) {
      throw node.unsupported("filter of shape " + filter.shape());
    }
    List<String> reads =
        List.of(
            picture.name(),
            translation.constant(node, 1, filter.outputChannelsFirst()),
            translation.constant(node, 2, bias));
    List<Integer> shape = sliding.result(outputs);
    Attribute[] attributes = sliding.attributes(Attribute.number("group", groups));
    if (!node.endsInRelu6()) {
      return translation.write(node, "Conv", reads, shape, attributes);
    }
    String sum = node.name() + ":sum";
    translation.onnx().node("Conv", reads, sum, attributes);
    List<String> bounds = List.of(sum, translation.number(0), translation.number(6));
    return translation.write(node, "Clip", bounds, shape);
  }
}
