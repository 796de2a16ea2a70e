package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.embedding.VectorFile;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.Vectors;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.testing.StandInColours;
import io.sallyport.yaml.Problems;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code models embed}: lists in, vectors out, every mistake with its line. */
class EmbedCommandTest {
  @TempDir private Path dir;

  @BeforeEach
  void writeTheModels() throws Exception {
    StandInColours.writeInto(dir.resolve("models"));
  }

  @Test
  void embedsTextsWithoutKeepingThem() throws Exception {
    CommandRun run = embed("a red circle\n\na blue square\r\n", StandInColours.WORDS);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("2 lines, 2 vectors of 4 numbers by colour-words");
    VectorFile file = load();
    assertThat(file.index().rows()).extracting(row -> row.line()).containsExactly(1, 3);
    assertThat(file.index().rows().getFirst().sha256())
        .isEqualTo(Digests.sha256("a red circle".getBytes(StandardCharsets.UTF_8)));
    assertThat(file.line(1).getFirst()[0]).isGreaterThan(0.99f);
    assertThat(file.line(3).getFirst()[2]).isGreaterThan(0.99f);
    assertThat(Files.readString(dir.resolve("out.json"))).doesNotContain("red", "blue", "square");
  }

  @Test
  void embedsPicturesInTheSpaceOfTheTexts() throws Exception {
    draw("red.png", Color.RED);
    draw("blue.png", Color.BLUE);
    assertThat(embed("a red circle", StandInColours.WORDS).err()).isEmpty();
    float[] word = load().line(1).getFirst();
    CommandRun run = embed("red.png\nblue.png\n", StandInColours.PICTURES);

    assertThat(run.err()).isEmpty();
    VectorFile file = load();
    assertThat(file.index().model()).isEqualTo(StandInColours.PICTURES);
    assertThat(Vectors.dot(word, file.line(1).getFirst())).isGreaterThan(0.99);
    assertThat(Vectors.dot(word, file.line(2).getFirst())).isLessThan(0.1);
  }

  @Test
  void aTextLongerThanAWindowHasSeveralVectors() throws Exception {
    assertThat(embed("a circle ".repeat(30) + "red", StandInColours.WORDS).exit()).isZero();

    List<float[]> vectors = load().line(1);
    assertThat(vectors).hasSizeGreaterThan(1);
    assertThat(vectors.getFirst()[0]).isLessThan(0.1f);
    assertThat(vectors.getLast()[0]).isGreaterThan(0.99f);
  }

  @Test
  void tellsEveryLineThatCannotBeEmbeddedAndWritesNothing() throws Exception {
    draw("red.png", Color.RED);
    Files.writeString(dir.resolve("text.png"), "no picture");
    CommandRun run =
        embed("absent.png\nred.png\ntext.png\n\n\u0000.png\n", StandInColours.PICTURES);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("list.txt:1: missing (no such picture)"),
            line -> assertThat(line).contains("list.txt:3: unsupported"),
            line -> assertThat(line).contains("list.txt:5: missing"),
            line -> assertThat(line).isEqualTo("3 problems"));
    assertThat(dir.toFile().list()).doesNotContain("out.f32", "out.json", "out.f32.draft");
  }

  @Test
  void refusesTextsThatAreTooMuch() throws Exception {
    String many = "red " + "circle red ".repeat(2900);
    CommandRun run = embed("a circle\n" + many + "\n" + "a".repeat(32_001), StandInColours.WORDS);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("list.txt:3: longer than 32000 characters");
  }

  @Test
  void refusesListsThatAreNone() throws Exception {
    assertThat(embed("\n \n", StandInColours.WORDS).err())
        .contains("list.txt: has no line to embed");
    Files.write(dir.resolve("list.txt"), new byte[] {(byte) 0xFF});
    assertThat(embed(StandInColours.WORDS).err()).contains("list.txt: not UTF-8");
    Files.delete(dir.resolve("list.txt"));
    assertThat(embed(StandInColours.WORDS).err()).contains("list.txt: cannot be read");
  }

  @Test
  void refusesModelsThatGiveNoVectorsAndFoldersThatAreNone() throws Exception {
    ColourModel.writeInto(dir.resolve("models"));

    assertThat(embed("x.png", ColourModel.NAME).err()).contains("magenta gives no vectors");
    assertThat(embed("x.png", StandInColours.HEAD).err()).contains("gives no vectors");
    CommandRun nowhere =
        CommandRun.of(
            "models", "embed", "x", "--model", "y", "--out", dir.resolve("absent/prefix"));
    assertThat(nowhere.exit()).isEqualTo(1);
    assertThat(nowhere.err()).contains("not a folder");
  }

  private CommandRun embed(String list, String model) throws Exception {
    Files.writeString(dir.resolve("list.txt"), list);
    return embed(model);
  }

  private CommandRun embed(String model) {
    return CommandRun.of(
        "models",
        "embed",
        dir.resolve("list.txt"),
        "--model",
        dir.resolve("models").resolve(model),
        "--out",
        dir.resolve("out"));
  }

  private VectorFile load() {
    Problems problems = new Problems();
    return VectorFile.load(dir.resolve("out"), problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  /** A circle on white. */
  private void draw(String name, Color colour) throws Exception {
    BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D brush = picture.createGraphics();
    brush.setColor(Color.WHITE);
    brush.fillRect(0, 0, 64, 64);
    brush.setColor(colour);
    brush.fillOval(4, 4, 56, 56);
    brush.dispose();
    ImageIO.write(picture, "png", dir.resolve(name).toFile());
  }
}
