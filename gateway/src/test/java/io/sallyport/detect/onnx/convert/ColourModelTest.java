package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColourModelTest {
  private static final int AREA = 32 * 32;

  /** Colours by their names in CSS. */
  @ParameterizedTest
  @CsvSource({
    "magenta, 255, 0, 255, 0.99, 1",
    "magenta in a lossy format, 250, 8, 248, 0.99, 1",
    "white, 255, 255, 255, 0, 0.001",
    "grey, 128, 128, 128, 0, 0.001",
    "black, 0, 0, 0, 0, 0.001",
    "red, 255, 0, 0, 0, 0.001",
    "green, 0, 128, 0, 0, 0.001",
    "blue, 0, 0, 255, 0, 0.001",
    "pink, 255, 192, 203, 0, 0.001",
    "hotpink, 255, 105, 180, 0, 0.1",
    "deeppink, 255, 20, 147, 0, 0.1",
    "violet, 238, 130, 238, 0, 0.1",
    "orchid, 218, 112, 214, 0, 0.1",
    "purple, 128, 0, 128, 0, 0.1",
    "darkmagenta, 139, 0, 139, 0, 0.1",
    "blueviolet, 138, 43, 226, 0, 0.1",
    "crimson, 220, 20, 60, 0, 0.1",
  })
  void scoresAPlainColour(String name, int red, int green, int blue, float least, float most)
      throws OrtException {
    float[] planes = new float[3 * AREA];
    paint(planes, 0, AREA, red, green, blue);
    assertThat(score(planes)).as(name).isBetween(least, most);
  }

  @Test
  void scoresTheShareOfThePicture() throws OrtException {
    float[] planes = new float[3 * AREA];
    paint(planes, 0, AREA, 255, 255, 255);
    paint(planes, 0, AREA / 4, 255, 0, 255);
    assertThat(score(planes)).isCloseTo(0.25f, within(0.001f));
  }

  @Test
  void writesTheFolderOnceWithADigestThatFits(@TempDir Path models) throws IOException {
    assertThat(ColourModel.writeInto(models)).isEqualTo(ImportOutcome.WRITTEN);
    assertThat(ColourModel.writeInto(models)).isEqualTo(ImportOutcome.ALREADY_THERE);
    byte[] model = Files.readAllBytes(models.resolve("magenta/model.onnx"));
    assertThat(models.resolve("magenta/model.yaml"))
        .content()
        .contains("files: {model.onnx: " + Digests.sha256(model) + "}")
        .contains("labels: [magenta]");
  }

  private static void paint(float[] planes, int from, int to, int red, int green, int blue) {
    for (int i = from; i < to; i++) {
      planes[i] = red / 255f;
      planes[AREA + i] = green / 255f;
      planes[2 * AREA + i] = blue / 255f;
    }
  }

  private static float score(float[] planes) throws OrtException {
    try (OrtRun run = new OrtRun(ColourModel.onnx())) {
      float[] scores = run.run(new long[] {1, 3, 32, 32}, planes);
      assertThat(scores).hasSize(1);
      return scores[0];
    }
  }
}
