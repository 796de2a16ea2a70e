package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.Framing.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KernelGridTest {
  /** As Pillow resizes pictures of floats; see make.py. */
  static Stream<String> golden() {
    return new String(Images.resource("kernels.txt"), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void picturesAreResizedAsPillowResizesThem(String line) {
    String[] sides = line.split(": ");
    String[] words = sides[0].split(" ");
    int[] sizes = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    Kernel kernel = Kernel.valueOf(words[0].toUpperCase(Locale.ROOT));
    float[] view = view(kernel, sizes[0], sizes[1], sizes[2], sizes[3]);
    String[] numbers = sides[1].split(" ");
    assertThat(view).hasSize(3 * numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      float expected = Math.clamp(Float.parseFloat(numbers[i]), 0f, 255f);
      for (int channel = 0; channel < 3; channel++) {
        assertThat(view[channel * numbers.length + i])
            .as("number %d", i)
            .isCloseTo(expected, within(0.01f));
      }
    }
  }

  /** The picture that make.py draws. */
  private static int value(int x, int y) {
    return (x * 37 + y * 91 + x * y % 23 * 11) % 256;
  }

  private static float[] view(Kernel kernel, int width, int height, int columns, int rows) {
    Framing framing = new Framing(columns, rows, new Framing.Stretch(), kernel);
    ViewAverager averager =
        new ViewAverager(width, height, ExifOrientation.NONE, Set.of(framing), new Planes());
    byte[] row = new byte[3 * width];
    for (int y = height - 1; y >= 0; y--) {
      for (int x = 0; x < width; x++) {
        Arrays.fill(row, 3 * x, 3 * x + 3, (byte) value(x, y));
      }
      averager.rgb(y, row);
    }
    return averager.finish().get(framing).getFirst().pixels();
  }

  @ParameterizedTest
  @EnumSource(Kernel.class)
  void aFlatPictureStaysFlatWhateverItsSize(Kernel kernel) {
    for (int size : new int[] {1, 2, 3, 7, 64, 1000}) {
      Framing framing = new Framing(13, 9, new Framing.ShortestEdge(13), kernel);
      ViewAverager averager =
          new ViewAverager(size, 2 * size, ExifOrientation.NONE, Set.of(framing), new Planes());
      byte[] row = new byte[3 * size];
      Arrays.fill(row, (byte) 200);
      for (int y = 0; y < 2 * size; y++) {
        averager.rgb(y, row);
      }
      for (View view : averager.finish().get(framing)) {
        for (float number : view.pixels()) {
          assertThat(number).isCloseTo(200, within(0.01f));
        }
      }
    }
  }

  /** A cubic swings beyond what it is given; what a model reads stays in range. */
  @Test
  void nothingLeavesTheRange() {
    Framing framing = new Framing(16, 16, new Framing.Stretch(), Kernel.BICUBIC);
    ViewAverager averager =
        new ViewAverager(8, 8, ExifOrientation.NONE, Set.of(framing), new Planes());
    byte[] row = new byte[24];
    Arrays.fill(row, 12, 24, (byte) 255);
    for (int y = 0; y < 8; y++) {
      averager.rgb(y, row);
    }
    float[] pixels = averager.finish().get(framing).getFirst().pixels();
    for (float number : pixels) {
      assertThat(number).isBetween(0f, 255f);
    }
    assertThat(pixels).contains(0f, 255f);
  }
}
