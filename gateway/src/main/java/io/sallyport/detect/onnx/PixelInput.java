package io.sallyport.detect.onnx;

import java.util.List;

/**
 * How an image becomes a model's input tensor.
 *
 * <p>A stored value {@code v} from 0 to 255 of channel {@code c} becomes {@code (low + v / 255 *
 * (high - low) - mean[c]) / std[c]}.
 *
 * @param tensor the input's name in the graph
 * @param side width and height in pixels
 * @param low what 0 is scaled to
 * @param high what 255 is scaled to
 * @param mean per channel, always in the order R, G, B
 * @param std per channel, always in the order R, G, B; never 0
 */
public record PixelInput(
    String tensor,
    int side,
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
  long[] shape() {
    return switch (layout) {
      case NCHW -> new long[] {1, 3, side, side};
      case NHWC -> new long[] {1, side, side, 3};
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
