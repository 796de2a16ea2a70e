package io.sallyport.detect.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Foreign JSON: keys of a card or a problem, and what is written is always YAML. */
class ExportFuzzTest {
  @FuzzTest
  void configurationsAreUnderstoodOrRefused(byte[] bytes) throws IOException {
    Path dir = Files.createTempDirectory("export-fuzz");
    try {
      Files.write(dir.resolve("config.json"), bytes);
      Problems problems = new Problems();
      ExportFolder folder = new ExportFolder(dir, problems);
      JsonNode config = folder.json("config.json");
      ScoreKeys scores =
          new ScoreKeys(
              new Labels(folder, new Notes()).of(config, -1),
              Activations.of(config, 2, folder, new Notes()).orElse("none"));
      TextLimits.maxTokens(config, folder, new Notes());
      String pixels = new PixelKeys(config, folder, new Notes()).yaml();
      if (problems.isEmpty()) {
        String card = "input: {" + pixels + "}\noutput: " + scores.yaml() + "\n";
        assertThat(YamlFile.parse("card", card.getBytes(StandardCharsets.UTF_8), problems))
            .isPresent();
      }
    } finally {
      Files.delete(dir.resolve("config.json"));
      Files.delete(dir);
    }
  }
}
