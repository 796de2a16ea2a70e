package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our ONNX file says what the original says: see the note in nsfwjs-parity.json. */
class NsfwjsParityTest {
  /** Float rounding in another order; 1.1e-6 was measured. */
  private static final float TOLERANCE = 1e-5f;

  @Test
  void probabilitiesAgreeWithTheOriginalOnGeneratedPictures() throws Exception {
    JsonNode golden = golden();
    byte[] model = NsfwjsPackage.open(NsfwjsTarball.get()).toOnnx();
    try (OrtRun run = new OrtRun(model)) {
      Map<String, float[]> pictures = GeneratedPictures.all();
      assertThat(golden.get("probabilities").propertyNames())
          .containsExactlyElementsOf(pictures.keySet());
      for (Map.Entry<String, float[]> picture : pictures.entrySet()) {
        float[] ours = run.run(new long[] {1, 3, 224, 224}, picture.getValue());
        JsonNode theirs = golden.get("probabilities").get(picture.getKey());
        assertThat(ours).hasSize(5);
        for (int i = 0; i < 5; i++) {
          float expected = theirs.get(i).floatValue();
          assertThat(ours[i]).as(picture.getKey()).isCloseTo(expected, within(TOLERANCE));
        }
      }
    }
  }

  static JsonNode golden() throws Exception {
    try (InputStream stream =
        Objects.requireNonNull(NsfwjsParityTest.class.getResourceAsStream("nsfwjs-parity.json"))) {
      return JsonMapper.shared().readTree(stream);
    }
  }
}
