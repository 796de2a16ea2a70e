package io.sallyport.detect.onnx;

import java.util.List;

/**
 * How an image becomes a model's input tensor.
 *
 * <p>A stored value {@code v} from 0 to 255 of channel {@code c} becomes {@code (low + v / 255 *
 * (high - low) - mean[c]) / std[c]}.
 *
 * @param tensor the input's name in the graph
 * @param framing the rectangle of pixels, and how a picture becomes it
 * @param low what 0 is scaled to
 * @param high what 255 is scaled to
 * @param mean per channel, always in the order R, G, B
 * @param std per channel, always in the order R, G, B; never 0
 */
public record PixelInput(
    String tensor,
    Framing framing,
    Layout layout,
    Channels channels,
    double low,
    double high,
    List<Double> mean,
    List<Double> std) {

  public PixelInput {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** The tensor's shape for one image. */
  public long[] shape() {
    int width = framing.width();
    int height = framing.height();
    return switch (layout) {
      case NCHW -> new long[] {1, 3, height, width};
      case NHWC -> new long[] {1, height, width, 3};
    };
  }

  /** The order of the tensor's dimensions: images, channels, height, width. */
  public enum Layout {
    NCHW,
    NHWC
  }

  /** The order of the tensor's channels. */
  public enum Channels {
    RGB,
    BGR
  }
}
