package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BmpReaderTest {
  private static final double ROUNDING = 0.01;
  private static final int RED = 0xFFFF0000;
  private static final int BLUE = 0xFF0000FF;

  /** Two by two pixels: red, blue / blue, red. */
  private static final Pixels CHECKS = new Pixels(2, 2, new int[] {RED, BLUE, BLUE, RED});

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_USHORT_555_RGB,
        BufferedImage.TYPE_USHORT_565_RGB
      })
  void picturesAreAveragedAsImageIoReadsThem(int type) throws Exception {
    byte[] file = Images.imageIo(Images.slopes(61, 47, false).image(type), "bmp");
    Pixels expected = Pixels.of(Images.imageIoRead(file, "bmp"));
    expected.assertAveragedBy(Images.read(file, 9), 9, ROUNDING);
  }

  @Test
  void sixteenColoursAreRead() throws Exception {
    byte[] grey = new byte[16];
    for (int i = 0; i < 16; i++) {
      grey[i] = (byte) (17 * i);
    }
    IndexColorModel model = new IndexColorModel(4, 16, grey, grey, grey);
    BufferedImage image = new BufferedImage(13, 6, BufferedImage.TYPE_BYTE_BINARY, model);
    image.getGraphics().drawImage(Images.slopes(13, 6, false).image(1), 0, 0, null);
    byte[] file = Images.imageIo(image, "bmp");
    assertThat(((BmpHeader) Images.header(file)).depth()).isEqualTo(4);
    Pixels.of(image).assertAveragedBy(Images.read(file, 5), 5, ROUNDING);
  }

  /** A 32-bit file of {@link #CHECKS}, bottom row first, with masks after the header. */
  private static ByteBuffer checks(int compression, int alpha) {
    int masks = compression == 3 ? 12 : compression == 6 ? 16 : 0;
    int dataAt = 54 + masks;
    ByteBuffer file = ByteBuffer.allocate(dataAt + 16).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(dataAt);
    file.putInt(40).putInt(2).putInt(2).putShort((short) 1).putShort((short) 32);
    file.putInt(compression).putInt(16).putInt(0).putInt(0).putInt(0).putInt(0);
    if (masks > 0) {
      file.putInt(0xFF0000).putInt(0xFF00).putInt(0xFF);
    }
    if (masks == 16) {
      file.putInt(0xFF000000);
    }
    int opacity = alpha << 24;
    for (int pixel : new int[] {BLUE, RED, RED, BLUE}) {
      file.putInt((pixel & 0xFFFFFF) | opacity);
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 255", "3, 0", "3, 77", "6, 255", "6, 0"})
  void aFourthFieldThatIsTheSameEverywhereIsNoAlpha(int compression, int alpha) throws Exception {
    Picture picture = Images.read(checks(compression, alpha).array(), 2);
    assertThat(picture.views(2)).hasSize(1);
    CHECKS.assertAveragedBy(picture, 2, ROUNDING);
  }

  @ParameterizedTest
  @CsvSource({"0, 77", "6, 128"})
  void anyOtherIsJudgedAsAlphaAndBare(int compression, int alpha) throws Exception {
    Picture picture = Images.read(checks(compression, alpha).array(), 2);
    assertThat(picture.views(2)).hasSize(3);
    assertThat(picture.views(2).get(0)[0]).isEqualTo(alpha);
    assertThat(picture.views(2).get(2)[0]).isEqualTo(255);
  }

  @Test
  void aNegativeHeightIsTopDown() throws Exception {
    byte[] file = checks(0, 0).putInt(22, -2).array();
    assertThat(((BmpHeader) Images.header(file)).topDown()).isTrue();
    assertThat(Images.read(file, 2).views(2).getFirst()).startsWith(0, 255, 255, 0);
  }

  @Test
  void theOldestHeaderIsRead() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(26 + 6 + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(32).putInt(12);
    file.putShort((short) 2).putShort((short) 2).putShort((short) 1).putShort((short) 1);
    file.put(new byte[] {0, 0, -1, -1, 0, 0}).putInt(0b01000000).putInt(0b10000000);
    CHECKS.assertAveragedBy(Images.read(file.putInt(32, 0x80).array(), 2), 2, 255);
    float[] view = Images.read(file.array(), 2).views(2).getFirst();
    assertThat(view).startsWith(0, 255);
  }

  @Test
  void narrowFieldsAreScaledToTheirFullRange() throws Exception {
    ByteBuffer file = checks(3, 0);
    file.putShort(28, (short) 32).putInt(54, 0x3FF00000).putInt(58, 0xFFC00).putInt(62, 0x3FF);
    file.putInt(66, 0x3FFFFFFF).putInt(70, 0).putInt(74, 0x1FF).putInt(78, 0x3FF);
    float[] view = Images.read(file.array(), 2).views(2).getFirst();
    assertThat(view).containsExactly(0, 0, 255, 0, 0, 0, 255, 0, 127, 255, 255, 0);
  }

  @Test
  void rowsThatDoNotEndWithTheFileAreUndecodable() {
    byte[] file = checks(0, 0).array();
    byte[] longer = PngSpec.concat(file, new byte[4]);
    assertRefused(longer, Cause.UNDECODABLE, "not as long as it says");
    ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(2, longer.length);
    assertRefused(longer, Cause.UNDECODABLE, "end with the file");
    assertRefused(checks(0, 0).putInt(10, 53).array(), Cause.UNDECODABLE, "end with the file");
    assertRefused(checks(0, 0).putInt(10, -1).array(), Cause.UNDECODABLE, "end with the file");
    assertRefused(checks(0, 0).putInt(18, 3).array(), Cause.UNDECODABLE, "end with the file");
    assertRefused(checks(3, 0).putInt(10, 54).array(), Cause.UNDECODABLE, "end with the file");
  }

  @Test
  void whatIsNotReadHereIsUnsupported() {
    for (int compression : new int[] {1, 2, 4, 5, 7, -1}) {
      byte[] file = checks(0, 0).putInt(30, compression).array();
      assertRefused(file, Cause.UNSUPPORTED, "compressed");
    }
    for (int header : new int[] {0, 13, 64, 16, 128}) {
      byte[] file = checks(0, 0).putInt(14, header).array();
      assertRefused(file, Cause.UNSUPPORTED, "BMP header");
    }
    for (int space : new int[] {0x4C494E4B, 0x4D424544}) {
      ByteBuffer file = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
      file.put(checks(0, 0).array()).putInt(2, 200).putInt(14, 124).putInt(70, space);
      assertRefused(file.array(), Cause.UNSUPPORTED, "profile");
    }
  }

  @Test
  void aBrokenStructureIsUndecodable() {
    assertRefused(checks(0, 0).putInt(22, Integer.MIN_VALUE).array(), Cause.UNDECODABLE, "height");
    assertRefused(checks(0, 0).putInt(22, 0).array(), Cause.UNDECODABLE, "a side is zero");
    assertRefused(checks(0, 0).putInt(18, -2).array(), Cause.UNDECODABLE, "a side is zero");
    assertRefused(checks(0, 0).putShort(28, (short) 7).array(), Cause.UNDECODABLE, "depth");
    byte[] colours = checks(0, 0).putShort(28, (short) 8).putInt(46, 257).array();
    assertRefused(colours, Cause.UNDECODABLE, "too many colours");
    for (int mask : new int[] {0, 0xFF, 0x1FF00, 0xA00000}) {
      byte[] file = checks(3, 0).putInt(54, mask).array();
      assertRefused(file, Cause.UNDECODABLE, "masks");
    }
  }

  @Test
  void anIndexBeyondThePaletteIsUndecodable() {
    byte[] file = Images.imageIo(Images.slopes(9, 9, false).image(13), "bmp");
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertRefused(bytes.putInt(46, 2).array(), Cause.UNDECODABLE, "beyond the palette");
  }

  @Test
  void aBombIsRefusedByItsHeaderAlone() {
    byte[] wide = checks(0, 0).putInt(18, 60_000).putInt(22, 1).array();
    assertRefused(wide, Cause.TOO_LARGE, "a side");
    byte[] high = checks(0, 0).putInt(18, 1).putInt(22, -60_000).array();
    assertRefused(high, Cause.TOO_LARGE, "a side");
    byte[] large = checks(0, 0).putInt(18, 16_000).putInt(22, 16_000).array();
    assertRefused(large, Cause.TOO_LARGE, "pixels");
  }
}
