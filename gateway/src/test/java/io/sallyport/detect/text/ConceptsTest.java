package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.embedding.ConceptScale;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConceptsTest {
  private static final String FILE =
      """
      concepts: stand-ins
      temperature: 0.1
      background: 0.3
      labels:
        zeppelin:
          positive: ["a zeppelin in the sky", "an airship"]
          contrast: ["a hot air balloon"]
        bicycle:
          positive: ["a bicycle"]
      """;

  private final Problems problems = new Problems();

  @Test
  void readsAFile() {
    Concepts concepts = read(FILE).orElseThrow();

    assertThat(concepts.name()).isEqualTo("stand-ins");
    assertThat(concepts.scale()).isEqualTo(new ConceptScale(0.1, 0.3));
    assertThat(concepts.labels()).containsOnlyKeys("zeppelin", "bicycle");
    assertThat(concepts.labels().get("zeppelin").contrast()).containsExactly("a hot air balloon");
    assertThat(concepts.labels().get("bicycle").contrast()).isEmpty();
    assertThat(concepts.labels().get("bicycle").line()).isEqualTo(9);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void hasDefaultsForTheScale() {
    String file = FILE.replace("temperature: 0.1\n", "").replace("background: 0.3\n", "");

    assertThat(read(file).orElseThrow().scale()).isEqualTo(new ConceptScale(0.05, 0.35));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          concepts: stand-ins | concept: stand-ins     | 1 | missing key 'concepts'
          temperature: 0.1    | temperature: 0.001     | 2 | temperature: expected a number from 0.01 to 1
          background: 0.3     | background: 2          | 3 | background: expected a number
          background: 0.3     | weights: 1             | 3 | weights: unknown key
          zeppelin:           | Zeppelin!:             | 6 | a label is
          "an airship"]       | "an airship", ""]      | 6 | expected text
          "an airship"]       | "A Zeppelin in the sky"] | 6 | positive[1]: this phrase is already there
          "a hot air balloon" | "an airship"           | 7 | contrast[0]: this phrase is already there
          contrast: ["a hot   | contrasts: ["a hot     | 7 | contrasts: unknown key
          positive: ["a bicycle"] | positive: []       | 9 | expected at least one positive phrase
          positive: ["a bicycle"] | contrast: ["a bicycle"] | 9 | missing key 'positive'
          """)
  void refusesAFileWithOneThingWrong(String right, String wrong, int line, String message) {
    assertThat(FILE).contains(right);

    assertThat(read(FILE.replace(right, wrong))).isEmpty();
    assertThat(problems.list())
        .as("%s", problems.list())
        .anySatisfy(
            problem -> {
              assertThat(problem.file()).isEqualTo("c.yaml");
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  @Test
  void refusesTooMuch() {
    String phrases = "[\"" + "x".repeat(201) + "\"]";
    StringBuilder many = new StringBuilder("[");
    for (int i = 0; i < 201; i++) {
      many.append("p").append(i).append(", ");
    }

    assertThat(read(FILE.replace("[\"a bicycle\"]", phrases))).isEmpty();
    assertThat(read(FILE.replace("[\"a bicycle\"]", many + "z]"))).isEmpty();
    assertThat(read("concepts: none\nlabels: {}\n")).isEmpty();
    assertThat(problems.list())
        .extracting(problem -> problem.message())
        .containsExactly(
            "labels.bicycle.positive[0]: longer than 200 characters",
            "labels.bicycle.positive: more than 200 phrases",
            "labels: expected 1 to 100 labels");
  }

  @Test
  void digestsWhatIsMeant() {
    String digest = read(FILE).orElseThrow().digest();

    assertThat(read("# note\n" + FILE).orElseThrow().digest()).isEqualTo(digest);
    assertThat(read(FILE.replace("0.3", "0.31")).orElseThrow().digest()).isNotEqualTo(digest);
    assertThat(read(FILE.replace("an airship", "an air ship")).orElseThrow().digest())
        .isNotEqualTo(digest);
  }

  @Test
  void loadsFromDisk(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("c.yaml"), FILE);

    assertThat(Concepts.load(file, problems)).isPresent();
    assertThat(Concepts.load(folder.resolve("absent.yaml"), problems)).isEmpty();
    assertThat(problems.list()).hasSize(1);
  }

  /** Whatever the bytes: concepts, or problems that say why not. */
  @FuzzTest
  void givesConceptsOrProblems(byte[] bytes) {
    Problems found = new Problems();
    Optional<Concepts> concepts = Concepts.parse("c.yaml", bytes, found);

    assertThat(concepts.isPresent()).isEqualTo(found.isEmpty());
  }

  private Optional<Concepts> read(String file) {
    return Concepts.parse("c.yaml", file.getBytes(StandardCharsets.UTF_8), problems);
  }
}
