package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.embedding.VectorWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code models head} on vectors of four numbers: the sign of one is what a label means. */
class HeadCommandTest {
  private static final int ROWS = 120;

  @TempDir private Path dir;

  @BeforeEach
  void writeVectorsAndLabels() throws Exception {
    io.sallyport.testing.StandInColours.writeInto(dir.resolve("models"));
    SplittableRandom random = new SplittableRandom(4);
    StringBuilder labels = new StringBuilder();
    try (VectorWriter writer = new VectorWriter(dir.resolve("vectors"), 4)) {
      for (int line = 1; line <= ROWS; line++) {
        float[] vector = new float[4];
        for (int i = 0; i < 4; i++) {
          vector[i] = (float) random.nextGaussian();
        }
        writer.add(line, String.format("%064x", line), List.of(vector));
        labels.append(line).append('\t').append(vector[0] > 0 ? "dog" : "");
        labels.append(vector[0] > 0 && vector[1] > 0 ? "," : "");
        labels.append(vector[1] > 0 ? "beach" : "").append('\n');
      }
      writer.finish("colours", digest());
    }
    Files.writeString(dir.resolve("labels.tsv"), labels);
  }

  private String digest() {
    CommandRun run = CommandRun.of("models", "verify", dir.resolve("models/colours"));
    return run.out()
        .lines()
        .filter(line -> line.contains("digest"))
        .findFirst()
        .orElseThrow()
        .strip()
        .split("\\s+")[1];
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void writesAFolderThatVerifiesAndTellsItsFigures(int hidden) throws Exception {
    CommandRun run = head("first", "--hidden", hidden, "--holdout", "0.25");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("120 rows with labels, 0 without; 90 to learn from, 30 held out")
        .containsPattern(
            "beach +30 +\\d+ +[01]\\.\\d{4} +[01]\\.\\d{4} +[01]\\.\\d{4} +[01]\\.\\d{4}")
        .contains("written to ");
    String card = Files.readString(dir.resolve("models/first/model.yaml"));
    assertThat(card).contains("figures:", "\"dog\": {rows: 30, positive: ", "auc: ");
    assertThat(Files.readAllLines(dir.resolve("models/first/held-out.tsv"))).hasSize(31);
    CommandRun verify = CommandRun.of("models", "verify", dir.resolve("models/first"));
    assertThat(verify.err()).isEmpty();
    assertThat(verify.out())
        .contains(
            "head on colours, labels [beach, dog]",
            " on 30 rows held out",
            "verified: card, digests and self-test");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void isTheSameToTheLastByteForTheSameSeed(int hidden) throws Exception {
    assertThat(head("a/head", "--hidden", hidden, "--seed", 5).exit()).isZero();
    assertThat(head("b/head", "--hidden", hidden, "--seed", 5).exit()).isZero();
    assertThat(head("c/head", "--hidden", hidden, "--seed", 6).exit()).isZero();

    for (String file : List.of("model.onnx", "model.yaml", "held-out.tsv")) {
      byte[] first = Files.readAllBytes(dir.resolve("models/a/head").resolve(file));
      assertThat(dir.resolve("models/b/head").resolve(file)).hasBinaryContent(first);
      assertThat(Files.readAllBytes(dir.resolve("models/c/head").resolve(file)))
          .isNotEqualTo(first);
    }
  }

  @Test
  void leavesAHeadThatIsThereAndRefusesAnotherInItsPlace() throws Exception {
    assertThat(head("first").out()).contains("written to ");
    assertThat(head("first").out()).contains("already there: ");

    CommandRun other = head("first", "--seed", "9");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("holds another model than the pinned one");
  }

  @Test
  void tellsEveryProblemOfTheLabels() throws Exception {
    Files.writeString(dir.resolve("labels.tsv"), "1\tdog\n999\tdog\n2 dog\n");
    CommandRun run = head("first");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("labels.tsv:2: the vectors have no such row", "labels.tsv:3: expected a key")
        .contains("labels.tsv: label 'dog' has 1 rows with it");
    assertThat(dir.resolve("models/first")).doesNotExist();
  }

  @Test
  void refusesVectorsThatAreNotThere() throws Exception {
    Files.delete(dir.resolve("vectors.f32"));

    assertThat(head("first").err()).contains("vectors.f32: cannot be read");
  }

  @Test
  void refusesVectorsThatTeachNothing() throws Exception {
    try (VectorWriter writer = new VectorWriter(dir.resolve("vectors"), 4)) {
      for (int line = 1; line <= ROWS; line++) {
        writer.add(line, String.format("%064x", line), List.of(new float[] {1, 2, 3, 4}));
      }
      writer.finish("colours", "e".repeat(64));
    }

    assertThat(head("first").err()).contains("nothing can be learnt", "all vectors are equal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--hidden -1",
        "--hidden 1025",
        "--holdout 0.01",
        "--holdout 0.6",
        "--holdout NaN",
        "--seed x",
        "--licence \"quoted\""
      })
  void refusesOptionsOutOfRange(String options) {
    assertThat(head("first", (Object[]) options.split(" ")).exit()).isEqualTo(2);
  }

  @Test
  void refusesAFolderThatIsNoModelsName() {
    CommandRun run = head("No Name");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("a model's folder is named by");
  }

  private CommandRun head(String folder, Object... more) {
    Object[] arguments = new Object[7 + more.length];
    Object[] first = {
      "models",
      "head",
      dir.resolve("labels.tsv"),
      "--vectors",
      dir.resolve("vectors"),
      "--out",
      dir.resolve("models").resolve(folder)
    };
    System.arraycopy(first, 0, arguments, 0, 7);
    System.arraycopy(more, 0, arguments, 7, more.length);
    return CommandRun.of(arguments);
  }
}
