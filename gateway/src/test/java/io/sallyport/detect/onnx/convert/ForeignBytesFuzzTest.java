package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, the readers of foreign files read them or refuse them: nothing else. */
class ForeignBytesFuzzTest {
  private static final TfjsScript MODEL =
      new TfjsScript()
          .input(2, 2, 1)
          .weight("f", List.of(2, 2, 1, 1), 1, 2, 3, 4)
          .weight("b", List.of(1), 1)
          .node(
              "c",
              "_FusedConv2D",
              List.of("x", "f", "b"),
              TfjsScript.integers("strides", 1, 1, 1, 1)
                  + ","
                  + TfjsScript.text("padding", "VALID")
                  + ","
                  + TfjsScript.text("data_format", "NHWC")
                  + ","
                  + TfjsScript.texts("fused_ops", List.of("BiasAdd", "Relu6")))
          .node("s", "Squeeze", List.of("c"), TfjsScript.integers("squeeze_dims", 1, 2));

  static Stream<byte[]> literals() {
    return Stream.of("{a:[1,-.5,!0],\"b c\":{}}", "[[[", "1e999", "\"")
        .map(source -> source.getBytes(StandardCharsets.US_ASCII));
  }

  static Stream<byte[]> models() {
    return Stream.of(MODEL.model(), MODEL.shard());
  }

  static Stream<byte[]> archives() {
    return Stream.of(
        new TarFile().file("a", "x").gzipped(),
        new TarFile().file("../a", "x").gzipped(),
        new TarFile().entry("a", '0', "77777777777", new byte[0]).gzipped());
  }

  @MethodSource("literals")
  @FuzzTest
  void literal(byte[] source) {
    LiteralReader reader = new LiteralReader(source, 0);
    try {
      reader.read();
      assertThat(reader.position()).isBetween(1, source.length);
    } catch (ModelSourceException e) {
      assertThat(e).hasMessageStartingWith("malformed script");
    }
  }

  @MethodSource("models")
  @FuzzTest
  void model(byte[] script) {
    try {
      TfjsGraph graph = TfjsGraph.read(script, List.of(MODEL.shard()));
      assertThat(GraphModelToOnnx.convert(graph, "fuzz", "in", "out")).isNotEmpty();
    } catch (ModelSourceException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @MethodSource("archives")
  @FuzzTest
  void archive(byte[] archive) throws IOException {
    try {
      assertThat(TarFile.read(archive, "a")).containsOnlyKeys("a");
    } catch (ModelSourceException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** A fuzzer rarely gets past gzip: here what is inside the archive is damaged. */
  @MethodSource("archives")
  @FuzzTest
  void tar(byte[] tar) throws IOException {
    archive(TarFile.gzip(tar));
  }

  @Test
  void damagedFilesAreReadOrRefused() throws IOException {
    long seed = 20;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] tar = TarFile.header("a", '0', TarFile.octal(0));
    for (int round = 0; round < 1000; round++) {
      try {
        model(damaged(random, MODEL.model()));
        literal(
            damaged(
                random, "{a:[1,-.5e-1,!0],\"b c\":{},$:\"\"}".getBytes(StandardCharsets.US_ASCII)));
        archive(damaged(random, new TarFile().file("a", "x").gzipped()));
        tar(damaged(random, new TarFile().entry("a", '0', TarFile.octal(0), tar).bytes()));
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  private static byte[] damaged(SplittableRandom random, byte[] whole) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      byte other = bytes[random.nextInt(bytes.length)];
      bytes[at] = random.nextBoolean() ? other : (byte) (bytes[at] ^ 1 << random.nextInt(8));
    }
    return random.nextInt(8) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
        : bytes;
  }
}
