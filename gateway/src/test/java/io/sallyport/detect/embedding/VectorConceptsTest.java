package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines 1 and 4 of the vectors have one and two vectors of length 1, line 9 one that is longer. */
class VectorConceptsTest {
  private static final String SHA256 = "1".repeat(64);
  private static final String FILE =
      """
      concepts: stand-ins
      vectors: {prefix: two, sha256: "%s"}
      temperature: 0.05
      background: 0.3
      labels:
        dog: {positive: [1], contrast: [4]}
        beach:
          positive: [4]
      """;

  @TempDir private Path dir;
  private final Problems problems = new Problems();

  @BeforeEach
  void write() throws Exception {
    try (VectorWriter writer = new VectorWriter(dir.resolve("two"), 2)) {
      writer.add(1, SHA256, List.of(new float[] {1, 0}));
      writer.add(4, SHA256, List.of(new float[] {0, 1}, new float[] {.6f, .8f}));
      writer.add(9, SHA256, List.of(new float[] {3, 4}));
      writer.finish("table", SHA256);
    }
  }

  @Test
  void readsAFileAndItsVectors() throws Exception {
    VectorConcepts concepts = read(file()).orElseThrow();

    assertThat(concepts.name()).isEqualTo("stand-ins");
    assertThat(concepts.size()).isEqualTo(2);
    assertThat(concepts.vectorsLine()).isEqualTo(2);
    assertThat(concepts.concepts().scale()).isEqualTo(new ConceptScale(0.05, 0.3));
    assertThat(concepts.concepts().labels()).containsExactly("dog", "beach");
    ConceptVectors dog = concepts.concepts().concepts().getFirst();
    assertThat(dog.positive()).containsExactly(new float[] {1, 0});
    assertThat(dog.contrast()).containsExactly(new float[] {0, 1}, new float[] {.6f, .8f});
    double[] scores = new double[2];
    ConceptTable table =
        new ConceptTable(concepts.concepts().concepts(), concepts.concepts().scale());
    table.raise(new float[] {1, 0}, new float[table.phrases()], scores);
    assertThat(scores[0])
        .isCloseTo(1 / (1 + Math.exp(-0.4 / 0.05) + Math.exp(-0.7 / 0.05)), within(1e-6));
  }

  @Test
  void hasClipsTemperatureWhereNoneIsGiven() throws Exception {
    assertThat(read(file().replace("temperature: 0.05\n", "")).orElseThrow().concepts().scale())
        .isEqualTo(new ConceptScale(0.01, 0.3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          concepts: stand-ins | concept: stand-ins  | 1 | missing key 'concepts'
          prefix: two,        | ``                  | 2 | missing key 'prefix'
          prefix: two         | prefix: ../two      | 2 | vectors: prefix must be a plain name
          prefix: two         | prefix: /two        | 2 | vectors: prefix must be a plain name
          sha256              | sha256: x, sha512   | 2 | vectors: the vectors have another SHA-256
          temperature: 0.05   | temperature: 0.001  | 3 | temperature: expected a number from 0.01
          background: 0.3     | ground: 0.3         | 1 | missing key 'background'
          background: 0.3     | background: 2       | 4 | background: expected a number from -1
          dog:                | Dog:                | 6 | a label is a-z
          [1], contrast       | [], contrast        | 6 | expected at least one positive line
          [1], contrast       | [2], contrast       | 6 | positive[0]: the vectors have no such line
          [1], contrast       | [9], contrast       | 6 | positive[0]: its vector is not of length 1
          [1], contrast       | [4], contrast       | 6 | contrast[0]: this line is already there
          contrast: [4]       | contrast: [0]       | 6 | contrast[0]: expected a whole number from 1
          contrast: [4]       | negative: [4]       | 6 | negative: unknown key
          positive: [4]       | contrast: [4]       | 8 | missing key 'positive'
          """)
  void refusesAFileWithOneThingWrong(String right, String wrong, int line, String message)
      throws Exception {
    assertThat(file()).contains(right);

    assertThat(read(file().replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .anyMatch(problem -> problem.line() == line && problem.message().contains(message));
  }

  @Test
  void hasADigestThatChangesWithTheVectors() throws Exception {
    String digest = read(file()).orElseThrow().digest();
    assertThat(read(file() + "# a remark\n").orElseThrow().digest()).isEqualTo(digest);
    VectorFileTest.write(dir.resolve("two"));

    assertThat(read(file()).orElseThrow().digest()).isNotEqualTo(digest);
  }

  private String file() throws Exception {
    return FILE.formatted(Digests.sha256(Files.readAllBytes(dir.resolve("two.f32"))));
  }

  private Optional<VectorConcepts> read(String text) throws Exception {
    return VectorConcepts.load(Files.writeString(dir.resolve("concepts.yaml"), text), problems);
  }
}
