package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static io.sallyport.detect.image.Images.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.luciad.imageio.webp.CompressionType;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WebpReaderTest {
  private static final double ROUNDING = 0.01;
  private static final byte[] LOSSY = file(false, CompressionType.Lossy);
  private static final byte[] LOSSLESS = file(false, CompressionType.Lossless);
  private static final byte[] EXTENDED = file(true, CompressionType.Lossy);

  private static byte[] file(boolean alpha, CompressionType type) {
    int pixel = alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    return Images.webp(Images.slopes(123, 77, alpha).image(pixel), type);
  }

  @ParameterizedTest
  @CsvSource({"Lossy, false", "Lossy, true", "Lossless, false", "Lossless, true"})
  void picturesAreAveragedAsTheLibraryReadsThem(CompressionType type, boolean alpha)
      throws Exception {
    byte[] file = file(alpha, type);
    Pixels expected = Pixels.of(Images.imageIoRead(file, "webp"));
    expected.assertAveragedBy(read(file, 32), 32, ROUNDING);
    WebpHeader header = (WebpHeader) Images.header(file);
    assertThat(header.lossless()).isEqualTo(alpha || type == CompressionType.Lossless);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void picturesAreAveragedAsTheyWereDrawn(CompressionType type) throws Exception {
    double tolerance = type == CompressionType.Lossless ? ROUNDING : 12;
    Pixels drawn = Images.slopes(123, 77, false);
    drawn.assertAveragedBy(read(file(false, type), 8), 8, tolerance);
  }

  /** The hint in the header is only a hint: libwebp gives the alpha that the pixels have. */
  @Test
  void alphaThatTheHeaderDeniesIsStillJudged() throws Exception {
    byte[] file = file(true, CompressionType.Lossless);
    assertThat(text(file, 12)).isEqualTo("VP8L");
    file[24] &= ~0x10;
    assertThat(read(file, 8).views(8)).hasSize(3);
  }

  @Test
  void unknownAndMetadataChunksAreSkipped() throws Exception {
    byte[] file = resized(PngSpec.concat(EXTENDED, chunk("EXIF", new byte[3]), chunk("zzzz")));
    assertThat(read(file, 8).views(8)).hasSize(3);
  }

  @Test
  void animationsThatAreNoneAreUndecodable() {
    byte[] flagged = EXTENDED.clone();
    flagged[20] |= 0x02;
    assertRefused(flagged, Cause.UNDECODABLE, "beside the frames");
    byte[] size = Arrays.copyOfRange(EXTENDED, 20, 30);
    size[0] = 0;
    for (String type : new String[] {"ANIM", "ANMF"}) {
      byte[] file = riff(chunk("VP8X", size), chunk(type, new byte[16]));
      assertRefused(file, Cause.UNDECODABLE, "misplaced");
    }
  }

  @Test
  void aBrokenStructureIsUndecodable() {
    byte[] image = Arrays.copyOfRange(LOSSY, 12, LOSSY.length);
    byte[] canvas = Arrays.copyOfRange(EXTENDED, 12, 30);
    byte[] otherCanvas = canvas.clone();
    otherCanvas[12] ^= 1;
    assertRefused(riff(), Cause.UNDECODABLE, "without an image");
    assertRefused(riff(canvas), Cause.UNDECODABLE, "without an image");
    assertRefused(riff(chunk("EXIF"), image), Cause.UNDECODABLE, "begin with an image");
    assertRefused(riff(image, image), Cause.UNDECODABLE, "second image");
    assertRefused(riff(canvas, canvas, image), Cause.UNDECODABLE, "misplaced");
    assertRefused(riff(otherCanvas, image), Cause.UNDECODABLE, "canvas");
    assertRefused(riff(chunk("VP8 ", new byte[20])), Cause.UNDECODABLE, "misshapen");
    assertRefused(riff(chunk("VP8L", new byte[20])), Cause.UNDECODABLE, "misshapen");
    byte[] interFrame = LOSSY.clone();
    interFrame[20] |= 1;
    assertRefused(interFrame, Cause.UNDECODABLE, "misshapen");
    byte[] zero = LOSSY.clone();
    zero[26] = 0;
    zero[27] = 0;
    assertRefused(zero, Cause.UNDECODABLE, "side is zero");
  }

  @Test
  void sizesThatLieAreUndecodable() {
    byte[] shorter = Arrays.copyOf(LOSSLESS, LOSSLESS.length - 10);
    assertRefused(resized(shorter), Cause.UNDECODABLE, "beyond the file");
    assertRefused(resized(Arrays.copyOf(LOSSY, 19)), Cause.UNDECODABLE, "ends early");
    for (int at : new int[] {4, 16}) {
      byte[] lying = LOSSY.clone();
      Arrays.fill(lying, at, at + 4, (byte) 0xFF);
      assertRefused(lying, Cause.UNDECODABLE, "");
    }
  }

  @Test
  void dataCutShortUnderTrueSizesIsUndecodable() {
    for (byte[] file : new byte[][] {LOSSY, LOSSLESS}) {
      String type = text(file, 12);
      for (int part = 1; part < 16; part++) {
        byte[] data = Arrays.copyOfRange(file, 20, 20 + (file.length - 20) * part / 16);
        assertRefused(riff(chunk(type, data)), Cause.UNDECODABLE, "");
      }
    }
  }

  /** The library throws an OutOfMemoryError for it, which must not look like one to anybody. */
  @Test
  void corruptAlphaThatLibwebpCallsLackOfMemoryIsUndecodable() {
    List<String> details = new ArrayList<>();
    for (int bit = 0; bit < 30 * 8; bit++) {
      byte[] file = EXTENDED.clone();
      file[38 + bit / 8] ^= (byte) (1 << bit % 8);
      try {
        read(file, 8);
      } catch (UnavailableException e) {
        assertThat(e.why()).isEqualTo(Cause.UNDECODABLE);
        details.add(e.getMessage());
      }
    }
    assertThat(details).contains("WebP decoder found no memory");
  }

  @Test
  void tablesOfALosslessFileAreCountedByTilesAndBytes() {
    WebpHeader lossless = header(1024, 1024, true);
    assertThat(lossless.tableBytes(1 << 20)).isEqualTo(65_536L * 20_016);
    assertThat(lossless.tableBytes(100)).isEqualTo(40L * 20_016);
    assertThat(header(8, 8, true).tableBytes(1 << 20)).isEqualTo(1004L * 20_016);
    assertThat(header(1024, 1024, false).tableBytes(1 << 20)).isZero();
  }

  private static WebpHeader header(int width, int height, boolean lossless) {
    return new WebpHeader(width, height, lossless, ExifOrientation.NONE);
  }

  private static String text(byte[] file, int at) {
    return new String(file, at, 4, StandardCharsets.ISO_8859_1);
  }

  private static byte[] riff(byte[]... chunks) {
    return resized(PngSpec.concat(Arrays.copyOf(LOSSY, 12), PngSpec.concat(chunks)));
  }

  private static byte[] resized(byte[] file) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
    return file;
  }

  private static byte[] chunk(String type, byte... data) {
    return ByteBuffer.allocate(8 + data.length + (data.length & 1))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(data.length)
        .put(data)
        .array();
  }
}
