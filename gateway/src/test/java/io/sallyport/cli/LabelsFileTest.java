package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Twelve rows; line 12 is the same text as line 11. */
class LabelsFileTest {
  private static final VectorIndex INDEX = index();

  private static VectorIndex index() {
    List<VectorIndex.Row> rows = new ArrayList<>();
    for (int line = 1; line <= 12; line++) {
      rows.add(new VectorIndex.Row(line, hash(Math.min(line, 11)), 1));
    }
    return new VectorIndex("table", "b".repeat(64), 2, "c".repeat(64), rows);
  }

  private static String hash(int line) {
    return String.format("%064x", line);
  }

  /** Lines 1 to 5 are dogs, 6 to 10 are not. */
  private static String file() {
    StringBuilder file = new StringBuilder("# line\tlabels\n\n");
    for (int line = 1; line <= 10; line++) {
      file.append(line).append('\t').append(line <= 5 ? "dog" : "").append('\n');
    }
    return file.toString();
  }

  @Test
  void readsLabelsByLineAndByHash() {
    String beaches = file().replace("\t\n", "\tbeach\n");
    LabelsFile labels = read(beaches + hash(11) + "\tdog, beach\n", new Problems());
    assertThat(labels.labels()).containsExactly("beach", "dog");
    assertThat(labels.rows()).hasSize(12);
    assertThat(labels.rows().get(1)).containsExactly("dog");
    assertThat(labels.rows().get(12)).containsExactly("beach", "dog");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1>dog   | 1 dog         | 3  | expected a key, one tab
          1>dog   | 1>dog>beach   | 3  | expected a key, one tab
          1>dog   | 1>Dog         | 3  | a label is a-z
          1>dog   | 1>dog,,beach  | 3  | a label is a-z
          1>dog   | 1>dog,dog     | 3  | duplicate label
          1>dog   | 13>dog        | 3  | the vectors have no such row
          1>dog   | 01>dog        | 3  | the vectors have no such row
          1>dog   | 99999999999>dog | 3 | the vectors have no such row
          1>dog   | 2>dog         | 4  | row 2 has its labels already
          10>     | # none        | 0  | label 'dog' has 5 rows with it and 4 without, needs 5
          5>dog   | 5>            | 0  | label 'dog' has 4 rows with it and 6 without, needs 5
          10>     | 11>dog%12>    | 0  | rows 11 and 12 are the same and have other labels
          """)
  void refusesAFileWithOneThingWrong(String right, String wrong, int line, String message) {
    String file = file();
    String before = right.replace('>', '\t');
    assertThat(file).contains(before);
    Problems problems = new Problems();

    assertThat(
            read(
                file.replaceFirst(
                    "(?m)^" + before + "$", wrong.replace('>', '\t').replace('%', '\n')),
                problems))
        .isNull();
    assertThat(problems.list())
        .as("%s", problems.list())
        .anyMatch(problem -> problem.line() == line && problem.message().contains(message));
  }

  @Test
  void refusesAFileWithoutAnyLabel() {
    Problems problems = new Problems();

    assertThat(read(file().replace("dog", ""), problems)).isNull();
    assertThat(problems.list().getFirst().message()).contains("expected 1 to 100 labels, found 0");
  }

  /** Whatever the bytes: labels of rows that are there, or problems that say why not. */
  @FuzzTest
  void givesLabelsOrProblems(byte[] bytes) {
    Problems problems = new Problems();
    Optional<LabelsFile> labels =
        Utf8File.lines("fuzz.tsv", bytes, problems)
            .flatMap(lines -> LabelsFile.parse("fuzz.tsv", lines, INDEX, problems));

    assertThat(labels.isPresent()).isEqualTo(problems.isEmpty());
    labels.ifPresent(
        read -> {
          assertThat(read.rows().keySet()).allMatch(line -> line >= 1 && line <= 12);
          assertThat(read.rows().values()).allMatch(read.labels()::containsAll);
        });
  }

  @Test
  void givesLabelsForAGoodFileAsBytes() {
    givesLabelsOrProblems(file().getBytes(StandardCharsets.UTF_8));
  }

  private static LabelsFile read(String text, Problems problems) {
    return LabelsFile.parse("labels.tsv", text.lines().toList(), INDEX, problems).orElse(null);
  }
}
