package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.Framing.Kernel;
import io.sallyport.signal.Cause;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
  private static Framing crop(int side, int to) {
    return new Framing(side, side, new Framing.ShortestEdge(to), Kernel.AREA);
  }

  private static Framing box(int width, int height) {
    return new Framing(width, height, Framing.Letterbox.GREY, Kernel.AREA);
  }

  @Test
  void aSquareOfTheModelsOwnSizeIsOneCrop() {
    assertThat(Placement.all(crop(224, 224), 1024, 1024))
        .containsExactly(new Placement(224, 224, 0, 0));
  }

  @Test
  void aWidePictureIsReadInItsMiddleAndAtBothEnds() {
    assertThat(Placement.all(crop(224, 224), 1792, 1024))
        .containsExactly(
            new Placement(392, 224, -84, 0),
            new Placement(392, 224, 0, 0),
            new Placement(392, 224, -168, 0));
  }

  @Test
  void whereTheCropIsSmallerThanTheEdgeTheCornersAreReadToo() {
    assertThat(Placement.all(crop(224, 256), 500, 500))
        .containsExactly(
            new Placement(256, 256, -16, -16),
            new Placement(256, 256, 0, 0),
            new Placement(256, 256, -32, 0),
            new Placement(256, 256, 0, -32),
            new Placement(256, 256, -32, -32));
  }

  @Test
  void cropsTogetherShowEveryPixel() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int width = random.nextInt(1, 500);
      int height = random.nextInt(1, 500);
      int columns = random.nextInt(8, 40);
      int rows = random.nextInt(8, 40);
      int to = Math.max(columns, rows) + random.nextInt(30);
      Framing framing = new Framing(columns, rows, new Framing.ShortestEdge(to), Kernel.AREA);
      List<Placement> crops = Placement.all(framing, width, height);
      Placement any = crops.getFirst();
      boolean[] seen = new boolean[any.width() * any.height()];
      for (Placement crop : crops) {
        assertThat(crop.left()).isBetween(columns - crop.width(), 0);
        assertThat(crop.top()).isBetween(rows - crop.height(), 0);
        for (int y = -crop.top(); y < rows - crop.top(); y++) {
          for (int x = -crop.left(); x < columns - crop.left(); x++) {
            seen[y * crop.width() + x] = true;
          }
        }
      }
      assertThat(seen).as("seed %d", seed).doesNotContain(false);
      assertThat(crops).doesNotHaveDuplicates();
      assertThat((long) crops.size()).isLessThanOrEqualTo(Placement.count(framing, width, height));
    }
  }

  @Test
  void tooLongAPictureToBeCutIsTooLarge() throws Exception {
    byte[] strip = PngSpec.flat(2, 62, 0xFF00FF).encode();
    PictureReader reader = new PictureReader(ImageLimits.DEFAULTS, Set.of(crop(8, 8)));
    assertThat(reader.prepare(Images.sample(strip)).views(crop(8, 8))).hasSizeGreaterThan(30);
    byte[] longer = PngSpec.flat(2, 66, 0xFF00FF).encode();
    assertThatThrownBy(() -> reader.prepare(Images.sample(longer)))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TOO_LARGE))
        .hasMessageContaining("crops");
    assertThat(read(longer, 8).views(8)).hasSize(1);
  }

  /** Numbers of Ultralytics' formula: ratio, rounded size, half of the rest rounded down. */
  @ParameterizedTest
  @CsvSource({
    "1024, 1024, 640, 640, 640, 640, 0, 0",
    "1920, 1080, 640, 640, 640, 360, 0, 140",
    "1080, 1920, 640, 640, 360, 640, 140, 0",
    "100, 33, 640, 640, 640, 211, 0, 214",
    "30, 20, 64, 32, 48, 32, 8, 0",
    "5000, 1, 64, 32, 64, 1, 0, 15"
  })
  void aLetterboxedPictureStandsInTheMiddle(
      int width, int height, int columns, int rows, int wide, int high, int left, int top) {
    assertThat(Placement.all(box(columns, rows), width, height))
        .containsExactly(new Placement(wide, high, left, top));
  }

  @Test
  void aPlaceInTheRectangleIsOneInThePicture() {
    Placement letterboxed = Placement.all(box(640, 640), 1920, 1080).getFirst();
    assertThat(letterboxed.xInPicture(320)).isEqualTo(0.5);
    assertThat(letterboxed.yInPicture(140)).isZero();
    assertThat(letterboxed.yInPicture(500)).isEqualTo(1);
    assertThat(letterboxed.yInPicture(0)).isNegative();
    Placement right = Placement.all(crop(224, 224), 1792, 1024).getLast();
    assertThat(right.xInPicture(224)).isEqualTo(1);
    assertThat(right.xInPicture(0)).isEqualTo(168 / 392.0);
  }

  @ParameterizedTest
  @EnumSource(Kernel.class)
  void whatSurroundsALetterboxedPictureHasTheCardsColour(Kernel kernel) throws Exception {
    Framing framing = new Framing(16, 12, new Framing.Letterbox(10, 20, 30), kernel);
    PictureReader reader = new PictureReader(ImageLimits.DEFAULTS, Set.of(framing));
    byte[] file = PngSpec.flat(40, 40, 0xFF8000).encode();
    View view = reader.prepare(Images.sample(file)).views(framing).getFirst();
    assertThat(view.placement()).isEqualTo(new Placement(12, 12, 2, 0));
    float[][] inside = {{255}, {128}, {0}};
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 16; x++) {
          float expected = x < 2 || x > 13 ? 10 * (channel + 1) : inside[channel][0];
          assertThat(view.pixels()[(channel * 12 + y) * 16 + x])
              .as("%s at %d, %d", kernel, x, y)
              .isCloseTo(expected, within(0.01f));
        }
      }
    }
  }

  /** A crop is the same part of the picture that stretching the whole one shows there. */
  @Test
  void aCropShowsItsPartOfThePicture() throws Exception {
    byte[] file = PngSpec.random(new SplittableRandom(3), 60, 20, 2, 8).encode();
    Framing crops = crop(10, 10);
    Framing whole = new Framing(30, 10, new Framing.Stretch(), Kernel.AREA);
    PictureReader reader = new PictureReader(ImageLimits.DEFAULTS, Set.of(crops, whole));
    Picture picture = reader.prepare(Images.sample(file));
    float[] all = picture.views(whole).getFirst().pixels();
    assertThat(picture.views(crops)).hasSize(3);
    for (View view : picture.views(crops)) {
      for (int i = 0; i < 300; i++) {
        int x = i % 10 - view.placement().left();
        float expected = all[(i / 100) * 300 + i / 10 % 10 * 30 + x];
        assertThat(view.pixels()[i]).isCloseTo(expected, within(0.01f));
      }
    }
  }
}
