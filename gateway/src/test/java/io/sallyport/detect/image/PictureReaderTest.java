package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
  static Stream<byte[]> files() {
    return Images.oneOfEach().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyGridThatWasAskedForIsThere(byte[] file) throws Exception {
    Picture picture = Images.read(file, 3, 17);
    assertThat(picture.views().keySet()).isEqualTo(Images.squares(3, 17));
    assertThat(picture.views(17)).isNotEmpty().allMatch(view -> view.length == 3 * 17 * 17);
    assertThatThrownBy(() -> picture.views(224)).isInstanceOf(IllegalArgumentException.class);
    assertThat(picture.toString()).matches("Picture\\[(PNG|JPEG|WEBP|GIF|BMP), \\d+x\\d+]");
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileCutAnywhereIsUndecodable(byte[] file) {
    for (int part = 0; part < 16; part++) {
      assertRefused(Arrays.copyOf(file, file.length * part / 16), Cause.UNDECODABLE, "");
    }
    for (int missing = 1; missing < 20; missing++) {
      assertRefused(Arrays.copyOf(file, file.length - missing), Cause.UNDECODABLE, "");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void anythingAfterTheEndIsUndecodable(byte[] file) {
    for (byte[] tail : List.of(new byte[1], new byte[4096], file)) {
      assertRefused(PngSpec.concat(file, tail), Cause.UNDECODABLE, "");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void flippedBitsNeverEscapeAsAnythingButARefusal(byte[] file) {
    SplittableRandom random = new SplittableRandom(11);
    PictureReader reader = Images.reader(8);
    for (int round = 0; round < 400; round++) {
      byte[] copy = file.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      }
      prepared(reader, copy);
    }
  }

  @Test
  void aFlippedBitInADecodedChunkOfAPngIsAlwaysNoticed() {
    byte[] file = Images.oneOfEach().getFirst();
    PictureReader reader = Images.reader(8);
    for (int at = 0; at < file.length; at++) {
      byte[] copy = file.clone();
      copy[at] ^= 0x10;
      assertThat(prepared(reader, copy)).as("flip at %d", at).isFalse();
    }
  }

  /** True when it is a picture, false when it is refused; anything else fails the test. */
  private static boolean prepared(PictureReader reader, byte[] file) {
    try {
      Picture picture = reader.prepare(Images.sample(file));
      assertThat(picture.views(8)).isNotEmpty();
      return true;
    } catch (UnavailableException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GIF88a",
        "II*\u0000",
        "MM\u0000*",
        "\u0000\u0000\u0001\u0000",
        "\u0000\u0000\u0003\u00E8ftypheic",
        "<svg xmlns=",
        "%PDF-1.7",
        "RIFF\u0004\u0000\u0000\u0000WAVE",
        "\u00FF\n..",
        "\u0089PNX\r\n\u001A\n"
      })
  void otherFormatsAreUnsupported(String magic) {
    byte[] start = magic.getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(Arrays.copyOf(start, 1000), Cause.UNSUPPORTED, "no format");
  }

  @Test
  void aFileThatLiesAboutItsFormatIsUndecodable() {
    byte[] png = Images.oneOfEach().get(0);
    byte[] jpeg = Images.oneOfEach().get(4);
    byte[] webp = Images.oneOfEach().get(7);
    byte[] jpegMagic = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    assertRefused(PngSpec.concat(jpegMagic, png), Cause.UNDECODABLE, "");
    assertRefused(PngSpec.concat(PngSpec.MAGIC, jpeg), Cause.UNDECODABLE, "");
    assertRefused(
        PngSpec.concat(Arrays.copyOf(webp, 12), Arrays.copyOfRange(png, 12, png.length)),
        Cause.UNDECODABLE,
        "");
  }

  @Test
  void emptyAndTinyFilesAreUndecodable() {
    assertRefused(new byte[0], Cause.UNDECODABLE, "ends early");
    assertRefused(new byte[3], Cause.UNDECODABLE, "ends early");
  }

  @Test
  void aTextIsAMistakeOfTheCaller() {
    Sample text = new Sample.Text(Stage.PROMPT, "a dog");
    assertThatThrownBy(() -> Images.reader(8).prepare(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sidesOutOfRangeAreRefusedAtOnce() {
    assertThatThrownBy(() -> new PictureReader(ImageLimits.DEFAULTS, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    for (int side : new int[] {0, 1025}) {
      assertThatThrownBy(() -> Framing.square(side)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void picturesReadAtOnceByManyThreadsAreTheSame() throws Exception {
    for (PictureReader reader : new PictureReader[] {Images.reader(8), Images.machineReader(8)}) {
      for (byte[] file : Images.oneOfEach()) {
        Sample sample = Images.sample(file);
        float[] expected = reader.prepare(sample).views(8).getFirst();
        List<float[]> all =
            Stream.generate(() -> sample)
                .limit(40)
                .parallel()
                .map(each -> first(reader, each))
                .toList();
        assertThat(all).hasSize(40).allSatisfy(view -> assertThat(view).isEqualTo(expected));
      }
    }
  }

  @Test
  void aPictureThatWasReleasedHasNoViewsAndItsMemoryIsClean() throws Exception {
    PictureReader reader = Images.reader(8);
    Sample bright = Images.sample(PngSpec.flat(9, 9, 0xFFFFFF).encode());
    Sample dark = Images.sample(PngSpec.flat(9, 9, 0x000000).encode());
    Picture first = reader.prepare(bright);
    float[] view = first.views(8).getFirst();
    reader.release(first);
    assertThatThrownBy(() -> first.views(8)).isInstanceOf(IllegalArgumentException.class);
    Picture second = reader.prepare(dark);
    assertThat(second.views(8).getFirst()).isSameAs(view).containsOnly(0);
    assertThat(reader.prepare(dark).views(8).getFirst()).isNotSameAs(view);
  }

  @Test
  void aRefusedFrameGivesItsShareOfMemoryBack() throws Exception {
    for (byte[] file : Images.oneOfEach().subList(4, 11)) {
      ImageLimits tight = Images.limits(1 << 20, 100, 10_000, 100, 40_000, Duration.ZERO);
      PictureReader reader = new PictureReader(tight, Images.squares(8));
      byte[] corrupt = file.clone();
      Arrays.fill(corrupt, file.length / 2, file.length - 2, (byte) 0);
      for (int round = 0; round < 50; round++) {
        prepared(reader, corrupt);
      }
      assertThat(prepared(reader, file)).isTrue();
    }
  }

  private static float[] first(PictureReader reader, Sample sample) {
    try {
      return reader.prepare(sample).views(8).getFirst();
    } catch (UnavailableException e) {
      throw new AssertionError(e);
    }
  }
}
