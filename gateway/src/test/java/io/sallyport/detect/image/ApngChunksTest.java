package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static io.sallyport.detect.image.PngSpec.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApngChunksTest {
  private static final PngSpec RED = PngSpec.flat(4, 3, 0xFF0000);
  private static final byte[] HEADER = RED.header();
  private static final byte[] DATA = RED.data(PngSpec.deflate(RED.raw()));
  private static final byte[] END = chunk("IEND");
  private static final byte[] FIRST = frame(0, 4, 3, 0, 0, 0, 0);
  private static final byte[] SECOND = frame(1, 4, 3, 0, 0, 0, 0);
  private static final byte[] SECOND_DATA = data(2, PngSpec.flat(4, 3, 0x0000FF));

  private static byte[] control(int frames) {
    return chunk("acTL", ByteBuffer.allocate(8).putInt(frames).putInt(0).array());
  }

  private static byte[] frame(
      int number, int width, int height, int x, int y, int disposal, int blend) {
    ByteBuffer data = ByteBuffer.allocate(26).putInt(number).putInt(width).putInt(height);
    data.putInt(x).putInt(y).putShort((short) 1).putShort((short) 10);
    return chunk("fcTL", data.put((byte) disposal).put((byte) blend).array());
  }

  private static byte[] data(int number, PngSpec spec) {
    byte[] deflated = PngSpec.deflate(spec.raw());
    return chunk(
        "fdAT", ByteBuffer.allocate(4 + deflated.length).putInt(number).put(deflated).array());
  }

  private static byte[] file(byte[]... chunks) {
    return PngSpec.file(HEADER, PngSpec.concat(chunks), END);
  }

  @Test
  void twoFramesAreTwoViews() throws Exception {
    byte[] file = file(control(2), FIRST, DATA, SECOND, SECOND_DATA);
    Picture picture = Images.read(file, 1);
    assertThat(picture.format()).isEqualTo(ImageFormat.PNG);
    assertThat(picture.views(1)).hasSize(2);
    assertThat(picture.views(1).get(0)).containsExactly(255, 0, 0);
    assertThat(picture.views(1).get(1)).containsExactly(0, 0, 255);
  }

  /** Parts of rows of an interlaced frame are joined before it is drawn. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4, 6})
  void framesOfEveryColourTypeAndInterlacedOnesAreRead(int colour) throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    PngSpec spec = PngSpec.random(random, 21, 13, colour, 8).withInterlace();
    spec = colour == 3 ? spec.withTransparency((byte) 9) : spec;
    byte[] deflated = PngSpec.deflate(spec.raw());
    byte[] file =
        PngSpec.file(
            spec.header(),
            control(1),
            colour == 3 ? chunk("PLTE", spec.palette()) : new byte[0],
            colour == 3 ? chunk("tRNS", spec.transparency()) : new byte[0],
            spec.data(deflated),
            frame(0, 21, 13, 0, 0, 0, 0),
            chunk("fdAT", ByteBuffer.allocate(4 + deflated.length).putInt(1).put(deflated).array()),
            END);
    Picture picture = Images.read(file, 8);
    int each = spec.pixels().opaque() ? 1 : 3;
    assertThat(picture.views(8)).hasSize(2 * each);
    for (int view = 0; view < each; view++) {
      assertThat(picture.views(8).get(each + view))
          .usingComparatorWithPrecision(0.02f)
          .containsExactly(picture.views(8).get(view));
    }
    spec.pixels().assertAveragedBy(Images.read(spec.encode(), 8), 8, 0.01);
  }

  static Stream<Arguments> broken() {
    byte[] control = control(2);
    return Stream.of(
        broken("no frames", control(0), FIRST, DATA),
        broken("no frames", control(-1), FIRST, DATA),
        broken("animation control", chunk("acTL", new byte[7]), FIRST, DATA),
        broken("animation control", control, control, FIRST, DATA),
        broken("animation control", DATA, control(1)),
        broken("frame control", control, chunk("fcTL", new byte[25]), DATA),
        broken("frame control", FIRST, DATA),
        broken("frame control", control, FIRST, SECOND, DATA),
        broken("frame control", control(1), FIRST, DATA, SECOND, SECOND_DATA),
        broken("another number", control, FIRST, DATA),
        broken("another number", control, FIRST, DATA, SECOND),
        broken("another number", control(3), FIRST, DATA, SECOND, SECOND_DATA),
        broken("out of order", control, frame(1, 4, 3, 0, 0, 0, 0), DATA),
        broken("out of order", control, FIRST, DATA, SECOND, data(3, RED)),
        broken("frame data", control, FIRST, DATA, data(1, RED)),
        broken("frame data", control, DATA, data(0, RED)),
        broken("frame data", control, FIRST, data(1, RED), DATA),
        broken("frame data", control, FIRST, DATA, SECOND, chunk("fdAT", new byte[3])),
        broken("no such disposal", control, frame(0, 4, 3, 0, 0, 3, 0), DATA),
        broken("canvas", control, frame(0, 4, 3, 0, 0, 0, 2), DATA),
        broken("canvas", control, frame(0, 3, 3, 0, 0, 0, 0), DATA),
        broken("canvas", control, frame(0, 0, 3, 0, 0, 0, 0), DATA),
        broken("canvas", control, FIRST, DATA, frame(1, 4, 3, 1, 0, 0, 0)),
        broken("canvas", control, FIRST, DATA, frame(1, 4, 3, 0, -1, 0, 0)),
        broken("canvas", control, FIRST, DATA, frame(1, 0x7FFFFFFF, 3, 3, 0, 0, 0)),
        broken("less image data", control, FIRST, DATA, SECOND, data(2, PngSpec.flat(4, 2, 0))),
        broken("more image data", control, FIRST, DATA, SECOND, data(2, PngSpec.flat(4, 4, 0))));
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
  void tooManyFramesAreRefusedByTheirAnnouncement() {
    assertRefused(file(control(17), FIRST, DATA), Cause.TOO_LARGE, "frames are beyond");
    assertRefused(file(control(0x7FFFFFFF), FIRST, DATA), Cause.TOO_LARGE, "frames are beyond");
  }

  @Test
  void aWrongChecksumIsUndecodable() {
    byte[] whole = file(control(2), FIRST, DATA, SECOND, SECOND_DATA);
    for (String type : new String[] {"acTL", "fcTL", "fdAT"}) {
      byte[] file = whole.clone();
      int at = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf(type);
      file[at + 7] ^= 0x40;
      assertRefused(file, Cause.UNDECODABLE, "checksum");
    }
  }
}
