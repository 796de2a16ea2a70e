package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VectorFuzzTest {
  private static final byte[] NUMBERS = new byte[24];
  private static final String JSON =
      new VectorIndex(
              "table",
              "b".repeat(64),
              2,
              Digests.sha256(NUMBERS),
              List.of(
                  new VectorIndex.Row(1, "c".repeat(64), 1),
                  new VectorIndex.Row(7, "d".repeat(64), 2)))
          .toJson();

  /** Whatever the index: vectors as it says, or one problem that says why not. */
  @FuzzTest
  void givesVectorsOrAProblem(byte[] json) {
    Problems problems = new Problems();
    Optional<VectorFile> file = VectorFile.parse("fuzz", json, NUMBERS, problems);

    assertThat(file.isPresent()).isEqualTo(problems.isEmpty());
    assertThat(problems.list()).hasSizeLessThanOrEqualTo(1);
    file.ifPresent(VectorFuzzTest::readAll);
  }

  private static void readAll(VectorFile file) {
    int vectors = 0;
    for (VectorIndex.Row row : file.index().rows()) {
      List<float[]> found = file.line(row.line());
      assertThat(found).hasSize(row.vectors());
      assertThat(found).allMatch(vector -> vector.length == file.index().size());
      vectors += found.size();
    }
    assertThat(vectors * file.index().size() * 4).isEqualTo(NUMBERS.length);
  }

  /** Pieces of a good index cut out, doubled and swapped reach deeper than random bytes do. */
  @Test
  void givesVectorsOrAProblemForShuffledIndexes() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int good = 0;
    for (int round = 0; round < 3000; round++) {
      StringBuilder json = new StringBuilder(JSON);
      for (int change = random.nextInt(3); change > 0; change--) {
        int from = random.nextInt(json.length());
        int to = Math.min(json.length(), from + 1 + random.nextInt(8));
        String piece = json.substring(from, to);
        switch (random.nextInt(3)) {
          case 0 -> json.delete(from, to);
          case 1 -> json.insert(random.nextInt(json.length()), piece);
          default -> json.insert(from, "-9e99 [{\"}],".charAt(random.nextInt(12)));
        }
      }
      byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
      try {
        givesVectorsOrAProblem(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + json, e);
      }
      good += VectorFile.parse("m", bytes, NUMBERS, new Problems()).isPresent() ? 1 : 0;
    }
    assertThat(good).as("seed %d", seed).isBetween(100, 2900);
  }
}
