package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Framing;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewAveragerTest {
  /** RGB outside the heap; other kinds of rows are bytes for a pixel. */
  private static final int OUTSIDE = 5;

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

  /**
   * Rows that are added up before they are weighed: heights with a common divisor, without one, and
   * more rows to a cell than are added up at once; in the heap, outside of it, and with alpha.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 224",
    "17, 3, 8",
    "1023, 769, 224",
    "1024, 1024, 224",
    "1024, 1024, 384",
    "640, 400, 400",
    "5, 1031, 2",
    "6, 3000, 3",
    "4099, 30, 7"
  })
  void rowsAreAveragedWhereverTheyLie(int width, int height, int side) {
    int[] argb = new SplittableRandom(width).ints((long) width * height).toArray();
    for (int i = 0; i < argb.length; i++) {
      argb[i] |= 0xFF000000;
    }
    Pixels pixels = new Pixels(width, height, argb);
    Picture picture = averaged(pixels, side, row -> 4);
    assertThat(pixels.assertAveragedBy(picture, side, 0.01)).isLessThan(0.01);
    float[] view = picture.views(side).getFirst();
    for (int kind : new int[] {3, OUTSIDE}) {
      assertThat(averaged(pixels, side, row -> kind).views(side).getFirst()).isEqualTo(view);
    }
    Picture mixed = averaged(pixels, side, row -> 3 + row % 3);
    pixels.assertAveragedBy(mixed, side, 0.01);
  }

  private static Picture averaged(Pixels pixels, int side, IntUnaryOperator kinds) {
    ViewAverager averager = Images.averager(pixels.width(), pixels.height(), side);
    for (int y = 0; y < pixels.height(); y++) {
      byte[] rgba = row(pixels, y);
      switch (kinds.applyAsInt(y)) {
        case 3 -> averager.rgb(y, rgb(rgba));
        case 4 -> averager.rgba(y, rgba);
        default -> averager.rgb(y, MemorySegment.ofArray(rgb(rgba)));
      }
    }
    return new Picture(ImageFormat.PNG, pixels.width(), pixels.height(), averager.finish());
  }

  private static byte[] rgb(byte[] rgba) {
    byte[] rgb = new byte[rgba.length / 4 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = rgba[i / 3 * 4 + i % 3];
    }
    return rgb;
  }

  /** What was added up so far goes into the one view before it becomes three. */
  @Test
  void theFirstTranslucentRowMayComeAmongOthersOfItsCell() {
    int[] argb = new int[16 * 64];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = (i / 16 % 3 == 2 ? 0x40000000 : 0xFF000000) | i * 0x010305 & 0xFFFFFF;
    }
    Pixels pixels = new Pixels(16, 64, argb);
    pixels.assertAveragedBy(averaged(pixels, 4, row -> 4), 4, 0.01);
  }

  @ParameterizedTest
  @CsvSource({"65535, 2, 1", "65535, 2, 1024", "65535, 400, 1", "2, 65535, 1", "3, 65535, 1000"})
  void theLargestSidesDoNotOverflow(int width, int height, int side) {
    ViewAverager averager = Images.averager(width, height, side);
    averageWhite(averager, width, height);
    assertWhite(averager.finish().get(Framing.square(side)));
  }

  @Test
  void cropsOfTheWidestPictureDoNotOverflow() {
    Framing crops = new Framing(8, 8, new Framing.ShortestEdge(8), Framing.Kernel.AREA);
    int height = 2000;
    ViewAverager averager =
        new ViewAverager(65_535, height, ExifOrientation.NONE, Set.of(crops), new Planes());
    averageWhite(averager, 65_535, height);
    assertWhite(averager.finish().get(crops));
  }

  private static void averageWhite(ViewAverager averager, int width, int height) {
    byte[] row = new byte[3 * width];
    Arrays.fill(row, (byte) 0xFF);
    for (int y = 0; y < height; y++) {
      averager.rgb(y, row);
    }
  }

  private static void assertWhite(List<View> views) {
    double off = 0;
    for (View view : views) {
      for (float value : view.pixels()) {
        off = Math.max(off, Math.abs(255 - value));
      }
    }
    assertThat(off).isLessThan(0.01);
  }
}
