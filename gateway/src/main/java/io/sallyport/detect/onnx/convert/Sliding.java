package io.sallyport.detect.onnx.convert;

import java.util.ArrayList;
import java.util.List;

/**
 * The geometry of a convolution or pooling over a picture: kernel, strides, padding, result.
 *
 * @param kernelHeight in rows
 * @param kernelWidth in columns
 */
record Sliding(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    Window vertical,
    Window horizontal) {
  private static final int MAX_KERNEL = 4096;

  /**
   * Reads the geometry from a node's attributes {@code strides}, {@code padding}, {@code
   * data_format} and, when there, {@code dilations}.
   *
   * @param picture what it reads
   */
  static Sliding of(GraphNode node, Tensor picture, int kernelHeight, int kernelWidth)
      throws ModelSourceException {
    List<Integer> strides = node.integers("strides");
    if (strides.size() != 4 || strides.getFirst() != 1 || strides.getLast() != 1) {
      throw node.unsupported("strides " + strides);
    }
    if (!node.text("data_format").equals("NHWC")) {
      throw node.unsupported("data format");
    }
    if (node.attributes().find("dilations").isPresent()
        && !node.integers("dilations").equals(List.of(1, 1, 1, 1))) {
      throw node.unsupported("dilation");
    }
    int down = strides.get(1);
    int right = strides.get(2);
    if (!picture.isPicture()
        || noSize(kernelHeight)
        || noSize(kernelWidth)
        || down < 1
        || right < 1) {
      throw node.unsupported("geometry");
    }
    return new Sliding(
        kernelHeight,
        kernelWidth,
        down,
        right,
        window(node, picture.shape().get(1), kernelHeight, down),
        window(node, picture.shape().get(2), kernelWidth, right));
  }

  /** The shape of the result, as TensorFlow sees it. */
  List<Integer> result(int channels) {
    return List.of(1, vertical.places(), horizontal.places(), channels);
  }

  /** The geometry as attributes of ONNX's {@code Conv} and {@code AveragePool}, after others. */
  Attribute[] attributes(Attribute... others) {
    List<Attribute> all = new ArrayList<>(List.of(others));
    all.add(Attribute.numbers("kernel_shape", kernelHeight, kernelWidth));
    all.add(
        Attribute.numbers(
            "pads", vertical.begin(), horizontal.begin(), vertical.end(), horizontal.end()));
    all.add(Attribute.numbers("strides", strideHeight, strideWidth));
    return all.toArray(Attribute[]::new);
  }

  private static boolean noSize(int kernel) {
    return kernel < 1 || kernel > MAX_KERNEL;
  }

  private static Window window(GraphNode node, int size, int kernel, int stride)
      throws ModelSourceException {
    String padding = node.text("padding");
    if (padding.equals("SAME")) {
      return Window.same(size, kernel, stride);
    }
    if (padding.equals("VALID") && kernel <= size) {
      return Window.valid(size, kernel, stride);
    }
    throw node.unsupported("padding " + padding);
  }
}
