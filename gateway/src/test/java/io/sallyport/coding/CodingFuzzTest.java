package io.sallyport.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import io.sallyport.testing.Coded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes in any coding: decoded within the caps or refused, and nothing else happens. */
class CodingFuzzTest {
  private static final int CAP = 200_000;

  /** Whole bodies, and bodies with a few bytes changed, moved or missing. */
  static Stream<byte[]> seeds() {
    SplittableRandom random = new SplittableRandom(7);
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Coded.BROTLI_BICYCLE);
    for (ContentCoding coding : ContentCoding.values()) {
      seeds.add(Coded.in(coding, Coded.BICYCLE));
      seeds.add(Coded.bomb(coding));
    }
    List<byte[]> all = new ArrayList<>(seeds);
    for (byte[] seed : seeds) {
      for (int i = 0; i < 30; i++) {
        all.add(changed(seed.length > 5000 ? Arrays.copyOf(seed, 5000) : seed, random));
      }
    }
    return all.stream();
  }

  private static byte[] changed(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed.clone();
    for (int k = random.nextInt(4); k >= 0; k--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
      case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(5));
      default -> bytes;
    };
  }

  @FuzzTest
  @MethodSource("seeds")
  void staysWithinItsCaps(byte[] coded) {
    for (ContentCoding coding : ContentCoding.values()) {
      AtomicLong taken = new AtomicLong();
      decode(coding, coded, taken)
          .ifPresent(
              decoded -> {
                assertThat(decoded.length).isLessThanOrEqualTo(Math.max(CAP, coded.length));
                assertThat(taken.get()).isLessThanOrEqualTo(CAP);
              });
      assertThat(taken.get()).isLessThanOrEqualTo(CAP);
    }
  }

  /** What is let in, every other decoder reads alike. */
  @FuzzTest
  @MethodSource("seeds")
  void othersReadTheSame(byte[] coded) throws IOException {
    if (coded.length == 0) {
      return;
    }
    AtomicLong taken = new AtomicLong();
    ByteArrayInputStream in = new ByteArrayInputStream(coded);
    Optional<byte[]> gzip = decode(ContentCoding.GZIP, coded, taken);
    if (gzip.isPresent()) {
      assertThat(new GZIPInputStream(in).readAllBytes()).isEqualTo(gzip.get());
    }
    Optional<byte[]> zlib = decode(ContentCoding.DEFLATE, coded, taken);
    if (zlib.isPresent()) {
      assertThat(new InflaterInputStream(in).readAllBytes()).isEqualTo(zlib.get());
    }
    Optional<byte[]> zstd = decode(ContentCoding.ZSTD, coded, taken);
    if (zstd.isPresent()) {
      assertThat(Zstd.decompress(coded, CAP)).isEqualTo(zstd.get());
    }
  }

  @FuzzTest
  void readsAnyHeaderField(byte[] field) {
    String value = new String(field, UTF_8);
    String upstream = AcceptEncoding.upstream(List.of(value));
    assertThat(upstream).isNotEmpty();
    assertThat(AcceptEncoding.upstream(List.of(upstream))).isEqualTo(upstream);
    assertThat(ContentCoding.of(List.of(value, value))).isEmpty();
  }

  private static Optional<byte[]> decode(ContentCoding coding, byte[] coded, AtomicLong taken) {
    try {
      Decoded decoded =
          Decoding.decode(coding, coded, coded.length, CAP, more -> taken.addAndGet(more) >= 0);
      return Optional.of(Arrays.copyOf(decoded.bytes(), decoded.length()));
    } catch (CodingException e) {
      return Optional.empty();
    }
  }
}
