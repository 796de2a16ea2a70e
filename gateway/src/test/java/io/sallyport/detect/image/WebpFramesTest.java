package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.luciad.imageio.webp.CompressionType;
import io.sallyport.signal.Cause;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebpFramesTest {
  private static final byte[] IMAGE = image(20, 12);
  private static final byte[] HEADER = header(0x02, 20, 12);
  private static final byte[] CONTROL = chunk("ANIM", new byte[6]);

  private static byte[] image(int width, int height) {
    BufferedImage drawn = Images.slopes(width, height, false).image(BufferedImage.TYPE_INT_RGB);
    byte[] file = Images.webp(drawn, CompressionType.Lossless);
    return Arrays.copyOfRange(file, 12, file.length);
  }

  private static byte[] header(int flags, int width, int height) {
    ByteBuffer data = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putInt(flags);
    data.putShort((short) (width - 1)).put((byte) 0).putShort((short) (height - 1));
    return chunk("VP8X", data.array());
  }

  /** Offsets are stored halved, and sizes less one. */
  private static byte[] frame(int x, int y, int width, int height, int flags, byte[]... chunks) {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : new int[] {x / 2, y / 2, width - 1, height - 1, 100}) {
      data.putShort((short) value).put((byte) (value >> 16));
    }
    data.put((byte) flags);
    return chunk("ANMF", PngSpec.concat(data.array(), PngSpec.concat(chunks)));
  }

  private static byte[] chunk(String type, byte... data) {
    return ByteBuffer.allocate(8 + data.length + (data.length & 1))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(data.length)
        .put(data)
        .array();
  }

  private static byte[] file(byte[]... chunks) {
    byte[] all = PngSpec.concat(chunks);
    return ByteBuffer.allocate(12 + all.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(4 + all.length)
        .put("WEBP".getBytes(StandardCharsets.US_ASCII))
        .put(all)
        .array();
  }

  @Test
  void aFrameIsReadAsTheStillPictureIs() throws Exception {
    byte[] animated = file(HEADER, CONTROL, frame(0, 0, 20, 12, 0, IMAGE));
    byte[] still = file(IMAGE);
    assertThat(Images.read(animated, 8).views(8).getFirst())
        .isEqualTo(Images.read(still, 8).views(8).getFirst());
  }

  @Test
  void unknownAndMetadataChunksAreSkipped() throws Exception {
    byte[] frame = frame(0, 0, 20, 12, 0, IMAGE, chunk("zzzz", new byte[3]));
    byte[] file = file(HEADER, CONTROL, frame, chunk("XMP ", new byte[9]), chunk("abcd"));
    assertThat(Images.read(file, 8).views(8)).hasSize(1);
  }

  static Stream<Arguments> broken() {
    byte[] frame = frame(0, 0, 20, 12, 0, IMAGE);
    byte[] small = image(10, 6);
    return Stream.of(
        broken("without an image", HEADER, CONTROL),
        broken("misplaced", header(0, 20, 12), CONTROL, frame),
        broken("misplaced", HEADER, CONTROL, CONTROL, frame),
        broken("misplaced", HEADER, frame),
        broken("misplaced", CONTROL, frame),
        broken("misshapen", HEADER, CONTROL, chunk("ANMF", new byte[13])),
        broken("beside the frames", HEADER, CONTROL, frame, IMAGE),
        broken("beside the frames", HEADER, IMAGE),
        broken("without an image", HEADER, CONTROL, frame(0, 0, 20, 12, 0)),
        broken("second image", HEADER, CONTROL, frame(0, 0, 20, 12, 0, IMAGE, IMAGE)),
        broken("fill its canvas", HEADER, CONTROL, frame(0, 0, 20, 12, 0, small)),
        broken("not on the canvas", HEADER, CONTROL, frame(2, 0, 20, 12, 0, IMAGE)),
        broken("not on the canvas", HEADER, CONTROL, frame(12, 2, 10, 6, 0, small)),
        broken("not on the canvas", HEADER, CONTROL, frame(0, 8, 10, 6, 0, small)),
        broken("not on the canvas", HEADER, CONTROL, frame(0x1000000, 0, 10, 6, 0, small)),
        broken(
            "beyond the file",
            HEADER,
            CONTROL,
            frame(0, 0, 20, 12, 0, IMAGE, new byte[] {'a', 'b', 'c', 'd', 9, 0, 0, 0})));
  }

  private static Arguments broken(String detail, byte[]... chunks) {
    return Arguments.of(detail, file(chunks));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenAnimationIsUndecodable(String detail, byte[] file) {
    assertRefused(file, Cause.UNDECODABLE, detail);
  }

  @Test
  void aBombIsRefusedByItsHeaderAlone() {
    byte[] frame = frame(0, 0, 16_384, 16_384, 0, IMAGE);
    assertRefused(file(header(0x02, 16_384, 16_384), CONTROL, frame), Cause.TOO_LARGE, "pixels");
    byte[][] many = new byte[19][];
    Arrays.fill(many, frame(0, 0, 20, 12, 0, IMAGE));
    many[0] = HEADER;
    many[1] = CONTROL;
    assertRefused(file(many), Cause.TOO_LARGE, "frames are beyond");
  }

  @Test
  void theMemoryOfTheLargestFrameIsCounted() throws Exception {
    byte[] small = image(10, 6);
    byte[] file =
        file(HEADER, CONTROL, frame(0, 0, 10, 6, 0, small), frame(0, 0, 20, 12, 0, IMAGE));
    WebpAnimation header = (WebpAnimation) Images.header(file);
    assertThat(header.decoderBytes()).isEqualTo(16L * 20 * 12 + IMAGE.length);
    assertThat(header.tableBytes()).isPositive();
  }
}
