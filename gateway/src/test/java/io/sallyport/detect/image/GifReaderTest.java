package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GifReaderTest {
  private static final double ROUNDING = 0.01;
  private static final byte[] HEADER = bytes('G', 'I', 'F', '8', '9', 'a', 2, 0, 2, 0, 0x80, 0, 0);
  private static final byte[] PALETTE = bytes(255, 0, 0, 0, 0, 255);
  private static final byte[] IMAGE = bytes(0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0);
  private static final byte[] END = bytes(0x3B);

  /** Indices 0, 1, 1, 0 with code size 2: clear, the four, end. */
  private static final byte[] DATA = codes(4, 0, 1, 1, 0, 5);

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A code size of 2, and the codes in one sub-block, wider by a bit as the table grows. */
  private static byte[] codes(int... codes) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    int held = 0;
    int bits = 0;
    int size = 3;
    int defined = 5;
    for (int code : codes) {
      bits |= code << held;
      for (held += size; held >= 8; held -= 8) {
        block.write(bits);
        bits >>>= 8;
      }
      defined = code == 4 ? 5 : defined + 1;
      size = code == 4 ? 3 : defined == 1 << size ? size + 1 : size;
    }
    if (held > 0) {
      block.write(bits);
    }
    return PngSpec.concat(bytes(2, block.size()), block.toByteArray(), new byte[1]);
  }

  private static byte[] file(byte[]... parts) {
    return PngSpec.concat(HEADER, PALETTE, PngSpec.concat(parts));
  }

  private static byte[] control(int flags, int transparent) {
    return bytes(0x21, 0xF9, 4, flags, 5, 0, transparent, 0);
  }

  @Test
  void readsTheSmallestFile() throws Exception {
    Picture picture = Images.read(file(IMAGE, DATA, END), 2);
    assertThat(picture.format()).isEqualTo(ImageFormat.GIF);
    assertThat(picture.views(2)).hasSize(1);
    assertThat(picture.views(2).getFirst())
        .containsExactly(255, 0, 0, 255, 0, 0, 0, 0, 0, 255, 255, 0);
  }

  /** The JDK's writer interlaces; sizes around the passes' edges, and codes up to 12 bits. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "5, 9", "40, 31", "200, 150"})
  void picturesAreAveragedAsTheyWereDrawn(int width, int height) throws Exception {
    BufferedImage drawn =
        Images.slopes(width, height, false).image(BufferedImage.TYPE_BYTE_INDEXED);
    byte[] file = Images.imageIo(drawn, "gif");
    GifHeader header = (GifHeader) Images.header(file);
    assertThat(header.all().getFirst().interlaced()).isTrue();
    Pixels.of(drawn).assertAveragedBy(Images.read(file, 7), 7, ROUNDING);
  }

  /** A viewer may ignore transparency, so that the palette's colour is judged as well. */
  @Test
  void aTransparentPixelIsJudgedOverBlackOverWhiteAndBare() throws Exception {
    Picture picture = Images.read(file(control(1, 0), IMAGE, DATA, END), 2);
    assertThat(picture.views(2)).hasSize(3);
    assertThat(firstPixel(picture, 0)).containsExactly(0, 0, 0);
    assertThat(firstPixel(picture, 1)).containsExactly(255, 255, 255);
    assertThat(firstPixel(picture, 2)).containsExactly(255, 0, 0);
  }

  private static float[] firstPixel(Picture picture, int view) {
    float[] pixels = picture.views(2).get(view);
    return new float[] {pixels[0], pixels[4], pixels[8]};
  }

  @Test
  void aPaletteOfTheFramesOwnCountsBeforeTheGlobalOne() throws Exception {
    byte[] image = IMAGE.clone();
    image[9] = (byte) 0x80;
    byte[] own = bytes(0, 255, 0, 9, 9, 9);
    Picture picture = Images.read(file(image, own, DATA, IMAGE, DATA, END), 2);
    assertThat(picture.views(2)).hasSize(2);
    assertThat(picture.views(2).get(0)).startsWith(0, 9, 9, 0, 255, 9);
    assertThat(picture.views(2).get(1)).startsWith(255, 0, 0, 255, 0, 0);
  }

  @Test
  void commentsAndApplicationDataAreSkipped() throws Exception {
    byte[] comment = PngSpec.concat(bytes(0x21, 0xFE, 3), text("abc"), new byte[1]);
    byte[] application = PngSpec.concat(bytes(0x21, 0xFF, 3), text("xyz"), new byte[1]);
    byte[] file = file(comment, application, IMAGE, DATA, comment, END);
    assertThat(Images.read(file, 2).views(2)).hasSize(1);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void whatFollowsTheTrailerIsUndecodable() {
    assertRefused(file(IMAGE, DATA, END, new byte[1]), Cause.UNDECODABLE, "after the end");
    assertRefused(file(IMAGE, DATA, END, IMAGE, DATA, END), Cause.UNDECODABLE, "after the end");
  }

  @Test
  void aBrokenStructureIsUndecodable() {
    assertRefused(file(END), Cause.UNDECODABLE, "without an image");
    assertRefused(file(bytes(0x2D), END), Cause.UNDECODABLE, "no such block");
    assertRefused(file(bytes(0x21, 0xF9, 3, 0, 0, 0, 0), END), Cause.UNDECODABLE, "control");
    byte[] noPalette = HEADER.clone();
    noPalette[10] = 0;
    byte[] file = PngSpec.concat(noPalette, IMAGE, DATA, END);
    assertRefused(file, Cause.UNDECODABLE, "no palette");
    for (int size : new int[] {0, 9, 255}) {
      byte[] data = DATA.clone();
      data[0] = (byte) size;
      assertRefused(file(IMAGE, data, END), Cause.UNDECODABLE, "code size");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1", "5, 3", "7, 3", "5, 0", "7, 0"})
  void aFrameThatIsNotOnTheCanvasIsUnsupported(int at, int value) {
    byte[] image = IMAGE.clone();
    image[at] = (byte) value;
    assertRefused(file(image, DATA, END), Cause.UNSUPPORTED, "canvas");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  void disposalsThatAreNotDefinedAreUnsupported(int disposal) {
    byte[] file = file(control(disposal << 2, 0), IMAGE, DATA, END);
    assertRefused(file, Cause.UNSUPPORTED, "disposal");
  }

  @Test
  void plainTextIsUnsupported() {
    byte[] text = PngSpec.concat(bytes(0x21, 0x01, 12), new byte[12], bytes(1, 'a', 0));
    assertRefused(file(text, IMAGE, DATA, END), Cause.UNSUPPORTED, "plain text");
  }

  @Test
  void compressedDataMustBeExact() throws Exception {
    assertRefused(file(IMAGE, codes(4, 0, 1, 1, 5), END), Cause.UNDECODABLE, "less image data");
    assertRefused(
        file(IMAGE, codes(4, 0, 1, 1, 0, 0, 5), END), Cause.UNDECODABLE, "more image data");
    assertRefused(file(IMAGE, codes(4, 0, 1, 1, 7, 5), END), Cause.UNDECODABLE, "more image data");
    assertRefused(file(IMAGE, codes(4, 7, 1, 1, 0, 5), END), Cause.UNDECODABLE, "a code");
    assertRefused(file(IMAGE, codes(4, 0, 7, 1, 5), END), Cause.UNDECODABLE, "a code");
    assertRefused(file(IMAGE, codes(4, 2, 1, 1, 0, 5), END), Cause.UNDECODABLE, "palette");
    assertRefused(
        file(IMAGE, codes(4, 0, 1, 1, 0, 5, 0, 0, 0), END),
        Cause.UNDECODABLE,
        "after the compressed");
    byte[] noEndCode = file(IMAGE, codes(4, 0, 1, 1, 0), END);
    assertThat(Images.read(noEndCode, 2).views(2)).hasSize(1);
  }

  /** Code 6 is "what code 0 begins, and its own first index again". */
  @Test
  void aCodeMayBeUsedAsItIsBeingDefined() throws Exception {
    byte[] file = file(IMAGE, codes(4, 0, 6, 1, 5), END);
    assertThat(Images.read(file, 2).views(2).getFirst()).startsWith(255, 255, 255, 0);
  }

  @Test
  void tooLargeACanvasIsRefusedByItsHeaderAlone() {
    byte[] file = Arrays.copyOf(HEADER, 200);
    Arrays.fill(file, 6, 10, (byte) 0xFF);
    assertRefused(file, Cause.TOO_LARGE, "a side");
    file[6] = 1;
    file[7] = 0;
    file[8] = 100;
    file[9] = 0;
    assertRefused(file, Cause.TOO_LARGE, "one side is too long");
  }
}
