package io.sallyport.detect.onnx.convert;

/**
 * How a sliding window covers one axis: how much is padded at each end, and how many places result.
 */
record Window(int begin, int end, int places) {

  /**
   * TensorFlow's SAME: as many places as strides fit, and an odd padding has its larger half at the
   * end ("tf.nn: Notes on padding").
   */
  static Window same(int size, int kernel, int stride) {
    int places = Math.ceilDiv(size, stride);
    int padding = Math.max((places - 1) * stride + kernel - size, 0);
    return new Window(padding / 2, padding - padding / 2, places);
  }

  /** TensorFlow's VALID: no padding. */
  static Window valid(int size, int kernel, int stride) {
    return new Window(0, 0, (size - kernel) / stride + 1);
  }
}
