package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A card may show its model an image file, which is read as a request's is. */
class ExamplePictureTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();

  @TempDir private Path models;
  private final Problems problems = new Problems();

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void theModelIsShownTheFile() throws Exception {
    try (ModelStore store = load(PngSpec.flat(50, 20, 0xFF00FF).encode(), "1.0").orElseThrow()) {
      assertThat(store.framings()).hasSize(1);
    }
    assertThat(load(PngSpec.flat(50, 20, 0x00FF00).encode(), "1.0")).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .asString()
        .contains("self-test failed: label 'magenta' expected 1.0000 ± 0.0100, got 0.0000");
  }

  /** Over black and over white it is no magenta; without its transparency it is. */
  @Test
  void theStrongestViewCounts() throws Exception {
    int[] samples = new int[4 * 9];
    for (int i = 0; i < samples.length; i += 4) {
      samples[i] = 255;
      samples[i + 2] = 255;
    }
    byte[] none = new byte[0];
    PngSpec hidden = new PngSpec(3, 3, 8, 6, false, 0, 8192, samples, none, none);
    load(hidden.encode(), "1.0").orElseThrow().close();
  }

  @Test
  void aFileThatIsNoImageIsAProblem() throws Exception {
    assertThat(load(new byte[100], "1.0")).isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("unsupported (no format");
  }

  @Test
  void withoutAReaderOfImagesItIsAProblem() throws Exception {
    write(PngSpec.flat(5, 2, 0xFF00FF).encode(), "1.0");
    Set<String> names = Set.of(ColourModel.NAME);
    assertThat(ModelStore.load(RUNTIME, models, names, ExamplePictureTest::noText, problems))
        .isEmpty();
    assertThat(problems.list()).singleElement().asString().contains("no image files are read");
  }

  private static Tokenizer noText(InputStream file) throws IOException {
    throw new IOException("no text here");
  }

  private Optional<ModelStore> load(byte[] example, String score) throws Exception {
    write(example, score);
    return ModelStore.load(
        RUNTIME,
        models,
        Set.of(ColourModel.NAME),
        ExamplePictureTest::noText,
        PictureReader::example,
        problems);
  }

  private void write(byte[] example, String score) throws Exception {
    Path folder = models.resolve(ColourModel.NAME);
    for (String file : List.of("model.yaml", "model.onnx", "example.png", "")) {
      Files.deleteIfExists(folder.resolve(file));
    }
    ColourModel.writeInto(models);
    Files.write(folder.resolve("example.png"), example);
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(example));
    String card = Files.readString(folder.resolve("model.yaml"));
    String shown =
        card.replaceFirst("files: \\{", "files: {example.png: " + sha + ", ")
                .replaceFirst("(?s)examples:.*", "examples:\n")
            + "  - {input: {file: example.png}, expect: {magenta: "
            + score
            + "}, tolerance: 0.01}\n";
    Files.writeString(folder.resolve("model.yaml"), shown);
  }
}
