package io.sallyport.detect.image;

import static io.sallyport.detect.image.Images.assertRefused;
import static io.sallyport.detect.image.PngSpec.chunk;
import static io.sallyport.detect.image.PngSpec.file;
import static io.sallyport.detect.image.PngSpec.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.signal.Cause;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PngHeaderReaderTest {
  private static final PngSpec SPEC = PngSpec.flat(9, 9, 0xFF00FF);
  private static final byte[] HEADER = SPEC.header();
  private static final byte[] DATA = SPEC.data(PngSpec.deflate(SPEC.raw()));
  private static final byte[] END = chunk("IEND");
  private static final byte[] PALETTE = chunk("PLTE", new byte[6]);

  @Test
  void theHeaderSaysWhatTheFileIs() throws Exception {
    PngHeader header = (PngHeader) Images.header(SPEC.withInterlace().encode());
    assertThat(header.format()).isEqualTo(ImageFormat.PNG);
    assertThat(header.width()).isEqualTo(9);
    assertThat(header.height()).isEqualTo(9);
    assertThat(header.depth()).isEqualTo(8);
    assertThat(header.colour()).isEqualTo(PngColour.RGB);
    assertThat(header.interlaced()).isTrue();
  }

  @Test
  void ancillaryChunksAreSkippedUnread() throws Exception {
    byte[] profile = chunk("iCCP", new byte[] {1, 2, 3});
    profile[profile.length - 1] ^= 1;
    byte[] odd =
        file(
            HEADER,
            chunk("gAMA", (byte) 0, (byte) 0, (byte) 0xB1, (byte) 0x8F),
            profile,
            PALETTE,
            chunk("zTXt"),
            DATA,
            chunk("caBX", new byte[999]),
            END);
    float[] seen = Images.read(odd, 1).views(1).getFirst();
    assertThat(seen).containsExactly(new float[] {255, 0, 255}, within(0.001f));
  }

  static Stream<Arguments> broken() {
    byte[] indexed = header(9, 9, 8, 3, 0);
    byte[] grey = header(9, 9, 8, 0, 0);
    return Stream.of(
        undecodable("does not begin with its header", file(PALETTE, HEADER, DATA, END)),
        undecodable("a second PNG header", file(HEADER, HEADER, DATA, END)),
        undecodable("without an image", file(HEADER, END)),
        undecodable("ends early", file(HEADER, DATA)),
        undecodable("data after the end", file(HEADER, DATA, END, new byte[1])),
        undecodable("data after the end", file(HEADER, DATA, END, END)),
        undecodable("not in one piece", file(HEADER, DATA, chunk("tIME"), DATA, END)),
        undecodable("without an image", file(HEADER, DATA, chunk("IEND", (byte) 0))),
        undecodable("type is not letters", file(HEADER, chunk("a1bc"), DATA, END)),
        undecodable("side is zero", file(header(0, 9, 8, 2, 0), DATA, END)),
        undecodable("side is zero", file(header(9, 0, 8, 2, 0), DATA, END)),
        undecodable("side is zero", file(header(-5, 9, 8, 2, 0), DATA, END)),
        undecodable("interlace method", file(header(9, 9, 8, 2, 2), DATA, END)),
        undecodable("colour type", file(header(9, 9, 8, 1, 0), DATA, END)),
        undecodable("colour type", file(header(9, 9, 8, 7, 0), DATA, END)),
        undecodable("colour type", file(header(9, 9, 4, 2, 0), DATA, END)),
        undecodable("colour type", file(header(9, 9, 16, 3, 0), DATA, END)),
        undecodable("colour type", file(header(9, 9, 3, 0, 0), DATA, END)),
        undecodable("colour type", file(header(9, 9, 0, 0, 0), DATA, END)),
        undecodable("no palette", file(indexed, DATA, END)),
        undecodable("palette", file(indexed, DATA, PALETTE, END)),
        undecodable("palette", file(indexed, PALETTE, PALETTE, DATA, END)),
        undecodable("palette", file(indexed, chunk("PLTE"), DATA, END)),
        undecodable("palette", file(indexed, chunk("PLTE", new byte[7]), DATA, END)),
        undecodable("palette", file(indexed, chunk("PLTE", new byte[771]), DATA, END)),
        undecodable("palette", file(header(9, 9, 1, 3, 0), chunk("PLTE", new byte[9]), DATA, END)),
        undecodable("palette", file(grey, PALETTE, DATA, END)),
        undecodable("transparency", file(grey, chunk("tRNS", (byte) 1), DATA, END)),
        undecodable("transparency", file(HEADER, chunk("tRNS", new byte[2]), DATA, END)),
        undecodable("transparency", file(HEADER, DATA, chunk("tRNS", new byte[6]), END)),
        undecodable("transparency", file(indexed, chunk("tRNS", (byte) 1), PALETTE, DATA, END)),
        undecodable("transparency", file(indexed, PALETTE, chunk("tRNS", new byte[3]), DATA, END)),
        undecodable(
            "transparency", file(header(9, 9, 8, 6, 0), chunk("tRNS", new byte[6]), DATA, END)),
        undecodable("gamma", file(HEADER, chunk("gAMA"), DATA, END)),
        refused(Cause.UNSUPPORTED, "gamma", file(HEADER, chunk("gAMA", new byte[4]), DATA, END)),
        refused(
            Cause.UNSUPPORTED,
            "gamma",
            file(HEADER, chunk("gAMA", (byte) -1, (byte) -1, (byte) -1, (byte) -1), DATA, END)),
        refused(Cause.UNSUPPORTED, "critical", file(HEADER, chunk("ABCD"), DATA, END)),
        undecodable("no frames", file(HEADER, chunk("acTL", new byte[8]), DATA, END)),
        undecodable("frame control", file(HEADER, chunk("fcTL", new byte[26]), DATA, END)),
        undecodable("frame data", file(HEADER, DATA, chunk("fdAT", new byte[8]), END)));
  }

  private static Arguments undecodable(String detail, byte[] file) {
    return refused(Cause.UNDECODABLE, detail, file);
  }

  private static Arguments refused(Cause cause, String detail, byte[] file) {
    return Arguments.of(cause, detail, file);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void aBrokenStructureIsRefused(Cause cause, String detail, byte[] file) {
    assertRefused(file, cause, detail);
  }

  @Test
  void aWrongChecksumOfAnyDecodedChunkIsUndecodable() {
    byte[] transparency = chunk("tRNS", (byte) 9);
    byte[][] chunks = {header(9, 9, 8, 3, 0), PALETTE, transparency, DATA, END};
    for (int i = 0; i < chunks.length; i++) {
      byte[][] copy = chunks.clone();
      copy[i] = copy[i].clone();
      copy[i][copy[i].length - 1] ^= 1;
      assertRefused(file(copy), Cause.UNDECODABLE, "checksum");
    }
  }

  @Test
  void aChunkThatReachesBeyondTheFileIsUndecodable() {
    for (int length : new int[] {100_000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      byte[] lying = DATA.clone();
      for (int i = 0; i < 4; i++) {
        lying[i] = (byte) (length >> (24 - 8 * i));
      }
      assertRefused(file(HEADER, lying, END), Cause.UNDECODABLE, "beyond the file");
    }
  }
}
