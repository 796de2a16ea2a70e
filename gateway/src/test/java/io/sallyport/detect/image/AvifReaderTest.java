package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AVIFs of the folder {@code avif}, whose README tells what they show. */
class AvifReaderTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private static byte[] file(String name) throws IOException {
    try (InputStream in = AvifReaderTest.class.getResourceAsStream("avif/" + name + ".avif")) {
      return in.readAllBytes();
    }
  }

  private static void needAvif() {
    boolean there =
        Images.MACHINE.decoders().stream().anyMatch(info -> info.decoder().equals("libavif"));
    assumeTrue(there, "libavif with dav1d is not installed: no AVIF was decoded");
  }

  private static Pixels drawn(boolean alpha) {
    int[] argb = new int[WIDTH * HEIGHT];
    for (int i = 0; i < argb.length; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      int opacity = alpha ? 255 - 3 * x : 255;
      argb[i] = opacity << 24 | (4 * x & 255) << 16 | (5 * y & 255) << 8 | (x ^ y);
    }
    return new Pixels(WIDTH, HEIGHT, argb);
  }

  private static Picture read(Codecs codecs, byte[] file, int width, int height, int side)
      throws UnavailableException {
    ViewAverager averager = Images.averager(width, height, side);
    FileBytes bytes = FileBytes.of(ByteBuffer.wrap(file));
    codecs.avifReader().read(bytes, width, height, averager);
    return new Picture(ImageFormat.PNG, width, height, averager.finish());
  }

  private static Cause refusal(Codecs codecs, byte[] file, int width, int height) {
    UnavailableException refusal =
        catchThrowableOfType(
            UnavailableException.class, () -> read(codecs, file, width, height, 4));
    assertThat(refusal).as("refused").isNotNull();
    return refusal.why();
  }

  @ParameterizedTest
  @CsvSource({"lossless, false, 0.01", "alpha, true, 0.01", "deep, false, 4", "lossy, false, 12"})
  void picturesAreSeenAsTheyWereDrawn(String name, boolean alpha, double tolerance)
      throws Exception {
    needAvif();
    Picture picture = read(Images.MACHINE, file(name), WIDTH, HEIGHT, 12);
    drawn(alpha).assertAveragedBy(picture, 12, tolerance);
  }

  @Test
  void anotherSizeThanTheHeaderSaidIsUndecodable() throws Exception {
    needAvif();
    byte[] file = file("lossless");
    for (int[] size : new int[][] {{64, 47}, {64, 49}, {63, 48}, {65, 48}, {640, 480}, {8, 8}}) {
      assertThat(refusal(Images.MACHINE, file, size[0], size[1])).isEqualTo(Cause.UNDECODABLE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossless", "alpha", "lossy", "deep"})
  void aFileCutAnywhereIsUndecodable(String name) throws Exception {
    needAvif();
    byte[] file = file(name);
    for (int part = 1; part < 32; part++) {
      byte[] cut = Arrays.copyOf(file, file.length * part / 32);
      assertThat(refusal(Images.MACHINE, cut, WIDTH, HEIGHT)).isEqualTo(Cause.UNDECODABLE);
    }
  }

  /** Changed bytes are a picture of the same size or a refusal, and the process lives on. */
  @Test
  void changedBytesAreAPictureOrARefusal() throws Exception {
    needAvif();
    SplittableRandom random = new SplittableRandom(11);
    for (String name : new String[] {"lossless", "alpha", "lossy", "deep"}) {
      for (int round = 0; round < 100; round++) {
        byte[] file = file(name);
        for (int edits = random.nextInt(1, 5); edits > 0; edits--) {
          file[random.nextInt(file.length)] = (byte) random.nextInt(256);
        }
        try {
          assertThat(read(Images.MACHINE, file, WIDTH, HEIGHT, 4).views(4)).isNotEmpty();
        } catch (UnavailableException e) {
          assertThat(e.why()).isEqualTo(Cause.UNDECODABLE);
        }
      }
    }
  }

  @Test
  void withoutALibraryTheFormatIsUnsupported() throws Exception {
    Codecs none = Codecs.open(NativeUse.OFF);
    assertThat(refusal(none, file("lossless"), WIDTH, HEIGHT)).isEqualTo(Cause.UNSUPPORTED);
  }

  /** That the format is unsupported is known at once, and no memory is taken or waited for. */
  @Test
  void withoutALibraryNoMemoryIsAskedForBeforeTheFormatIsUnsupported() throws Exception {
    ImageLimits all = ImageLimits.DEFAULTS;
    ImageLimits noRoom =
        new ImageLimits(
            all.maxBytes(),
            all.maxSide(),
            all.maxPixels(),
            all.maxPixelsPerByte(),
            all.maxAspect(),
            all.maxFrames(),
            all.judgedFrames(),
            1,
            all.maxWait());
    PictureReader reader =
        new PictureReader(noRoom, Set.of(Framing.square(8)), Codecs.open(NativeUse.OFF));
    Sample image = new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.wrap(file("lossless")));
    UnavailableException refusal =
        catchThrowableOfType(UnavailableException.class, () -> reader.prepare(image));
    assertThat(refusal.why()).isEqualTo(Cause.UNSUPPORTED);
  }

  @Test
  void aFrameIsCountedWithAllThatItsDecoderHolds() {
    assertThat(AvifReader.frameBytes(1000, 1000)).isEqualTo(24_000_000);
    assertThat(AvifReader.frameBytes(65_535, 65_535)).isPositive();
  }
}
