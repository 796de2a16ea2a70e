package io.sallyport.detect.onnx.convert;

/** A convolution in TensorFlow's layout by its definition, slow and plain, for tests. */
final class ReferenceConvolution {
  /** A picture: height, width, channels, and the elements in that order. */
  record Picture(int height, int width, int channels, float[] elements) {
    float at(int y, int x, int channel) {
      boolean outside = y < 0 || x < 0 || y >= height || x >= width;
      return outside ? 0 : elements[(y * width + x) * channels + channel];
    }
  }

  private ReferenceConvolution() {}

  /**
   * Applies a filter.
   *
   * @param kernel height and width of the filter
   * @param filter height, width, input channels, then output channels or channel multiplier
   */
  static Picture apply(
      Picture picture,
      int kernel,
      float[] filter,
      float[] bias,
      int stride,
      boolean same,
      boolean depthwise,
      boolean relu6) {
    int outputs = bias.length;
    int last = depthwise ? outputs / picture.channels : outputs;
    int height = places(picture.height, kernel, stride, same);
    int width = places(picture.width, kernel, stride, same);
    int top = same ? Math.max((height - 1) * stride + kernel - picture.height, 0) / 2 : 0;
    int left = same ? Math.max((width - 1) * stride + kernel - picture.width, 0) / 2 : 0;
    float[] result = new float[height * width * outputs];
    for (int i = 0; i < result.length; i++) {
      int output = i % outputs;
      int x = i / outputs % width * stride - left;
      int y = i / outputs / width * stride - top;
      float sum = bias[output];
      for (int ky = 0; ky < kernel; ky++) {
        for (int kx = 0; kx < kernel; kx++) {
          for (int input = 0; input < picture.channels; input++) {
            if (!depthwise || output / last == input) {
              int place = ((ky * kernel + kx) * picture.channels + input) * last + output % last;
              sum += picture.at(y + ky, x + kx, input) * filter[place];
            }
          }
        }
      }
      result[i] = relu6 ? Math.clamp(sum, 0, 6) : sum;
    }
    return new Picture(height, width, outputs, result);
  }

  private static int places(int size, int kernel, int stride, boolean same) {
    return same ? (size + stride - 1) / stride : (size - kernel) / stride + 1;
  }
}
