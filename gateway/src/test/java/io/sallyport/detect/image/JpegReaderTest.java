package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static io.sallyport.detect.image.Images.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegReaderTest {
  private static final double ROUNDING = 0.01;
  private static final byte[] RGB = file(BufferedImage.TYPE_INT_RGB, false);

  private static byte[] file(int type, boolean progressive) {
    return Images.jpeg(Images.slopes(123, 77, false).image(type), progressive);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void coloursAreAveragedAsImageIoReadsThem(boolean progressive) throws Exception {
    byte[] file = file(BufferedImage.TYPE_INT_RGB, progressive);
    Pixels expected = Pixels.of(Images.imageIoRead(file, "jpeg"));
    expected.assertAveragedBy(read(file, 32), 32, ROUNDING);
    JpegHeader header = (JpegHeader) Images.header(file);
    assertThat(header.progressive()).isEqualTo(progressive);
    assertThat(header.colour()).isEqualTo(JpegColour.YCC);
  }

  @Test
  void greysAreAveragedAsTheyAreStored() throws Exception {
    byte[] file = file(BufferedImage.TYPE_BYTE_GRAY, false);
    Raster raster = Images.imageIoRead(file, "jpeg").getRaster();
    int[] greys = raster.getPixels(0, 0, 123, 77, (int[]) null);
    int[] argb = Arrays.stream(greys).map(grey -> 0xFF000000 | grey * 0x010101).toArray();
    new Pixels(123, 77, argb).assertAveragedBy(read(file, 32), 32, ROUNDING);
  }

  /** Components, extra segments, and the colour that a flat picture of 200, 100, 50, 128 shows. */
  static Stream<Arguments> colours() {
    byte[] jfif = segment(0xE0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
    byte[] none = {};
    // YCC of 200, 100, 50: 200 + 1.402 * -78, 200 - 0.344 * -28 - 0.714 * -78, 200 + 1.772 * -28
    float[] ycc = {91, 255, 150};
    return Stream.of(
        Arguments.of(1, none, JpegColour.GREY, new float[] {200, 200, 200}),
        Arguments.of(3, none, JpegColour.YCC, ycc),
        Arguments.of(3, jfif, JpegColour.YCC, ycc),
        Arguments.of(3, adobe(1), JpegColour.YCC, ycc),
        Arguments.of(3, adobe(0), JpegColour.RGB, new float[] {200, 100, 50}),
        Arguments.of(3, PngSpec.concat(jfif, adobe(0)), JpegColour.YCC, ycc),
        Arguments.of(4, adobe(0), JpegColour.CMYK, new float[] {100, 50, 25}),
        Arguments.of(4, adobe(2), JpegColour.YCCK, new float[] {82, 0, 53}));
  }

  @ParameterizedTest
  @MethodSource("colours")
  void samplesMeanWhatTheSegmentsSay(
      int components, byte[] segments, JpegColour colour, float[] expected) throws Exception {
    byte[] bare = withoutApplications(Images.jpeg(flat(components, 200, 100, 50, 128)));
    byte[] file = insert(bare, 2, segments);
    assertThat(((JpegHeader) Images.header(file)).colour()).isEqualTo(colour);
    float[] mean = read(file, 1).views(1).getFirst();
    assertThat(mean).containsExactly(expected, within(2f));
  }

  @Test
  void componentsNamedRgbAreRgb() throws Exception {
    int[] ids = {'R', 'G', 'B'};
    assertThat(JpegColour.of(ids, false, JpegColour.NO_ADOBE)).isEqualTo(JpegColour.RGB);
  }

  @Test
  void fourComponentsWithoutAdobesSegmentAreUnsupported() {
    byte[] file = withoutApplications(Images.jpeg(flat(4, 1, 2, 3, 4)));
    assertRefused(file, Cause.UNSUPPORTED, "CMYK");
  }

  @Test
  void twoComponentsAreUnsupported() {
    byte[] file = withoutApplications(Images.jpeg(flat(2, 1, 2, 3, 4)));
    assertRefused(file, Cause.UNSUPPORTED, "components");
  }

  @Test
  void applicationSegmentsAndCommentsNeverReachTheDecoder() throws Exception {
    byte[] profile = segment(0xE2, "ICC_PROFILE\0\1\1garbage".chars().toArray());
    byte[] comment = segment(0xFE, 'h', 'i');
    byte[] file = insert(insert(RGB, 2, PngSpec.concat(profile, comment)), 2, profile);
    Pixels expected = Pixels.of(Images.imageIoRead(RGB, "jpeg"));
    expected.assertAveragedBy(read(file, 16), 16, ROUNDING);
    JpegHeader header = (JpegHeader) Images.header(file);
    int kept = header.kept().stream().mapToInt(JpegHeader.Span::length).sum();
    assertThat(kept).isLessThan(RGB.length);
  }

  @Test
  void fillBytesBeforeAMarkerAreAllowed() throws Exception {
    byte[] file = insert(RGB, 2, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF);
    assertThat(read(file, 1).width()).isEqualTo(123);
  }

  @Test
  void rareKindsAreUnsupported() {
    int frame = find(RGB, 0xC0);
    for (int kind : new int[] {0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF}) {
      byte[] file = RGB.clone();
      file[frame + 1] = (byte) kind;
      assertRefused(file, Cause.UNSUPPORTED, "rare");
    }
    byte[] deep = RGB.clone();
    deep[frame + 4] = 12;
    assertRefused(deep, Cause.UNSUPPORTED, "8 bits");
  }

  @Test
  void aBrokenStructureIsUndecodable() {
    int frame = find(RGB, 0xC0);
    int scan = find(RGB, 0xDA);
    byte[] frameSegment = Arrays.copyOfRange(RGB, frame, frame + 19);
    assertRefused(insert(RGB, frame, frameSegment), Cause.UNDECODABLE, "frame");
    assertRefused(insert(RGB, 2, (byte) 0xFF, (byte) 0xD8), Cause.UNDECODABLE, "misplaced");
    assertRefused(insert(RGB, frame, (byte) 0x12), Cause.UNDECODABLE, "no JPEG marker");
    assertRefused(set(RGB, frame + 2, 0, 1), Cause.UNDECODABLE, "beyond the file");
    assertRefused(set(RGB, frame + 2, 0, 20), Cause.UNDECODABLE, "frame");
    assertRefused(set(RGB, frame + 5, 0, 0), Cause.UNDECODABLE, "side is zero");
    assertRefused(set(RGB, frame + 7, 0, 0), Cause.UNDECODABLE, "side is zero");
    assertRefused(cut(RGB, frame, frame + 19), Cause.UNDECODABLE, "before its frame");
    assertRefused(cut(RGB, scan, RGB.length - 2), Cause.UNDECODABLE, "without an image");
  }

  @Test
  void dataThatEndsBeforeThePictureIsUndecodable() {
    int scan = find(RGB, 0xDA);
    byte[] file = cut(RGB, scan + 14 + (RGB.length - scan) / 2, RGB.length - 2);
    assertRefused(file, Cause.UNDECODABLE, "corrupt");
  }

  @Test
  void tooManyScansAreTooLarge() {
    byte[] file = file(BufferedImage.TYPE_INT_RGB, true);
    int scan = find(file, 0xDA);
    int next = find(Arrays.copyOfRange(file, scan + 2, file.length), 0xDA) + scan + 2;
    byte[] again = Arrays.copyOfRange(file, scan, next);
    for (int i = 0; i < 70; i++) {
      file = insert(file, scan, again);
    }
    assertRefused(file, Cause.TOO_LARGE, "scans");
  }

  @Test
  void tooManySegmentsAreTooLarge() {
    byte[] comments = new byte[4 * 9000];
    for (int i = 0; i < comments.length; i += 4) {
      System.arraycopy(segment(0xFE), 0, comments, i, 4);
    }
    assertRefused(insert(RGB, 2, comments), Cause.TOO_LARGE, "segments");
  }

  /** A raster of one value per component. */
  private static Raster flat(int components, int... values) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 24, 16, components, null);
    for (int band = 0; band < components; band++) {
      int[] samples = new int[24 * 16];
      Arrays.fill(samples, values[band]);
      raster.setSamples(0, 0, 24, 16, band, samples);
    }
    return raster;
  }

  /** CIPA DC-007: the first picture names the others, which follow its end. */
  @Test
  void aFileOfSeveralPicturesIsUndecodable() throws Exception {
    byte[] index = segment(0xE2, 'M', 'P', 'F', 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 0);
    byte[] first = PngSpec.concat(Arrays.copyOf(RGB, 2), index, rest(RGB));
    assertThat(read(first, 8).views(8)).hasSize(1);
    assertRefused(PngSpec.concat(first, RGB), Cause.UNDECODABLE, "after the end");
  }

  /** A thumbnail is a whole JPEG inside Exif: no viewer shows it for the picture. */
  @Test
  void aThumbnailInsideIsNoSecondPicture() throws Exception {
    byte[] thumbnail =
        Images.jpeg(Images.slopes(8, 8, false).image(BufferedImage.TYPE_INT_RGB), false);
    int length = 2 + 6 + thumbnail.length;
    byte[] head = {-1, (byte) 0xE1, (byte) (length >> 8), (byte) length, 'E', 'x', 'i', 'f', 0, 0};
    byte[] file = PngSpec.concat(Arrays.copyOf(RGB, 2), head, thumbnail, rest(RGB));
    assertThat(read(file, 8).views(8).getFirst()).isEqualTo(read(RGB, 8).views(8).getFirst());
  }

  private static byte[] rest(byte[] jpeg) {
    return Arrays.copyOfRange(jpeg, 2, jpeg.length);
  }

  private static byte[] adobe(int transform) {
    return segment(0xEE, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
  }

  private static byte[] segment(int marker, int... data) {
    byte[] segment = new byte[data.length + 4];
    segment[0] = (byte) 0xFF;
    segment[1] = (byte) marker;
    segment[2] = (byte) ((data.length + 2) >> 8);
    segment[3] = (byte) (data.length + 2);
    for (int i = 0; i < data.length; i++) {
      segment[i + 4] = (byte) data[i];
    }
    return segment;
  }

  private static byte[] withoutApplications(byte[] file) {
    byte[] rest = file;
    while ((rest[3] & 0xF0) == 0xE0) {
      rest = cut(rest, 2, 4 + ((rest[4] & 0xFF) << 8 | rest[5] & 0xFF));
    }
    return rest;
  }

  /** Where a marker's 0xFF is, walking segments up to the first scan's data and bytes after it. */
  private static int find(byte[] file, int marker) {
    for (int i = 0; i < file.length - 1; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) marker) {
        return i;
      }
    }
    throw new AssertionError("no marker " + marker);
  }

  private static byte[] insert(byte[] file, int at, byte... bytes) {
    byte[] tail = Arrays.copyOfRange(file, at, file.length);
    return PngSpec.concat(Arrays.copyOf(file, at), bytes, tail);
  }

  private static byte[] cut(byte[] file, int from, int to) {
    return PngSpec.concat(Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length));
  }

  private static byte[] set(byte[] file, int at, int high, int low) {
    byte[] copy = file.clone();
    copy[at] = (byte) high;
    copy[at + 1] = (byte) low;
    return copy;
  }
}
