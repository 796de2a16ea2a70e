package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorFileTest {
  private static final String MODEL = "a".repeat(64);
  private static final String LINE = Digests.sha256("a dog".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path dir;
  private final Problems problems = new Problems();

  /** Two lines, three vectors of two numbers. */
  static void write(Path prefix) throws Exception {
    try (VectorWriter writer = new VectorWriter(prefix, 2)) {
      assertThat(writer.add(1, LINE, List.of(new float[] {1, 0}))).isTrue();
      assertThat(writer.add(4, LINE, List.of(new float[] {0, 1}, new float[] {.6f, .8f}))).isTrue();
      writer.finish("table", MODEL);
    }
  }

  @Test
  void readsWhatWasWritten() throws Exception {
    write(dir.resolve("two"));
    VectorFile file = VectorFile.load(dir.resolve("two"), problems).orElseThrow();

    assertThat(file.index().model()).isEqualTo("table");
    assertThat(file.index().digest()).isEqualTo(MODEL);
    assertThat(file.index().size()).isEqualTo(2);
    assertThat(file.index().rows())
        .containsExactly(new VectorIndex.Row(1, LINE, 1), new VectorIndex.Row(4, LINE, 2));
    assertThat(file.line(1)).containsExactly(new float[] {1, 0});
    assertThat(file.line(4)).containsExactly(new float[] {0, 1}, new float[] {.6f, .8f});
    assertThat(file.line(2)).isEmpty();
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("two.f32", "two.json");
  }

  @Test
  void holdsLittleEndianFloatsAndNothingElse() throws Exception {
    write(dir.resolve("two"));
    ByteBuffer numbers =
        ByteBuffer.wrap(Files.readAllBytes(dir.resolve("two.f32"))).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(numbers.capacity()).isEqualTo(6 * 4);
    assertThat(numbers.getFloat(0)).isEqualTo(1);
    assertThat(numbers.getFloat(20)).isEqualTo(.8f);
  }

  @Test
  void leavesNothingBehindThatWasNotFinished() throws Exception {
    try (VectorWriter writer = new VectorWriter(dir.resolve("two"), 2)) {
      writer.add(1, LINE, List.of(new float[] {1, 0}));
    }

    assertThat(dir.toFile().list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          vectors-1"     | vectors-2"      | 1 | format: not one known here
          "table"        | "../table"      | 2 | model: not of the form
          "aaaa          | "AAAA           | 3 | digest: not of the form
          "size": 2      | "size": 0       | 4 | size: expected a whole number from 1
          "size": 2      | "size": 2.0     | 4 | size: expected a whole number from 1
          "size": 2      | "size": 99999   | 4 | size: expected a whole number from 1
          "size"         | "sizes"         | 4 | unknown key
          "line": 4      | "line": 1       | 8 | rows: lines must rise
          "line": 4, "s  | "s              | 8 | rows: needs line, sha256 and vectors
          "vectors": 2   | "vectors": -2   | 8 | vectors: expected a whole number
          "vectors": 2   | "text": "a dog" | 8 | unknown key
          ]}             | ]} {}           | 9 | data after the end
          ]}             | ]               | 10 | not JSON
          {"format"      | []              | 1 | expected an object
          """)
  void refusesAnIndexWithOneThingWrong(String right, String wrong, int line, String message)
      throws Exception {
    write(dir.resolve("two"));
    String json = Files.readString(dir.resolve("two.json"));
    assertThat(json).contains(right);

    assertRefused(json.replace(right, wrong), numbers(), "two.json", line, message);
  }

  @Test
  void refusesAnIndexThatLacksAKey() throws Exception {
    write(dir.resolve("two"));
    String json = Files.readString(dir.resolve("two.json")).replace(" \"size\": 2,\n", "");

    assertRefused(json, numbers(), "two.json", 8, "missing key 'size'");
  }

  @Test
  void refusesNumbersThatAreNotThePinnedOnes() throws Exception {
    write(dir.resolve("two"));
    String json = Files.readString(dir.resolve("two.json"));
    byte[] longer = java.util.Arrays.copyOf(numbers(), 25);
    byte[] other = numbers();
    other[5]++;

    assertRefused(json, longer, "two.f32", 0, "has 25 bytes, its index says 24");
    assertRefused(json, other, "two.f32", 0, "has another SHA-256 than its index says");
  }

  @Test
  void refusesNumbersThatAreNotFinite() throws Exception {
    write(dir.resolve("two"));
    byte[] bad = numbers();
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putFloat(8, Float.NaN);
    String json =
        Files.readString(dir.resolve("two.json"))
            .replace(Digests.sha256(numbers()), Digests.sha256(bad));

    assertRefused(json, bad, "two.f32", 0, "number 2 is not finite");
  }

  @Test
  void tellsOfBothFilesThatAreNotThere() {
    assertThat(VectorFile.load(dir.resolve("none"), problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::file)
        .containsExactly(dir.resolve("none.json").toString(), dir.resolve("none.f32").toString());
  }

  private byte[] numbers() throws Exception {
    return Files.readAllBytes(dir.resolve("two.f32"));
  }

  private void assertRefused(String json, byte[] numbers, String file, int line, String message) {
    Problems found = new Problems();
    Optional<VectorFile> read =
        VectorFile.parse("two", json.getBytes(StandardCharsets.UTF_8), numbers, found);

    assertThat(read).isEmpty();
    assertThat(found.list()).hasSize(1);
    assertThat(found.list().getFirst().file()).isEqualTo(file);
    assertThat(found.list().getFirst().message()).contains(message);
    assertThat(found.list().getFirst().line()).isEqualTo(line);
  }
}
