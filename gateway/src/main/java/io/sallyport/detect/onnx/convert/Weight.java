package io.sallyport.detect.onnx.convert;

import java.util.List;

/** A constant tensor of a graph: its shape and its elements in row-major order. */
final class Weight {
  private final List<Integer> shape;
  private final float[] elements;

  /**
   * Takes the tensor over.
   *
   * @param elements as many as the shape holds; not copied
   */
  Weight(List<Integer> shape, float[] elements) {
    this.shape = List.copyOf(shape);
    this.elements = elements;
  }

  List<Integer> shape() {
    return shape;
  }

  /** The elements themselves, not a copy: megabytes that nobody changes. */
  float[] elements() {
    return elements;
  }

  /** The shape as ONNX wants it. */
  long[] dims() {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }

  /**
   * A convolution's filter in ONNX's order.
   *
   * @return output channels, input channels, height, width; this weight must be height, width,
   *     input channels, output channels
   */
  Weight outputChannelsFirst() {
    int height = shape.get(0);
    int width = shape.get(1);
    int inputs = shape.get(2);
    int outputs = shape.get(3);
    int area = height * width;
    float[] moved = new float[elements.length];
    int to = 0;
    for (int output = 0; output < outputs; output++) {
      for (int input = 0; input < inputs; input++) {
        for (int place = 0; place < area; place++) {
          moved[to++] = elements[(place * inputs + input) * outputs + output];
        }
      }
    }
    return new Weight(List.of(outputs, inputs, height, width), moved);
  }

  /**
   * The filter of a depthwise convolution, seen as that of a grouped one.
   *
   * @return height, width, 1, channels x multiplier, with the same elements in the same order; this
   *     weight must be height, width, channels, multiplier
   */
  Weight grouped() {
    return new Weight(
        List.of(shape.get(0), shape.get(1), 1, shape.get(2) * shape.get(3)), elements);
  }
}
