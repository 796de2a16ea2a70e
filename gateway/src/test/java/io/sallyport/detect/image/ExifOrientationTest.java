package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.luciad.imageio.webp.CompressionType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExifOrientationTest {
  private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PICTURE =
      Images.jpeg(Images.slopes(40, 24, false).image(BufferedImage.TYPE_INT_RGB), false);
  private static final byte[] PNG = PngSpec.flat(6, 4, 0xFF00FF).encode();

  /** A TIFF structure of some entries (tag, type, count, value), one after the other. */
  private static byte[] tiff(ByteOrder order, int... entries) {
    int count = entries.length / 4;
    ByteBuffer tiff = ByteBuffer.allocate(10 + 12 * count + 4).order(order);
    tiff.put(order == ByteOrder.LITTLE_ENDIAN ? new byte[] {'I', 'I'} : new byte[] {'M', 'M'});
    tiff.putShort((short) 42).putInt(8).putShort((short) count);
    for (int i = 0; i < entries.length; i += 4) {
      tiff.putShort((short) entries[i]).putShort((short) entries[i + 1]).putInt(entries[i + 2]);
      int at = tiff.position();
      switch (entries[i + 1]) {
        case 1 -> tiff.put((byte) entries[i + 3]);
        case 3 -> tiff.putShort((short) entries[i + 3]);
        default -> tiff.putInt(entries[i + 3]);
      }
      tiff.position(at + 4);
    }
    return tiff.array();
  }

  private static byte[] tiff(int orientation) {
    return tiff(ByteOrder.BIG_ENDIAN, 271, 2, 4, 0, 274, 3, 1, orientation, 305, 2, 4, 0);
  }

  private static byte[] jpeg(byte[]... blocks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(PICTURE, 0, 2);
    for (byte[] block : blocks) {
      int length = block.length + 2;
      out.writeBytes(new byte[] {-1, (byte) 0xE1, (byte) (length >> 8), (byte) length});
      out.writeBytes(block);
    }
    out.write(PICTURE, 2, PICTURE.length - 2);
    return out.toByteArray();
  }

  private static byte[] png(byte[] exif) {
    byte[] end = Arrays.copyOfRange(PNG, PNG.length - 12, PNG.length);
    byte[] start = Arrays.copyOf(PNG, PNG.length - 12);
    return PngSpec.concat(start, PngSpec.chunk("eXIf", exif), end);
  }

  private static byte[] webp(byte[] exif) {
    BufferedImage drawn = Images.slopes(40, 24, true).image(BufferedImage.TYPE_INT_ARGB);
    byte[] still = Images.webp(drawn, CompressionType.Lossy);
    ByteBuffer file =
        ByteBuffer.allocate(still.length + 8 + exif.length + (exif.length & 1))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(still).put("EXIF".getBytes(StandardCharsets.US_ASCII));
    return file.putInt(exif.length).put(exif).putInt(4, file.capacity() - 8).array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aJpegIsShownAsItsExifSays(int number) throws Exception {
    byte[] block = PngSpec.concat(NAME, tiff(number));
    assertThat(Images.header(jpeg(block)).orientations())
        .containsExactly(Orientation.ofExif(number));
    byte[] little = tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 1, number);
    assertThat(Images.header(jpeg(PngSpec.concat(NAME, little))).orientations())
        .containsExactly(Orientation.ofExif(number));
  }

  /** Not every viewer turns these. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void aPngAndAWebpAreJudgedAsStoredToo(int number) throws Exception {
    for (byte[] file :
        List.of(png(tiff(number)), webp(tiff(number)), webp(PngSpec.concat(NAME, tiff(number))))) {
      assertThat(Images.header(file).orientations())
          .containsExactlyInAnyOrder(Orientation.NORMAL, Orientation.ofExif(number));
      int views = Images.read(file, 8).views(8).size();
      assertThat(views).isEqualTo(file[0] == 'R' ? 6 : 2);
    }
  }

  static Stream<Arguments> unusual() {
    Orientation turned = Orientation.TURNED_90;
    ByteOrder big = ByteOrder.BIG_ENDIAN;
    byte[] six = PngSpec.concat(NAME, tiff(6));
    return Stream.of(
        Arguments.of("nothing said", Set.of(), new byte[][] {}),
        Arguments.of("zero", Set.of(), one(tiff(0))),
        Arguments.of("nine", Set.of(), one(tiff(9))),
        Arguments.of("a byte", Set.of(turned), one(tiff(big, 274, 1, 1, 6))),
        Arguments.of("a long", Set.of(turned), one(tiff(big, 274, 4, 1, 6))),
        Arguments.of("a text", Set.of(), one(tiff(big, 274, 2, 1, 6))),
        Arguments.of("a count of two", Set.of(turned), one(tiff(big, 274, 3, 2, 6))),
        Arguments.of(
            "two values",
            Set.of(turned, Orientation.MIRRORED),
            one(tiff(big, 274, 3, 1, 2, 274, 3, 1, 6))),
        Arguments.of("two blocks", Set.of(turned), new byte[][] {six, six}),
        Arguments.of(
            "a second block that cannot be read",
            Set.of(turned),
            new byte[][] {six, PngSpec.concat(NAME, changed(tiff(3), 0, 'X'))}),
        Arguments.of(
            "two blocks that differ",
            Set.of(turned, Orientation.TURNED_180),
            new byte[][] {six, PngSpec.concat(NAME, tiff(3))}),
        Arguments.of("no byte order", Set.of(), one(changed(tiff(6), 0, 'X'))),
        Arguments.of("no version", Set.of(), one(changed(tiff(6), 3, 41))),
        Arguments.of("no directory", Set.of(), one(changed(tiff(6), 4, 0x7F))),
        Arguments.of("cut short", Set.of(), one(Arrays.copyOf(tiff(6), 9))),
        Arguments.of("empty", Set.of(), one(new byte[0])));
  }

  private static byte[][] one(byte[] tiff) {
    return new byte[][] {PngSpec.concat(NAME, tiff)};
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusual")
  void whatViewersMayReadDifferentlyIsJudgedEitherWay(
      String what, Set<Orientation> said, byte[][] blocks) throws Exception {
    Set<Orientation> shown = Images.header(jpeg(blocks)).orientations();
    assertThat(shown).contains(Orientation.NORMAL).containsAll(said).hasSize(said.size() + 1);
  }

  /** A directory that is cut short is read as far as it goes, as viewers do. */
  @Test
  void entriesBeyondTheBlockAreIgnored() throws Exception {
    byte[] cut = Arrays.copyOf(tiff(6), 8 + 2 + 2 * 12);
    byte[] block = PngSpec.concat(NAME, cut);
    assertThat(Images.header(jpeg(block)).orientations()).containsExactly(Orientation.TURNED_90);
  }

  @Test
  void applicationDataOfAnotherNameSaysNothing() throws Exception {
    byte[] other = "Exit\0\0".getBytes(StandardCharsets.US_ASCII);
    assertThat(Images.header(jpeg(PngSpec.concat(other, tiff(6)))).orientations())
        .isEqualTo(ExifOrientation.NONE);
  }
}
