package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelWriterTest {
  /** Two by two: red 0 1 2 3, green 10 …, blue 20 …. */
  private static final float[] VIEW = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};

  @Test
  void keepsPlanesInNchw() {
    assertThat(written(PixelInput.Layout.NCHW, PixelInput.Channels.RGB, plain()))
        .containsExactly(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
  }

  @Test
  void swapsPlanesForBgr() {
    assertThat(written(PixelInput.Layout.NCHW, PixelInput.Channels.BGR, plain()))
        .containsExactly(20, 21, 22, 23, 10, 11, 12, 13, 0, 1, 2, 3);
  }

  @Test
  void interleavesChannelsInNhwc() {
    assertThat(written(PixelInput.Layout.NHWC, PixelInput.Channels.RGB, plain()))
        .containsExactly(0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23);
    assertThat(written(PixelInput.Layout.NHWC, PixelInput.Channels.BGR, plain()))
        .containsExactly(20, 10, 0, 21, 11, 1, 22, 12, 2, 23, 13, 3);
  }

  @Test
  void scalesByTheCardsFormulaWhateverTheChannelOrder() {
    PixelInput imageNet =
        new PixelInput(
            "t",
            Framing.square(2),
            PixelInput.Layout.NCHW,
            PixelInput.Channels.BGR,
            -1,
            1,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225));
    float[] written = written(imageNet);

    double blue = (-1 + 20 / 255.0 * 2 - 0.406) / 0.225;
    double red = (-1 + 3 / 255.0 * 2 - 0.485) / 0.229;
    assertThat((double) written[0]).isCloseTo(blue, within());
    assertThat((double) written[11]).isCloseTo(red, within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(1e-5);
  }

  /** A range in which every value stays as it is. */
  private static List<Double> plain() {
    return List.of(0.0, 255.0);
  }

  private static float[] written(
      PixelInput.Layout layout, PixelInput.Channels channels, List<Double> range) {
    return written(
        new PixelInput(
            "t",
            Framing.square(2),
            layout,
            channels,
            range.get(0),
            range.get(1),
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0)));
  }

  private static float[] written(PixelInput input) {
    float[] out = new float[VIEW.length];
    new PixelWriter(input).write(VIEW, FloatBuffer.wrap(out));
    return out;
  }
}
