package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static io.sallyport.detect.image.Images.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngReaderTest {
  private static final double ROUNDING = 0.01;

  /** Every legal colour type and bit depth. */
  static Stream<int[]> kinds() {
    return Stream.of(
        new int[] {0, 1},
        new int[] {0, 2},
        new int[] {0, 4},
        new int[] {0, 8},
        new int[] {0, 16},
        new int[] {2, 8},
        new int[] {2, 16},
        new int[] {3, 1},
        new int[] {3, 2},
        new int[] {3, 4},
        new int[] {3, 8},
        new int[] {4, 8},
        new int[] {4, 16},
        new int[] {6, 8},
        new int[] {6, 16});
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfEverySizeAndInterlaceIsAveragedExactly(int[] kind) throws Exception {
    long seed = 1000L * kind[0] + kind[1];
    SplittableRandom random = new SplittableRandom(seed);
    int[][] sizes = {{1, 1}, {2, 3}, {5, 1}, {1, 9}, {4, 4}, {7, 8}, {16, 16}, {33, 21}, {61, 90}};
    for (int[] size : sizes) {
      PngSpec spec = PngSpec.random(random, size[0], size[1], kind[0], kind[1]);
      spec.pixels().assertAveragedBy(read(spec.encode(), 13), 13, ROUNDING);
      PngSpec interlaced = spec.withInterlace();
      spec.pixels().assertAveragedBy(read(interlaced.encode(), 13), 13, ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theTestsOwnWriterIsUnderstoodByImageIo(int[] kind) {
    SplittableRandom random = new SplittableRandom(5);
    PngSpec spec = PngSpec.random(random, 33, 21, kind[0], kind[1]);
    for (PngSpec each : new PngSpec[] {spec, spec.withInterlace()}) {
      Raster raster = Images.imageIoRead(each.encode(), "png").getRaster();
      int[] samples = raster.getPixels(0, 0, 33, 21, (int[]) null);
      assertThat(samples).isEqualTo(spec.samples());
    }
  }

  @Test
  void picturesWrittenByImageIoAreAveragedAsImageIoReadsThem() throws Exception {
    for (boolean alpha : new boolean[] {false, true}) {
      Pixels pixels = Images.slopes(301, 173, alpha);
      int type = alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
      for (boolean interlaced : new boolean[] {false, true}) {
        byte[] file = Images.imageIoPng(pixels.image(type), interlaced);
        Pixels expected = Pixels.of(Images.imageIoRead(file, "png"));
        expected.assertAveragedBy(read(file, 32), 32, ROUNDING);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void everyFilterIsUndoneForEveryPixelWidth(int filter) throws Exception {
    SplittableRandom random = new SplittableRandom(filter);
    for (int[] kind : kinds().toList()) {
      for (int width : new int[] {1, 2, 3, 40}) {
        PngSpec spec = PngSpec.random(random, width, 11, kind[0], kind[1]).withFilter(filter);
        spec.pixels().assertAveragedBy(read(spec.encode(), 7), 7, ROUNDING);
      }
    }
  }

  @Test
  void aFifthFilterIsUndecodable() {
    PngSpec spec = PngSpec.flat(4, 4, 0xFF00FF);
    byte[] raw = spec.raw();
    raw[0] = 5;
    assertRefused(withRaw(spec, raw), Cause.UNDECODABLE, "filter");
  }

  @Test
  void aPictureSmallerThanTheGridIsSpreadOverIt() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(3), 3, 2, 2, 8);
    spec.pixels().assertAveragedBy(read(spec.encode(), 224), 224, ROUNDING);
  }

  @Test
  void rowsWiderThanTheInflatersBlockAreWhole() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(3), 16_000, 5, 6, 16);
    Picture picture = Images.strips(5).prepare(Images.sample(spec.encode()));
    spec.pixels().assertAveragedBy(picture, 5, ROUNDING);
  }

  @Test
  void dataInChunksOfOneByteIsReadTheSame() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(4), 20, 20, 2, 8).withChunk(1);
    spec.pixels().assertAveragedBy(read(spec.encode(), 6), 6, ROUNDING);
  }

  @Test
  void emptyDataChunksAreSkipped() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(4), 20, 20, 2, 8);
    byte[] none = PngSpec.chunk("IDAT");
    byte[] data = spec.data(PngSpec.deflate(spec.raw()));
    byte[] file = PngSpec.file(spec.header(), none, data, none, PngSpec.chunk("IEND"));
    spec.pixels().assertAveragedBy(read(file, 6), 6, ROUNDING);
  }

  @Test
  void transparencyOfPaletteAndKeyPartsTheViews() throws Exception {
    SplittableRandom random = new SplittableRandom(9);
    PngSpec indexed = PngSpec.random(random, 30, 30, 3, 8).withTransparency((byte) 7);
    assertParted(indexed);
    PngSpec grey = PngSpec.random(random, 30, 30, 0, 4);
    assertParted(grey.withTransparency((byte) 0, (byte) grey.samples()[100]));
    PngSpec deepGrey = PngSpec.random(random, 30, 30, 0, 16);
    int key = deepGrey.samples()[100];
    assertParted(deepGrey.withTransparency((byte) (key >> 8), (byte) key));
    PngSpec rgb = PngSpec.random(random, 30, 30, 2, 8);
    int[] at = Arrays.copyOfRange(rgb.samples(), 300, 303);
    assertParted(
        rgb.withTransparency(
            (byte) 0, (byte) at[0], (byte) 0, (byte) at[1], (byte) 0, (byte) at[2]));
  }

  private static void assertParted(PngSpec spec) throws UnavailableException {
    assertThat(spec.pixels().opaque()).isFalse();
    spec.pixels().assertAveragedBy(read(spec.encode(), 9), 9, ROUNDING);
    spec.pixels().assertAveragedBy(read(spec.withInterlace().encode(), 9), 9, ROUNDING);
  }

  @Test
  void anOpaquePictureWithAnAlphaChannelHasOneView() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(2), 20, 20, 6, 8);
    for (int i = 3; i < spec.samples().length; i += 4) {
      spec.samples()[i] = 255;
    }
    assertThat(read(spec.encode(), 5).views(5)).hasSize(1);
    spec.samples()[4 * 399 + 3] = 254;
    assertThat(read(spec.encode(), 5).views(5)).hasSize(3);
  }

  @Test
  void aPictureHiddenUnderFullTransparencyIsSeenInTheBareView() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(2), 8, 8, 6, 8);
    for (int i = 0; i < spec.samples().length; i++) {
      spec.samples()[i] = new int[] {255, 0, 255, 0}[i % 4];
    }
    Picture picture = read(spec.encode(), 1);
    assertThat(picture.views(1).get(0)).containsExactly(new float[] {0, 0, 0}, within(0.001f));
    assertThat(picture.views(1).get(1))
        .containsExactly(new float[] {255, 255, 255}, within(0.001f));
    assertThat(picture.views(1).get(2)).containsExactly(new float[] {255, 0, 255}, within(0.001f));
  }

  @Test
  void aDirectBufferWithAnOffsetIsReadAndLeftAsItWas() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(6), 50, 40, 2, 8);
    byte[] file = spec.encode();
    ByteBuffer direct = ByteBuffer.allocateDirect(file.length + 9).position(9).put(file).flip();
    ByteBuffer bytes = direct.position(9);
    Picture picture = Images.reader(8).prepare(new Sample.Image(Stage.OUTPUT_IMAGE, bytes));
    spec.pixels().assertAveragedBy(picture, 8, ROUNDING);
    assertThat(bytes.position()).isEqualTo(9);
    assertThat(bytes.remaining()).isEqualTo(file.length);
  }

  @Test
  void lessDataThanTheHeaderCallsForIsUndecodable() {
    PngSpec spec = PngSpec.flat(9, 9, 0xFF00FF);
    byte[] raw = spec.raw();
    byte[] shorter = Arrays.copyOf(raw, raw.length - 1);
    assertRefused(withRaw(spec, shorter), Cause.UNDECODABLE, "less image data");
    assertRefused(withRaw(spec, new byte[0]), Cause.UNDECODABLE, "less image data");
  }

  @Test
  void moreDataThanTheHeaderCallsForIsUndecodable() {
    PngSpec spec = PngSpec.flat(9, 9, 0xFF00FF);
    byte[] raw = spec.raw();
    byte[] longer = Arrays.copyOf(raw, raw.length + 1);
    assertRefused(withRaw(spec, longer), Cause.UNDECODABLE, "more image data");
    byte[] bomb = Arrays.copyOf(raw, 50_000_000);
    assertRefused(withRaw(spec, bomb), Cause.UNDECODABLE, "more image data");
  }

  @Test
  void dataAfterTheCompressedStreamIsUndecodable() {
    PngSpec spec = PngSpec.flat(9, 9, 0xFF00FF);
    byte[] deflated = PngSpec.deflate(spec.raw());
    byte[] tail = {1, 2, 3};
    byte[] within = spec.data(PngSpec.concat(deflated, tail));
    byte[] beside = PngSpec.concat(spec.data(deflated), spec.data(tail));
    byte[] end = PngSpec.chunk("IEND");
    for (byte[] data : new byte[][] {within, beside}) {
      byte[] file = PngSpec.file(spec.header(), data, end);
      assertRefused(file, Cause.UNDECODABLE, "after the compressed image");
    }
  }

  @Test
  void aStreamWithoutItsOwnChecksumIsUndecodable() {
    PngSpec spec = PngSpec.flat(9, 9, 0xFF00FF);
    byte[] deflated = PngSpec.deflate(spec.raw());
    byte[] cut = Arrays.copyOf(deflated, deflated.length - 4);
    byte[] file = PngSpec.file(spec.header(), spec.data(cut), PngSpec.chunk("IEND"));
    assertRefused(file, Cause.UNDECODABLE, "ends early");
    deflated[deflated.length - 1] ^= 1;
    byte[] wrong = PngSpec.file(spec.header(), spec.data(deflated), PngSpec.chunk("IEND"));
    assertRefused(wrong, Cause.UNDECODABLE, "corrupt");
  }

  /** RFC 1950: what is before the data and behind it may lie in several chunks. */
  @Test
  void aStreamMayBeCutIntoChunksAnywhere() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(8), 20, 10, 2, 8);
    for (int chunk = 1; chunk < 6; chunk++) {
      PngSpec cut = spec.withChunk(chunk);
      cut.pixels().assertAveragedBy(read(cut.encode(), 5), 5, 0.01);
    }
  }

  /** Another method, a window beyond 32 KiB, a dictionary, and a wrong check of the two bytes. */
  @Test
  void aStreamThatIsNotOneOfDeflateIsUndecodable() {
    PngSpec spec = PngSpec.flat(9, 9, 0xFF00FF);
    for (int header : new int[] {0x7709, 0x881C, 0x78BB, 0x789D}) {
      byte[] deflated = PngSpec.deflate(spec.raw());
      deflated[0] = (byte) (header >> 8);
      deflated[1] = (byte) header;
      byte[] file = PngSpec.file(spec.header(), spec.data(deflated), PngSpec.chunk("IEND"));
      assertRefused(file, Cause.UNDECODABLE, "corrupt");
    }
  }

  @Test
  void aSampleBeyondThePaletteIsUndecodable() {
    byte[] palette = {1, 2, 3, 4, 5, 6};
    for (int depth : new int[] {2, 4, 8}) {
      PngSpec spec =
          new PngSpec(2, 2, depth, 3, false, 0, 99, new int[] {0, 1, 2, 0}, palette, new byte[0]);
      assertRefused(spec.encode(), Cause.UNDECODABLE, "beyond the palette");
    }
  }

  @Test
  void afterAFailureTheNextPictureIsReadWell() throws Exception {
    PngSpec spec = PngSpec.random(new SplittableRandom(8), 40, 30, 2, 8);
    byte[] corrupt = withRaw(spec, Arrays.copyOf(spec.raw(), 2000));
    PictureReader reader = Images.reader(8);
    for (int round = 0; round < 3; round++) {
      try {
        reader.prepare(Images.sample(corrupt));
        assertThat(false).as("refused").isTrue();
      } catch (UnavailableException e) {
        assertThat(e.why()).isEqualTo(Cause.UNDECODABLE);
      }
      spec.pixels().assertAveragedBy(reader.prepare(Images.sample(spec.encode())), 8, ROUNDING);
    }
  }

  private static byte[] withRaw(PngSpec spec, byte[] raw) {
    byte[] data = spec.data(PngSpec.deflate(raw));
    return PngSpec.file(spec.header(), data, PngSpec.chunk("IEND"));
  }
}
