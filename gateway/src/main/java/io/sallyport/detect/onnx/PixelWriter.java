package io.sallyport.detect.onnx;

import java.nio.FloatBuffer;

/** Writes a view into a model's input buffer, scaled and ordered as the card says. Immutable. */
final class PixelWriter {
  private static final int CHANNELS = 3;

  private final PixelInput.Layout layout;

  /** The view's plane that each channel of the tensor is taken from. */
  private final int[] planes;

  private final float[] scale = new float[CHANNELS];
  private final float[] shift = new float[CHANNELS];

  PixelWriter(PixelInput input) {
    this.layout = input.layout();
    this.planes =
        switch (input.channels()) {
          case RGB -> new int[] {0, 1, 2};
          case BGR -> new int[] {2, 1, 0};
        };
    for (int channel = 0; channel < CHANNELS; channel++) {
      double std = input.std().get(planes[channel]);
      scale[channel] = (float) ((input.high() - input.low()) / 255 / std);
      shift[channel] = (float) ((input.low() - input.mean().get(planes[channel])) / std);
    }
  }

  /** Fills {@code out} from its start; its position does not move. */
  void write(float[] view, FloatBuffer out) {
    int plane = view.length / CHANNELS;
    for (int channel = 0; channel < CHANNELS; channel++) {
      int from = planes[channel] * plane;
      switch (layout) {
        case NCHW -> copy(view, from, plane, channel, out, channel * plane, 1);
        case NHWC -> copy(view, from, plane, channel, out, channel, CHANNELS);
      }
    }
  }

  private void copy(
      float[] view, int from, int count, int channel, FloatBuffer out, int to, int step) {
    float factor = scale[channel];
    float offset = shift[channel];
    for (int i = 0; i < count; i++) {
      out.put(to + i * step, view[from + i] * factor + offset);
    }
  }
}
