package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnimationReaderTest {
  private static final int WIDTH = 24;
  private static final int HEIGHT = 18;

  /** As libwebp's animation decoder and Pillow compose them; see make.py. */
  @ParameterizedTest
  @ValueSource(strings = {"animated.webp", "animated.png", "separate.png", "animated.gif"})
  void framesAreComposedAsOthersComposeThem(String name) throws Exception {
    List<int[]> expected = golden(name);
    List<int[]> frames = frames(Images.resource(name), 100);
    if (name.startsWith("separate")) {
      expected.removeFirst();
    }
    assertThat(frames).hasSameSizeAs(expected).hasSizeGreaterThan(2);
    for (int i = 0; i < frames.size(); i++) {
      for (int at = 0; at < WIDTH * HEIGHT; at++) {
        assertSame(name + " frame " + i + " pixel " + at, frames.get(i)[at], expected.get(i)[at]);
      }
    }
  }

  /** Colours that nobody sees may differ, and rounding may be one off. */
  private static void assertSame(String what, int actual, int expected) {
    if (expected >>> 24 == 0 && actual >>> 24 == 0) {
      return;
    }
    for (int shift = 0; shift < 32; shift += 8) {
      int off = (actual >>> shift & 0xFF) - (expected >>> shift & 0xFF);
      assertThat(Math.abs(off))
          .as("%s: %08x, expected %08x", what, actual, expected)
          .isLessThanOrEqualTo(expected >>> 24 < 64 ? 3 : 1);
    }
  }

  @Test
  void everyFrameHasItsViews() throws Exception {
    assertThat(Images.read(Images.resource("animated.gif"), 8).views(8)).hasSize(5 * 3);
    assertThat(Images.read(Images.resource("animated.png"), 8).views(8)).hasSize(6 * 3);
    assertThat(Images.read(Images.resource("animated.webp"), 8).views(8)).hasSize(5 * 3);
  }

  /** The default image of {@code separate.png} is opaque, its six frames are not. */
  @Test
  void theImageOfViewersThatKnowNoAnimationsIsJudgedToo() throws Exception {
    byte[] file = Images.resource("separate.png");
    Picture picture = Images.read(file, WIDTH);
    assertThat(picture.views(WIDTH)).hasSize(1 + 6 * 3);
    int[] still = golden("separate.png").getFirst();
    assertThat(picture.views(WIDTH).getFirst()[0]).isEqualTo(still[0] >> 16 & 0xFF);
  }

  @ParameterizedTest
  @CsvSource({
    "animated.gif, 5",
    "animated.png, 6",
    "animated.webp, 5",
    "separate.png, 7",
  })
  void moreFramesThanTheCapAreTooLarge(String name, int frames) throws Exception {
    byte[] file = Images.resource(name);
    assertThat(limited(frames, frames, 1 << 20).prepare(Images.sample(file))).isNotNull();
    assertThatThrownBy(() -> limited(frames - 1, frames, 1 << 20).prepare(Images.sample(file)))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TOO_LARGE))
        .hasMessageContaining("frames are beyond");
  }

  @ParameterizedTest
  @CsvSource({
    "animated.gif, 5",
    "animated.png, 6",
    "animated.webp, 5",
    "separate.png, 7",
  })
  void pixelsOfAllFramesAreCapped(String name, int frames) throws Exception {
    byte[] file = Images.resource(name);
    long all = (long) WIDTH * HEIGHT * frames;
    assertThat(limited(frames, frames, all).prepare(Images.sample(file))).isNotNull();
    assertThatThrownBy(() -> limited(frames, frames, all - 1).prepare(Images.sample(file)))
        .hasMessageContaining("all frames");
  }

  private static PictureReader limited(int frames, int judged, long pixels) {
    ImageLimits limits =
        new ImageLimits(1 << 20, 512, pixels, 512, 64, frames, judged, 1 << 22, Duration.ZERO);
    return new PictureReader(limits, Images.squares(8));
  }

  /** Every frame that is left out is decoded all the same, for others are drawn on it. */
  @Test
  void ofMoreFramesThanAreJudgedTheFirstTheLastAndSomeBetweenAre() throws Exception {
    byte[] file = Images.resource("animated.webp");
    List<int[]> all = frames(file, 5);
    List<int[]> some = frames(file, 3);
    assertThat(some).hasSize(3);
    assertThat(some.get(0)).isEqualTo(all.get(0));
    assertThat(some.get(1)).isEqualTo(all.get(2));
    assertThat(some.get(2)).isEqualTo(all.get(4));
    assertThat(frames(file, 1)).hasSize(1).first().isEqualTo(all.getFirst());
    for (int judged = 2; judged < 20; judged++) {
      int most = judged;
      int[] chosen =
          IntStream.range(0, most).map(i -> AnimationReader.chosen(i, most, 57)).toArray();
      assertThat(chosen).isSorted().doesNotHaveDuplicates().startsWith(0).endsWith(56);
    }
  }

  @Test
  void aFrameThatIsLeftOutMustBeWholeToo() {
    byte[] file = Images.resource("animated.png");
    byte[] broken = file.clone();
    int at = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("fdAT");
    broken[at + 20] ^= 0x55;
    assertRefused(broken, Cause.UNDECODABLE, "checksum");
  }

  private static List<int[]> frames(byte[] file, int judged) throws UnavailableException {
    FileBytes bytes = FileBytes.of(ByteBuffer.wrap(file));
    AnimatedHeader header = (AnimatedHeader) Images.header(file);
    AnimationReader reader =
        new AnimationReader(
            bytes, header, new PngReader(Optional.empty()), new WebpReader(Optional.empty()));
    List<int[]> frames = new ArrayList<>();
    reader.read(
        judged,
        canvas -> {
          int[] argb = new int[WIDTH * HEIGHT];
          canvas.show(new Collected(argb));
          frames.add(argb);
        });
    return frames;
  }

  /** Keeps rows as they come. */
  private record Collected(int[] argb) implements RowSink {
    @Override
    public void rgb(int y, byte[] row) {
      throw new AssertionError("a canvas has alpha");
    }

    @Override
    public void rgba(int y, byte[] row) {
      for (int x = 0; x < WIDTH; x++) {
        int rgba = ByteBuffer.wrap(row).getInt(4 * x);
        argb[y * WIDTH + x] = Integer.rotateRight(rgba, 8);
      }
    }
  }

  private static List<int[]> golden(String name) throws IOException {
    byte[] all =
        new InflaterInputStream(new ByteArrayInputStream(Images.resource(name + ".rgba")))
            .readAllBytes();
    List<int[]> frames = new ArrayList<>();
    ByteBuffer rgba = ByteBuffer.wrap(all);
    while (rgba.hasRemaining()) {
      int[] argb = new int[WIDTH * HEIGHT];
      for (int i = 0; i < argb.length; i++) {
        argb[i] = Integer.rotateRight(rgba.getInt(), 8);
      }
      frames.add(argb);
    }
    return frames;
  }
}
