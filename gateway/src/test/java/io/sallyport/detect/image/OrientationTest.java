package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Framing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrientationTest {
  /** As Pillow's {@code ImageOps.exif_transpose} turns them; see make.py. */
  static Stream<String> golden() {
    return new String(Images.resource("orientations.txt"), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void aPictureIsTurnedAsExifMeansIt(String line) {
    String[] words = line.split("[: ]+");
    Orientation orientation = Orientation.ofExif(Integer.parseInt(words[0]));
    assertThat(orientation.width(3, 2)).isEqualTo(Integer.parseInt(words[1]));
    assertThat(orientation.height(3, 2)).isEqualTo(Integer.parseInt(words[2]));
    float[] stored = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26};
    float[] shown = orientation.show(stored, 3, 2);
    for (int i = 0; i < 6; i++) {
      int expected = Integer.parseInt(words[3 + i]);
      assertThat(shown[i]).isEqualTo(expected);
      assertThat(shown[6 + i]).isEqualTo(10 + expected);
      assertThat(shown[12 + i]).isEqualTo(20 + expected);
    }
  }

  /** Turning the pixels first and framing the turned picture gives the same views. */
  @ParameterizedTest
  @EnumSource(Orientation.class)
  void framingATurnedPictureIsTurningItAndFramingIt(Orientation orientation) {
    Pixels stored = Images.slopes(31, 18, false);
    Pixels shown = turned(stored, orientation);
    for (Framing.Resize resize :
        List.of(
            new Framing.Stretch(), new Framing.ShortestEdge(14), new Framing.Letterbox(1, 2, 3))) {
      for (Framing.Kernel kernel : Framing.Kernel.values()) {
        Framing framing = new Framing(11, 9, resize, kernel);
        List<View> expected = views(shown, Orientation.NORMAL, framing);
        List<View> actual = views(stored, orientation, framing);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
          assertThat(actual.get(i).placement()).isEqualTo(expected.get(i).placement());
          assertThat(actual.get(i).pixels())
              .usingComparatorWithPrecision(0.01f)
              .containsExactly(expected.get(i).pixels());
        }
      }
    }
  }

  private static Pixels turned(Pixels stored, Orientation orientation) {
    int pixels = stored.argb().length;
    float[] planes = new float[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      planes[i] = stored.argb()[i] & 0xFFFFFF;
    }
    float[] shown = orientation.show(planes, stored.width(), stored.height());
    int[] argb = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      argb[i] = 0xFF000000 | (int) shown[i];
    }
    return new Pixels(
        orientation.width(stored.width(), stored.height()),
        orientation.height(stored.width(), stored.height()),
        argb);
  }

  private static List<View> views(Pixels pixels, Orientation orientation, Framing framing) {
    ViewAverager averager =
        new ViewAverager(
            pixels.width(), pixels.height(), Set.of(orientation), Set.of(framing), new Planes());
    for (int y = 0; y < pixels.height(); y++) {
      byte[] row = new byte[3 * pixels.width()];
      for (int x = 0; x < pixels.width(); x++) {
        int argb = pixels.argb()[y * pixels.width() + x];
        row[3 * x] = (byte) (argb >> 16);
        row[3 * x + 1] = (byte) (argb >> 8);
        row[3 * x + 2] = (byte) argb;
      }
      averager.rgb(y, row);
    }
    return averager.finish().get(framing);
  }
}
