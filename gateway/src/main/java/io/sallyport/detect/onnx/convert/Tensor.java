package io.sallyport.detect.onnx.convert;

import java.util.List;

/**
 * A value that exists in the ONNX graph being written.
 *
 * @param name in the ONNX graph
 * @param shape as TensorFlow sees it: [1, height, width, channels], [1, size] or, a scalar, []
 */
record Tensor(String name, List<Integer> shape) {
  boolean isPicture() {
    return shape.size() == 4;
  }

  boolean isVector() {
    return shape.size() == 2;
  }

  boolean isScalar() {
    return shape.isEmpty();
  }

  /** Channels of a picture, elements of a vector. */
  int width() {
    return shape.getLast();
  }
}
