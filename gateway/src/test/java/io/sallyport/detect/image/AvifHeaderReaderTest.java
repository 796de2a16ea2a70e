package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that avifenc wrote; see make.py. */
class AvifHeaderReaderTest {
  private static final byte[] OPAQUE = Images.resource("opaque.avif");

  @ParameterizedTest
  @CsvSource({
    "opaque, 24, 18, 8, false, NORMAL",
    "alpha, 24, 18, 8, true, NORMAL",
    "deep, 24, 18, 10, false, NORMAL",
    "turned, 24, 18, 8, false, TRANSPOSED",
    "grid, 128, 128, 8, false, NORMAL"
  })
  void theHeaderSaysWhatTheFileIs(
      String name, int width, int height, int depth, boolean alpha, Orientation orientation)
      throws Exception {
    AvifHeader header = (AvifHeader) Images.header(Images.resource(name + ".avif"));
    assertThat(header.width()).isEqualTo(width);
    assertThat(header.height()).isEqualTo(height);
    assertThat(header.depth()).isEqualTo(depth);
    assertThat(header.alpha()).isEqualTo(alpha);
    assertThat(header.orientations()).containsExactly(orientation);
  }

  /**
   * Exif's numbers for them, as libavif pairs them in {@code avifImageExtractExifOrientation...}.
   */
  @ParameterizedTest
  @CsvSource({
    "0, -1, 1",
    "0, 1, 2",
    "2, -1, 3",
    "0, 0, 4",
    "1, 0, 5",
    "3, -1, 6",
    "3, 0, 7",
    "1, -1, 8"
  })
  void rotationAndMirroringMakeOneOrientation(int turns, int axis, int exif) {
    assertThat(AvifItems.orientation(turns, axis)).isEqualTo(Orientation.ofExif(exif));
  }

  /**
   * The picture turned first and then mirrored left to right is it turned by as much and a half
   * turn more, upside down.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void bothMirrorsAreAHalfTurnApart(int turns) {
    assertThat(AvifItems.orientation(turns, 1))
        .isEqualTo(AvifItems.orientation((turns + 2) % 4, 0));
  }

  @Test
  void withoutADecoderItIsUnsupported() {
    assertNotDecodedBy(Images.reader(8), OPAQUE);
  }

  private static void assertNotDecodedBy(PictureReader reader, byte[] file) {
    UnavailableException refusal =
        catchThrowableOfType(UnavailableException.class, () -> reader.prepare(Images.sample(file)));
    assertThat(refusal.why()).isEqualTo(Cause.UNSUPPORTED);
    assertThat(refusal).hasMessageContaining("no AVIF decoder");
  }

  /** The library gives pixels as stored; turning them is done here, once. */
  @Test
  void thePictureIsTurnedAsItsBoxesSay() throws Exception {
    boolean there =
        Images.MACHINE.decoders().stream().anyMatch(info -> info.decoder().equals("libavif"));
    assumeTrue(there, "libavif with dav1d is not installed: no AVIF was decoded");
    Picture stored = Images.machineReader(6).prepare(Images.sample(OPAQUE));
    Picture turned = Images.machineReader(6).prepare(Images.sample(Images.resource("turned.avif")));
    float[] expected = Orientation.TRANSPOSED.show(stored.views(6).getFirst(), 6, 6);
    assertThat(turned.format()).isEqualTo(ImageFormat.AVIF);
    assertThat(turned.views(6).getFirst()).containsExactly(expected, within(0.01f));
    assertThat(stored.views(6).getFirst()).isNotEqualTo(expected);
  }

  @Test
  void sequencesAndCropsAreUnsupported() {
    assertRefused(Images.resource("sequence.avif"), Cause.UNSUPPORTED, "sequence");
    assertRefused(Images.resource("cropped.avif"), Cause.UNSUPPORTED, "cropped");
    assertRefused(PngSpec.concat(OPAQUE, box("moov")), Cause.UNSUPPORTED, "sequence");
    byte[] branded = OPAQUE.clone();
    ByteBuffer.wrap(branded).putInt(20, 0x61766973);
    assertRefused(branded, Cause.UNSUPPORTED, "sequence");
  }

  @Test
  void otherBrandsAreUnsupported() {
    byte[] heic = OPAQUE.clone();
    for (int at = 8; at < ByteBuffer.wrap(OPAQUE).getInt(0); at += 4) {
      if (at != 12) {
        ByteBuffer.wrap(heic).putInt(at, 0x68656963);
      }
    }
    assertRefused(heic, Cause.UNSUPPORTED, "no format");
  }

  @Test
  void aFileCutAfterItsMagicIsUndecodable() {
    for (String name : List.of("opaque", "alpha", "turned", "grid")) {
      byte[] file = Images.resource(name + ".avif");
      for (int length = 8; length < file.length; length += Math.max(1, file.length / 300)) {
        assertRefused(Arrays.copyOf(file, length), Cause.UNDECODABLE, "");
      }
    }
  }

  /** The data box may say that it goes on to the end: what an item needs must be there. */
  @Test
  void dataCutShortUnderABoxThatGoesToTheEndIsUndecodable() {
    int data = indexOf(OPAQUE, "mdat");
    byte[] open = OPAQUE.clone();
    ByteBuffer.wrap(open).putInt(data - 4, 0);
    assertNotDecodedBy(Images.reader(8), open);
    assertRefused(Arrays.copyOf(open, open.length - 1), Cause.UNDECODABLE, "not in the file");
  }

  @Test
  void whatIsNoBoxAfterTheLastOneIsUndecodable() {
    assertRefused(PngSpec.concat(OPAQUE, new byte[1]), Cause.UNDECODABLE, "no box");
    assertRefused(PngSpec.concat(OPAQUE, Images.oneOfEach().get(4)), Cause.UNDECODABLE, "");
    assertRefused(PngSpec.concat(OPAQUE, OPAQUE), Cause.UNDECODABLE, "brands");
  }

  @Test
  void aBrokenStructureIsUndecodable() {
    byte[] start = Arrays.copyOf(OPAQUE, ByteBuffer.wrap(OPAQUE).getInt(0));
    assertRefused(start, Cause.UNDECODABLE, "without an image");
    byte[] meta = Arrays.copyOfRange(OPAQUE, start.length, indexOf(OPAQUE, "mdat") - 4);
    assertRefused(PngSpec.concat(start, box("meta")), Cause.UNDECODABLE, "too short");
    assertRefused(PngSpec.concat(OPAQUE, meta), Cause.UNDECODABLE, "second description");
    assertRefused(
        PngSpec.concat(start, box("meta", new byte[4])), Cause.UNDECODABLE, "a side is zero");
    byte[] noSize = OPAQUE.clone();
    noSize[indexOf(OPAQUE, "ispe")] = 'x';
    assertRefused(noSize, Cause.UNDECODABLE, "a side is zero");
    byte[] fewer = OPAQUE.clone();
    fewer[indexOf(OPAQUE, "ipma") + 4 + 4 + 4 + 2 + 1] = 0x7F;
    assertRefused(fewer, Cause.UNDECODABLE, "not there");
    assertRefused(changed("ispe", -4, Integer.MAX_VALUE), Cause.UNDECODABLE, "beyond");
  }

  @Test
  void aBombIsRefusedByItsHeaderAlone() {
    assertRefused(changed("ispe", 8, 60_000), Cause.TOO_LARGE, "a side");
    assertRefused(changed("ispe", 12, -1), Cause.UNDECODABLE, "a side is zero");
    byte[] large = changed("ispe", 8, 16_000);
    ByteBuffer.wrap(large).putInt(indexOf(large, "ispe") + 12, 16_000);
    assertRefused(large, Cause.TOO_LARGE, "pixels");
  }

  /** An item's place may be given by more parts than any picture has. */
  @Test
  void tooManyPartsAreTooLarge() {
    ByteBuffer places = ByteBuffer.allocate(8 + 2 * 6);
    places.putInt(0).putShort((short) 0).putShort((short) 2);
    for (int item = 0; item < 2; item++) {
      places.putShort((short) item).putShort((short) 0).putShort((short) -1);
    }
    byte[] start = Arrays.copyOf(OPAQUE, ByteBuffer.wrap(OPAQUE).getInt(0));
    byte[] meta = box("meta", PngSpec.concat(new byte[4], box("iloc", places.array())));
    assertRefused(PngSpec.concat(start, meta), Cause.TOO_LARGE, "too many parts");
    byte[] none = new byte[8 * 513];
    for (int at = 0; at < none.length; at += 8) {
      System.arraycopy(box("free"), 0, none, at, 8);
    }
    byte[] many = box("meta", PngSpec.concat(new byte[4], box("iprp", box("ipco", none))));
    assertRefused(PngSpec.concat(start, many), Cause.TOO_LARGE, "too many properties");
  }

  private static byte[] changed(String box, int offset, int value) {
    byte[] file = OPAQUE.clone();
    ByteBuffer.wrap(file).putInt(indexOf(file, box) + offset, value);
    return file;
  }

  private static byte[] box(String type, byte... data) {
    return ByteBuffer.allocate(8 + data.length)
        .putInt(8 + data.length)
        .put(type.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }

  private static int indexOf(byte[] file, String type) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(type);
  }
}
