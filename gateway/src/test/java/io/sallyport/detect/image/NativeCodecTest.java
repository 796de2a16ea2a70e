package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.luciad.imageio.webp.CompressionType;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ffm.LibDeflate;
import io.sallyport.detect.image.ffm.LibWebp;
import io.sallyport.detect.image.ffm.TurboJpeg;
import io.sallyport.detect.image.ffm.Use;
import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The libraries of this machine against Java's decoders, pixel by pixel: the grids are as large as
 * the pictures. Tests of a library that is not installed are skipped and say so.
 */
class NativeCodecTest {
  private static final int SIDE = 96;

  private static void need(String format, String library) {
    boolean there =
        Images.MACHINE.decoders().stream()
            .anyMatch(info -> info.format().equals(format) && info.decoder().equals(library));
    assumeTrue(there, library + " is not installed: " + format + " was not compared");
  }

  private static BufferedImage picture(int type) {
    return Images.slopes(SIDE, SIDE, type == BufferedImage.TYPE_INT_ARGB).image(type);
  }

  /** The most by which any pixel differs. */
  private static double difference(byte[] file) throws UnavailableException {
    float[] byJava = Images.reader(SIDE).prepare(Images.sample(file)).views(SIDE).getFirst();
    float[] byMachine =
        Images.machineReader(SIDE).prepare(Images.sample(file)).views(SIDE).getFirst();
    double most = 0;
    for (int i = 0; i < byJava.length; i++) {
      most = Math.max(most, Math.abs(byJava[i] - byMachine[i]));
    }
    return most;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, false",
    "2, 1, false",
    "2, 2, false",
    "4, 1, false",
    "4, 2, false",
    "2, 2, true"
  })
  void everyPixelOfAJpegIsTheSameWhateverItsSubsampling(
      int horizontal, int vertical, boolean progressive) throws Exception {
    need("jpeg", "libjpeg-turbo");
    byte[] file =
        JpegFiles.subsampled(
            picture(BufferedImage.TYPE_INT_RGB), horizontal, vertical, progressive);
    assertThat(difference(file)).isZero();
  }

  /** Turbo smooths between rows where libjpeg 6b repeats them; the mean does not move. */
  @Test
  void pixelsOfAJpegThatIsSubsampledDownOnlyAreNearlyTheSame() throws Exception {
    need("jpeg", "libjpeg-turbo");
    byte[] file = JpegFiles.subsampled(picture(BufferedImage.TYPE_INT_RGB), 1, 2, false);
    assertThat(difference(file)).isLessThan(64);
    double byJava = mean(Images.reader(1), file);
    assertThat(mean(Images.machineReader(1), file)).isCloseTo(byJava, within(0.5));
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static double mean(PictureReader reader, byte[] file) throws UnavailableException {
    return reader.prepare(Images.sample(file)).views(1).getFirst()[0];
  }

  @Test
  void aJpegOfAnotherSizeThanItsHeaderSaidIsRefused() throws Exception {
    need("jpeg", "libjpeg-turbo");
    TurboJpeg library = TurboJpeg.open(Use.TRUST).codec().orElseThrow();
    byte[] file = Images.jpeg(picture(BufferedImage.TYPE_INT_RGB), false);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = copy(arena, file);
      MemorySegment out = arena.allocate(3L * SIDE * SIDE * 2);
      assertThat(library.decode(in, out, SIDE, SIDE, TurboJpeg.Pixel.RGB)).isTrue();
      for (int[] size : new int[][] {{SIDE - 1, SIDE}, {SIDE, SIDE + 1}, {2 * SIDE, SIDE}}) {
        assertThat(library.decode(in, out, size[0], size[1], TurboJpeg.Pixel.RGB)).isFalse();
      }
      MemorySegment small = out.asSlice(0, 3L * SIDE * SIDE - 1);
      assertThatThrownBy(() -> library.decode(in, small, SIDE, SIDE, TurboJpeg.Pixel.RGB))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJpegCutAnywhereIsRefusedByBoth(boolean progressive) {
    byte[] file = Images.jpeg(picture(BufferedImage.TYPE_INT_RGB), progressive);
    for (int part = 1; part < 32; part++) {
      byte[] cut = Arrays.copyOf(file, file.length * part / 32);
      Images.assertRefused(cut, Cause.UNDECODABLE, "");
      cut[cut.length - 2] = (byte) 0xFF;
      cut[cut.length - 1] = (byte) 0xD9;
      Images.assertRefused(cut, Cause.UNDECODABLE, "");
    }
  }

  @ParameterizedTest
  @CsvSource({"Lossy, false", "Lossy, true", "Lossless, false", "Lossless, true"})
  void everyPixelOfAWebpIsTheSame(CompressionType type, boolean alpha) throws Exception {
    need("webp", "libwebp");
    int pixel = alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    assertThat(difference(Images.webp(picture(pixel), type))).isZero();
  }

  @Test
  void aWebpOfAnotherSizeThanItsHeaderSaidIsRefused() {
    need("webp", "libwebp");
    LibWebp library = LibWebp.open(Use.TRUST).codec().orElseThrow();
    byte[] file = Images.webp(picture(BufferedImage.TYPE_INT_RGB), CompressionType.Lossy);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = copy(arena, file);
      MemorySegment out = arena.allocate(8L * SIDE * SIDE);
      assertThat(library.decode(in, out, SIDE, SIDE)).isTrue();
      assertThat(library.decode(in, out, SIDE + 1, SIDE)).isFalse();
      assertThat(library.decode(in, out, SIDE, SIDE - 1)).isFalse();
      MemorySegment cut = in.asSlice(0, file.length / 2);
      assertThat(library.decode(cut, out, SIDE, SIDE)).isFalse();
    }
  }

  @Test
  void whatIsInflatedIsExactInBothItsEnds() {
    need("png", "libdeflate");
    LibDeflate library = LibDeflate.open(Use.TRUST).codec().orElseThrow();
    byte[] raw = new byte[5000];
    new SplittableRandom(3).nextBytes(raw);
    byte[] packed = PngSpec.deflate(raw);
    byte[] wrongSum = packed.clone();
    wrongSum[packed.length - 1] ^= 1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(raw.length);
      assertThat(library.inflate(copy(arena, packed), out)).isTrue();
      assertThat(out.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(raw);
      assertThat(library.inflate(copy(arena, packed), out.asSlice(1))).isFalse();
      assertThat(library.inflate(copy(arena, packed), arena.allocate(raw.length + 1))).isFalse();
      assertThat(library.inflate(copy(arena, wrongSum), out)).isFalse();
      byte[] longer = Arrays.copyOf(packed, packed.length + 1);
      assertThat(library.inflate(copy(arena, longer), out)).isFalse();
      byte[] cut = Arrays.copyOf(packed, packed.length - 4);
      assertThat(library.inflate(copy(arena, cut), out)).isFalse();
    }
  }

  /** A budget that holds no whole picture: its rows are streamed, and nothing is refused. */
  @Test
  void aPngNeedsNoMemoryThatOthersHold() throws Exception {
    ImageLimits tight = Images.limits(1 << 20, 512, 1 << 20, 512, 1, Duration.ZERO);
    PngSpec spec = PngSpec.random(new SplittableRandom(5), 200, 150, 2, 8);
    PictureReader reader = new PictureReader(tight, Images.squares(9), Images.MACHINE);
    spec.pixels().assertAveragedBy(reader.prepare(Images.sample(spec.encode())), 9, 0.01);
  }

  /** Each decode gives back what it took, also when it fails: the budget holds one frame only. */
  @Test
  void memoryIsGivenBackWhateverHappens() throws Exception {
    byte[] jpeg = Images.jpeg(picture(BufferedImage.TYPE_INT_RGB), false);
    byte[] broken = Arrays.copyOf(jpeg, jpeg.length / 2);
    broken[broken.length - 2] = (byte) 0xFF;
    broken[broken.length - 1] = (byte) 0xD9;
    PngSpec spec = PngSpec.random(new SplittableRandom(5), SIDE, SIDE, 2, 8);
    byte[] raw = Arrays.copyOf(spec.raw(), 5000);
    byte[] brokenPng =
        PngSpec.file(spec.header(), spec.data(PngSpec.deflate(raw)), PngSpec.chunk("IEND"));
    long budget = 2L * 3 * SIDE * SIDE;
    ImageLimits one = Images.limits(1 << 20, 512, 1 << 20, 512, budget, Duration.ZERO);
    PictureReader reader = new PictureReader(one, Images.squares(9), Images.MACHINE);
    for (int round = 0; round < 20; round++) {
      for (byte[] bad : new byte[][] {broken, brokenPng}) {
        assertThat(cause(reader, bad)).contains(Cause.UNDECODABLE);
      }
      for (byte[] good : new byte[][] {jpeg, spec.encode()}) {
        assertThat(cause(reader, good)).isEmpty();
      }
    }
  }

  private static Optional<Cause> cause(PictureReader reader, byte[] file) {
    try {
      reader.release(reader.prepare(Images.sample(file)));
      return Optional.empty();
    } catch (UnavailableException e) {
      return Optional.of(e.why());
    }
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }
}
