package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Framing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ViewAveragerTest {
  @Test
  void anySizeAveragesToAnySideInAnyOrderOfRows() {
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int width = random.nextInt(1, 70);
      int height = random.nextInt(1, 70);
      int side = random.nextInt(1, 40);
      boolean opaque = random.nextBoolean();
      int[] argb = random.ints((long) width * height).toArray();
      for (int i = 0; i < argb.length; i++) {
        argb[i] |= opaque || random.nextInt(3) > 0 ? 0xFF000000 : 0;
      }
      Pixels pixels = new Pixels(width, height, argb);
      ViewAverager averager = Images.averager(width, height, side);
      int stride = height % 2 == 0 ? height - 1 : 1;
      for (int i = 0; i < height; i++) {
        int y = i * Math.max(1, stride) % height;
        averager.rgba(y, row(pixels, y));
      }
      var views = averager.finish();
      Picture picture = new Picture(ImageFormat.PNG, width, height, views);
      assertThat(pixels.assertAveragedBy(picture, side, 0.01)).as("seed %d", seed).isLessThan(0.01);
    }
  }

  private static byte[] row(Pixels pixels, int y) {
    byte[] row = new byte[4 * pixels.width()];
    for (int x = 0; x < pixels.width(); x++) {
      int argb = pixels.argb()[y * pixels.width() + x];
      row[4 * x] = (byte) (argb >> 16);
      row[4 * x + 1] = (byte) (argb >> 8);
      row[4 * x + 2] = (byte) argb;
      row[4 * x + 3] = (byte) (argb >> 24);
    }
    return row;
  }

  @Test
  void theLargestSidesDoNotOverflow() {
    int width = 65_535;
    byte[] row = new byte[3 * width];
    Arrays.fill(row, (byte) 0xFF);
    ViewAverager averager = Images.averager(width, 2, 1, 1024);
    averager.rgb(0, row);
    averager.rgb(1, row);
    Map<Framing, List<View>> views = averager.finish();
    for (int side : new int[] {1, 1024}) {
      double off = 0;
      for (float value : views.get(Framing.square(side)).getFirst().pixels()) {
        off = Math.max(off, Math.abs(255 - value));
      }
      assertThat(off).isLessThan(0.001);
    }
  }
}
