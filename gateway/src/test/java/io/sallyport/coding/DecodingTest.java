package io.sallyport.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.sallyport.coding.CodingException.Flaw;
import io.sallyport.testing.Coded;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each coding: what an encoder wrote comes out, and whatever else there may be is refused. */
class DecodingTest {
  private static final long CAP = 8 << 20;
  private static final byte[] TEXT = "a house on the beach, a house".getBytes(UTF_8);

  private static byte[] plain(Decoded decoded) {
    return Arrays.copyOf(decoded.bytes(), decoded.length());
  }

  private static byte[] decode(ContentCoding coding, byte[] coded) throws CodingException {
    return plain(Decoding.decode(coding, coded, coded.length, CAP, more -> true));
  }

  private static Optional<Flaw> flaw(ContentCoding coding, byte[] coded, long cap) {
    try {
      Decoding.decode(coding, coded, coded.length, cap, more -> true);
      return Optional.empty();
    } catch (CodingException e) {
      return Optional.of(e.flaw());
    }
  }

  private static void refuses(ContentCoding coding, byte[] coded) {
    assertThat(flaw(coding, coded, CAP)).contains(Flaw.BROKEN);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatWasCoded(ContentCoding coding) throws Exception {
    List<byte[]> bodies = new ArrayList<>(List.of(TEXT, "a".repeat(60_000).getBytes(UTF_8)));
    for (int size : new int[] {1, 4087, 4088, 4089, 4096, 8192, 65_536, 65_537, 300_000}) {
      bodies.add(random(size));
    }
    for (byte[] body : bodies) {
      assertThat(decode(coding, Coded.in(coding, body))).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBodyHasNoCoding(ContentCoding coding) throws Exception {
    assertThat(decode(coding, new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aCodedNothingIsNothing(ContentCoding coding) throws Exception {
    assertThat(decode(coding, Coded.in(coding, new byte[0]))).isEmpty();
  }

  @Test
  void readsWhatBrotlisEncoderWrites() throws Exception {
    assertThat(decode(ContentCoding.BR, Coded.BROTLI_BICYCLE)).asString().isEqualTo(Coded.BICYCLE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void readsOnlyTheBodyOfItsArray(ContentCoding coding) throws Exception {
    byte[] coded = Coded.in(coding, TEXT);
    byte[] roomy = Arrays.copyOf(coded, coded.length + 100);
    Decoded decoded = Decoding.decode(coding, roomy, coded.length, CAP, more -> true);
    assertThat(plain(decoded)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void refusesWhatEndsEarly(ContentCoding coding) {
    byte[] coded = Coded.in(coding, TEXT);
    for (int length = 1; length < coded.length; length++) {
      refuses(coding, Arrays.copyOf(coded, length));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void refusesWhatGoesOnAfterItsEnd(ContentCoding coding) {
    byte[] coded = Coded.in(coding, TEXT);
    refuses(coding, joined(coded, new byte[1]));
    refuses(coding, joined(coded, new byte[5000]));
    refuses(coding, joined(coded, coded));
    refuses(coding, joined(coded, TEXT));
  }

  /** Brotli's decoder reads 4096 bytes at a time, and does not look beyond what it needs. */
  @Test
  void refusesWhatGoesOnAfterItsEndWhereverBrotliStopsReading() throws Exception {
    for (int size : new int[] {3992, 4060, 4064, 4092, 4093, 4096, 5000, 8188}) {
      byte[] body = random(size);
      byte[] coded = Coded.in(ContentCoding.BR, body);
      assertThat(decode(ContentCoding.BR, coded)).isEqualTo(body);
      for (int more : new int[] {1, 100, 4095, 4096}) {
        refuses(ContentCoding.BR, joined(coded, new byte[more]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void refusesWhatIsInAnotherCoding(ContentCoding coding) {
    for (ContentCoding other : ContentCoding.values()) {
      if (other != coding) {
        refuses(coding, Coded.in(other, "{\"prompt\":\"a house\"}"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "DEFLATE"})
  void noBitOfABodyWithAChecksumCanChange(ContentCoding coding) throws Exception {
    byte[] coded = Coded.in(coding, TEXT);
    for (int bit = 0; bit < 8 * coded.length; bit++) {
      byte[] changed = coded.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      if (flaw(coding, changed, CAP).isEmpty()) {
        assertThat(decode(coding, changed)).as("bit %d", bit).isEqualTo(TEXT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBombIsRefusedByItsRatio(ContentCoding coding) {
    byte[] bomb = Coded.bomb(coding);
    assertThat(bomb.length).isLessThan(2000);
    assertThat(flaw(coding, bomb, CAP)).contains(Flaw.EXPANSION);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void whatIsLargerThanTheCapIsRefused(ContentCoding coding) {
    byte[] coded = Coded.in(coding, random(100_000));
    assertThat(flaw(coding, coded, 100_000)).isEmpty();
    assertThat(flaw(coding, coded, 99_999)).contains(Flaw.TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"IDENTITY", "BR"})
  void smallBodiesMayRepeatThemselves(ContentCoding coding) throws Exception {
    byte[] most = "a".repeat(Decoding.FLOOR).getBytes(UTF_8);
    assertThat(decode(coding, Coded.in(coding, most))).isEqualTo(most);
    byte[] more = "a".repeat(Decoding.FLOOR + 1).getBytes(UTF_8);
    assertThat(flaw(coding, Coded.in(coding, more), CAP)).contains(Flaw.EXPANSION);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void takesMemoryInStepsAndStopsWhereThereIsNone(ContentCoding coding) {
    byte[] coded = Coded.in(coding, random(200_000));
    AtomicLong left = new AtomicLong(100_000);
    assertThat(left.get()).isPositive();
    try {
      Decoding.decode(coding, coded, coded.length, CAP, more -> left.addAndGet(-more) >= 0);
      throw new AssertionError("decoded without room");
    } catch (CodingException e) {
      assertThat(e.flaw()).isEqualTo(Flaw.NO_ROOM);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBombTakesNoMoreMemoryThanItsCap(ContentCoding coding) {
    AtomicLong taken = new AtomicLong();
    byte[] bomb = Coded.bomb(coding);
    try {
      Decoding.decode(coding, bomb, bomb.length, CAP, more -> taken.addAndGet(more) >= 0);
      throw new AssertionError("decoded a bomb");
    } catch (CodingException e) {
      assertThat(taken.get())
          .isLessThanOrEqualTo(Math.max(Decoding.FLOOR, (long) Decoding.RATIO * bomb.length));
    }
  }

  // gzip

  private static byte[] withHead(int flags, byte[]... fields) {
    byte[] gzip = Coded.in(ContentCoding.GZIP, TEXT);
    byte[] head = Arrays.copyOf(gzip, 10);
    head[3] = (byte) flags;
    return joined(head, joined(fields), Arrays.copyOfRange(gzip, 10, gzip.length));
  }

  @Test
  void readsAGzipHeadWithAllItsFields() throws Exception {
    byte[] extra = {3, 0, 1, 2, 3};
    byte[] name = "house.json\0".getBytes(UTF_8);
    byte[] comment = "a comment\0".getBytes(UTF_8);
    assertThat(decode(ContentCoding.GZIP, withHead(0x1D, extra, name, comment))).isEqualTo(TEXT);
    byte[] before = Arrays.copyOf(withHead(0x1F, extra, name, comment), 10 + 5 + 11 + 10);
    CRC32 crc = new CRC32();
    crc.update(before);
    byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    assertThat(decode(ContentCoding.GZIP, withHead(0x1F, extra, name, comment, check)))
        .isEqualTo(TEXT);
    check[0]++;
    refuses(ContentCoding.GZIP, withHead(0x1F, extra, name, comment, check));
  }

  @Test
  void refusesAGzipHeadThatIsReservedLongOrWithoutEnd() {
    refuses(ContentCoding.GZIP, withHead(0x20));
    refuses(ContentCoding.GZIP, withHead(0x80));
    refuses(ContentCoding.GZIP, withHead(0x08));
    refuses(ContentCoding.GZIP, withHead(0x04, new byte[] {-1, -1}));
    refuses(ContentCoding.GZIP, withHead(0x08, "x".repeat(GzipBody.MAX_HEAD).getBytes(UTF_8)));
    refuses(ContentCoding.GZIP, withHead(0x08, (" ".repeat(1024) + "\0").getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 4})
  void refusesAnotherGzipChecksumAndSize(int fromEnd) {
    byte[] gzip = Coded.in(ContentCoding.GZIP, TEXT);
    gzip[gzip.length - fromEnd]++;
    refuses(ContentCoding.GZIP, gzip);
  }

  // deflate

  @Test
  void refusesDeflateWithoutItsWrapper() {
    refuses(ContentCoding.DEFLATE, Coded.deflate(TEXT, true));
  }

  @Test
  void refusesDeflateThatNeedsADictionary() {
    try (Deflater deflater = new Deflater()) {
      deflater.setDictionary(TEXT);
      deflater.setInput(TEXT);
      deflater.finish();
      byte[] coded = new byte[1000];
      refuses(ContentCoding.DEFLATE, Arrays.copyOf(coded, deflater.deflate(coded)));
    }
  }

  /** One body, two texts: zlib reads the one, whoever tries raw deflate first reads the other. */
  @Test
  void refusesDeflateThatIsAlsoDeflateWithoutItsWrapper() throws Exception {
    byte[] hidden = "a bicycle".getBytes(UTF_8);
    byte[] shown = new byte[0xFFFE];
    Arrays.fill(shown, (byte) ' ');
    byte[] length = {(byte) hidden.length, 0, (byte) ~hidden.length, -1};
    byte[] raw = joined(length, hidden, new byte[] {1, 0, 0, -1, -1});
    // To raw deflate: a stored block of the one byte 1, and then what stands in shown.
    System.arraycopy(raw, 0, shown, 0, raw.length);
    byte[] head = {0x78, 0x01, 0x00, (byte) 0xFE, (byte) 0xFF, 0x01, 0x00};
    byte[] body = joined(head, shown, new byte[] {1, 0, 0, -1, -1}, adler(shown));
    byte[] seen = new byte[100_000];
    try (Inflater zlib = new Inflater();
        Inflater other = new Inflater(true)) {
      zlib.setInput(body);
      assertThat(zlib.inflate(seen)).isEqualTo(shown.length);
      other.setInput(body);
      int count = other.inflate(seen);
      assertThat(new String(seen, 0, count, UTF_8)).contains("a bicycle").hasSize(10);
    }
    refuses(ContentCoding.DEFLATE, body);
  }

  private static byte[] adler(byte[] bytes) {
    java.util.zip.Adler32 adler = new java.util.zip.Adler32();
    adler.update(bytes);
    int value = (int) adler.getValue();
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  // brotli

  @Test
  void refusesLargeWindowBrotli() {
    byte[] large = Base64.getDecoder().decode("EVwUAeCXAgmrSY6pBJhAJw==");
    refuses(ContentCoding.BR, large);
  }

  // zstd

  private static byte[] zstd(boolean size, boolean checksum, int windowLog, byte[] plain) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setContentSize(size).setChecksum(checksum);
      if (windowLog > 0) {
        context.setLong(windowLog);
      }
      return context.compress(plain);
    }
  }

  @Test
  void readsZstdWithAndWithoutSizeAndChecksum() throws Exception {
    byte[] plain = random(300_000);
    for (boolean size : new boolean[] {true, false}) {
      for (boolean checksum : new boolean[] {true, false}) {
        assertThat(decode(ContentCoding.ZSTD, zstd(size, checksum, 0, plain))).isEqualTo(plain);
      }
    }
  }

  @Test
  void refusesAnotherZstdChecksum() {
    byte[] coded = zstd(true, true, 0, TEXT);
    coded[coded.length - 1]++;
    refuses(ContentCoding.ZSTD, coded);
  }

  @Test
  void refusesZstdThatDeclaresAnotherSize() {
    byte[] coded = zstd(true, false, 0, TEXT);
    assertThat(coded[5]).isEqualTo((byte) TEXT.length);
    coded[5]--;
    refuses(ContentCoding.ZSTD, coded);
    coded[5] += 2;
    refuses(ContentCoding.ZSTD, coded);
  }

  @Test
  void refusesSkippableFramesWhereverTheyStand() {
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
    byte[] coded = Coded.in(ContentCoding.ZSTD, TEXT);
    assertThat(Zstd.decompress(joined(skippable, coded), 100)).isEqualTo(TEXT);
    refuses(ContentCoding.ZSTD, joined(skippable, coded));
    refuses(ContentCoding.ZSTD, joined(coded, skippable));
    refuses(ContentCoding.ZSTD, skippable);
  }

  @Test
  void refusesZstdWithADictionary() {
    byte[] plain = Coded.in(ContentCoding.ZSTD, TEXT);
    byte[] named =
        joined(Arrays.copyOf(plain, 5), new byte[1], Arrays.copyOfRange(plain, 5, plain.length));
    named[4] |= 1;
    refuses(ContentCoding.ZSTD, named);
  }

  @Test
  void refusesAZstdWindowBeyondEightMebibytes() throws Exception {
    byte[] plain = random(9 << 20);
    byte[] within = zstd(false, false, 23, plain);
    assertThat(
            Decoding.decode(ContentCoding.ZSTD, within, within.length, 10 << 20, m -> true)
                .length())
        .isEqualTo(plain.length);
    byte[] beyond = zstd(false, false, 24, plain);
    assertThat(flaw(ContentCoding.ZSTD, beyond, 10 << 20)).contains(Flaw.BROKEN);
  }

  @Test
  void refusesReservedBitsAndBlocksOfZstd() {
    for (int bit : new int[] {0x08, 0x10}) {
      byte[] coded = Coded.in(ContentCoding.ZSTD, TEXT);
      coded[4] |= (byte) bit;
      refuses(ContentCoding.ZSTD, coded);
    }
    byte[] reserved = Coded.in(ContentCoding.ZSTD, TEXT);
    reserved[6] |= 6;
    refuses(ContentCoding.ZSTD, reserved);
  }

  @Test
  void saysNothingOfTheBody() throws Exception {
    assertThat(new Decoded(TEXT, 5)).hasToString("Decoded[5 bytes]");
    assertThat(new CodingException(Flaw.BROKEN)).hasNoCause().hasMessage("BROKEN");
  }
}
