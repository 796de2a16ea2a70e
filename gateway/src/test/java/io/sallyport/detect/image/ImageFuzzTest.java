package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.UnavailableException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign bytes are a picture or a refusal, and nothing else escapes. */
class ImageFuzzTest {
  private static final ImageLimits SMALL =
      Images.limits(1 << 20, 512, 1 << 16, 512, 1 << 21, Duration.ZERO);
  private static final PictureReader READER = new PictureReader(SMALL, Images.squares(5));
  private static final PngReader PNG = new PngReader(Optional.empty());
  private static final PictureReader MACHINE =
      new PictureReader(SMALL, Images.squares(5), Images.MACHINE);

  /** Whole files, and files with a few bytes changed, moved or missing. */
  static Stream<byte[]> seeds() {
    SplittableRandom random = new SplittableRandom(42);
    List<byte[]> files = new ArrayList<>(Images.oneOfEach());
    for (String name : List.of("opaque", "alpha", "turned", "grid", "sequence")) {
      files.add(Images.resource(name + ".avif"));
    }
    List<byte[]> seeds = new ArrayList<>(files);
    for (byte[] file : files) {
      for (int i = 0; i < 15; i++) {
        seeds.add(mutated(random, file));
      }
    }
    return seeds.stream();
  }

  private static byte[] mutated(SplittableRandom random, byte[] file) {
    byte[] copy = file.clone();
    for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(60, copy.length) : copy.length);
      int from = random.nextInt(copy.length);
      int length = Math.min(random.nextInt(1, 9), copy.length - Math.max(at, from));
      System.arraycopy(copy, from, copy, at, length);
      copy[at] = (byte) random.nextInt(256);
    }
    return copy;
  }

  @MethodSource("seeds")
  @FuzzTest
  void theDoorLetsPicturesInOrRefuses(byte[] data) {
    try {
      Picture picture = READER.prepare(Images.sample(data));
      assertThat(picture.views(5)).isNotEmpty();
    } catch (UnavailableException expected) {
      assertThat(expected.why()).isNotNull();
    }
  }

  /**
   * What Java lets in, the libraries let in, and but for a JPEG as the same picture: its transform
   * overflows elsewhere when a broken table makes its numbers too large.
   */
  @MethodSource("seeds")
  @FuzzTest
  void theLibrariesOfThisMachineAgree(byte[] data) {
    Optional<Picture> byJava = picture(READER, data);
    Optional<Picture> byMachine = picture(MACHINE, data);
    if (byJava.isPresent()) {
      assertThat(byMachine).isPresent();
      Object[] seen = byMachine.get().views(5).toArray();
      assertThat(
              byJava.get().format() == ImageFormat.JPEG
                  || Arrays.deepEquals(seen, byJava.get().views(5).toArray()))
          .isTrue();
    }
  }

  private static Optional<Picture> picture(PictureReader reader, byte[] data) {
    try {
      return Optional.of(reader.prepare(Images.sample(data)));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void headersAreWithinTheLimitsOrRefused(byte[] data) {
    try {
      ImageHeader header = ImageHeader.read(FileBytes.of(ByteBuffer.wrap(data)), SMALL);
      assertThat(header.width()).isBetween(1, SMALL.maxSide());
      assertThat(header.height()).isBetween(1, SMALL.maxSide());
    } catch (UnavailableException expected) {
      assertThat(expected.why()).isNotNull();
    }
  }

  /** The bytes choose a header and fill its rows: lengths, filters and checksums hold. */
  @MethodSource("seeds")
  @FuzzTest
  void rowsOfAnyBytesAreReadOrRefused(byte[] data) {
    if (data.length < 4) {
      return;
    }
    int colour = new int[] {0, 2, 3, 4, 6}[(data[0] & 0xFF) % 5];
    int depth = 1 << (data[1] & 0xFF) % 5;
    int width = 1 + (data[2] & 31);
    int height = 1 + (data[3] & 31);
    int interlace = data[1] >>> 7 & 1;
    int bits = depth * PngSpec.channels(colour);
    byte[] file =
        PngSpec.file(
            PngSpec.header(width, height, depth, colour, interlace),
            colour == 3 ? PngSpec.chunk("PLTE", new byte[6]) : new byte[0],
            PngSpec.chunk("IDAT", PngSpec.deflate(rows(data, width, height, bits, interlace))),
            PngSpec.chunk("IEND"));
    try {
      FileBytes bytes = FileBytes.of(ByteBuffer.wrap(file));
      PngHeader header = (PngHeader) ImageHeader.read(bytes, SMALL);
      PNG.read(bytes, header, Images.averager(width, height, 5));
    } catch (UnavailableException expected) {
      assertThat(expected).hasMessageMatching("no such colour.*|.*beyond the palette|.*row filter");
    }
  }

  private static byte[] rows(byte[] data, int width, int height, int bits, int interlace) {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int from = 4;
    for (PngPass pass : interlace == 1 ? PngPass.ADAM7 : PngPass.WHOLE) {
      int columns = pass.columns(width);
      for (int y = columns == 0 ? height : pass.y(); y < height; y += pass.dy()) {
        rows.write((data[from++ % data.length] & 0xFF) % (from % 64 == 0 ? 6 : 5));
        for (int i = 0; i < (columns * bits + 7) / 8; i++) {
          rows.write(data[from++ % data.length]);
        }
      }
    }
    return rows.toByteArray();
  }
}
