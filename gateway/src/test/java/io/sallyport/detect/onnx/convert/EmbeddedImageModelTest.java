package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EmbeddedImageModelTest {
  private static final Path NO_TARBALL = Path.of("no-such.tgz");

  @TempDir Path models;

  @Test
  void writesThePinnedModelItsCardAndItsLicence() throws IOException {
    Path tarball = NsfwjsTarball.get();
    assertThat(EmbeddedImageModel.importInto(models, tarball)).isEqualTo(ImportOutcome.WRITTEN);
    Path folder = models.resolve("nsfwjs-mobilenet-v2-mid");
    assertThat(Digests.sha256(Files.readAllBytes(folder.resolve("model.onnx"))))
        .isEqualTo(EmbeddedImageModel.SHA256);
    assertThat(folder.resolve("LICENSE")).content().startsWith("MIT License");
    assertThat(folder.resolve("model.yaml"))
        .content()
        .contains("model: nsfwjs-mobilenet-v2-mid")
        .contains("source: \"npm nsfwjs 4.4.0, models/mobilenet_v2_mid\"")
        .contains(EmbeddedImageModel.SHA256);
    // The second time neither npm nor a tarball is asked for.
    assertThat(EmbeddedImageModel.importInto(models, NO_TARBALL))
        .isEqualTo(ImportOutcome.ALREADY_THERE);
    assertThat(EmbeddedImageModel.importInto(models)).isEqualTo(ImportOutcome.ALREADY_THERE);
  }

  @Test
  void refusesATarballThatIsCutShort() throws IOException {
    Path cut = models.resolve("cut.tgz");
    Files.copy(NsfwjsTarball.get(), cut);
    try (RandomAccessFile file = new RandomAccessFile(cut.toFile(), "rw")) {
      file.setLength(file.length() - 10_000);
    }
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> EmbeddedImageModel.importInto(models, cut))
        .withMessage("the archive is cut short");
    assertThat(models.resolve(EmbeddedImageModel.NAME)).doesNotExist();
  }

  @Test
  void saysThatThereIsNoTarball() {
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> EmbeddedImageModel.importInto(models, NO_TARBALL))
        .withMessage("there is no tarball no-such.tgz");
  }

  @Test
  void refusesAPackageWhoseFilesAreNotThePinnedOnes() throws IOException {
    String folder = "package/dist/models/mobilenet_v2_mid/";
    byte[] archive =
        new TarFile()
            .file(folder + "model.min.js", TfjsScript.script("{}"))
            .file(folder + "group1-shard1of2.min.js", TfjsScript.script("\"\""))
            .file(folder + "group1-shard2of2.min.js", TfjsScript.script("\"\""))
            .file("package/LICENSE", "free")
            .file("package/package.json", "{}")
            .gzipped();
    Path tarball = Files.write(models.resolve("other.tgz"), archive);
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> EmbeddedImageModel.importInto(models, tarball))
        .withMessageStartingWith("nsfwjs@4.4.0: package/")
        .withMessageEndingWith(" is not the file that was pinned");
    assertThat(models.resolve(EmbeddedImageModel.NAME)).doesNotExist();
  }

  @Test
  void everyFileIsVerifiedByItself() throws IOException {
    Map<String, byte[]> files = Map.of("a", new byte[] {1}, "b", new byte[] {2});
    Map<String, String> right =
        Map.of("a", Digests.sha256(new byte[] {1}), "b", Digests.sha256(new byte[] {2}));
    assertThat(NsfwjsPackage.verified(files, right)).isSameAs(files);
    for (String wrong : files.keySet()) {
      Map<String, byte[]> tampered = new java.util.HashMap<>(files);
      tampered.put(wrong, new byte[] {9});
      assertThatExceptionOfType(ModelSourceException.class)
          .isThrownBy(() -> NsfwjsPackage.verified(tampered, right))
          .withMessageContaining(": " + wrong + " is not");
    }
  }

  @Test
  void refusesAnotherModelInItsPlace() throws IOException {
    Path folder = Files.createDirectories(models.resolve(EmbeddedImageModel.NAME));
    Files.write(folder.resolve("model.onnx"), new byte[] {1});
    Files.write(folder.resolve("model.yaml"), new byte[] {1});
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> EmbeddedImageModel.importInto(models, NO_TARBALL))
        .withMessageContaining("holds another model");
  }

  @Test
  void theCardExpectsWhatTheOriginalSays() throws Exception {
    JsonNode golden = NsfwjsParityTest.golden();
    String card = new String(EmbeddedImageModel.card(), StandardCharsets.UTF_8);
    Matcher example =
        Pattern.compile("input: \\{(.*?)\\}, expect: \\{(\\w+): (\\S+), (\\w+): (\\S+)\\}, tol")
            .matcher(card);
    Map<String, String> pictures =
        Map.of(
            "fill: [255, 255, 255]", "white",
            "fill: [128, 128, 128]", "grey",
            "gradient: true", "gradient");
    int examples = 0;
    while (example.find()) {
      JsonNode probabilities = golden.get("probabilities").get(pictures.get(example.group(1)));
      for (int label = 2; label <= 4; label += 2) {
        int index =
            golden
                .get("labels")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList()
                .indexOf(example.group(label));
        assertThat(Double.parseDouble(example.group(label + 1)))
            .isCloseTo(probabilities.get(index).doubleValue(), within(0.001));
      }
      examples++;
    }
    assertThat(examples).isEqualTo(3);
  }
}
