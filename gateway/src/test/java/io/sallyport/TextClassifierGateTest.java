package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.demo.StandInImageService;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.testing.StandInClassifier;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's text classifier from its folder to a verdict, on harmless stand-ins. */
class TextClassifierGateTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [prompt-airships]
      rules:
        - id: stand-in-airship
          stage: prompt
          category: stand-in
          when: {score: {label: airship, at_least: 0.8}}
          verdict: block
      """;
  private static final String DETECTORS =
      """
      detectors:
        prompt-airships: {kind: text-classifier, model: airships}
      models: {dir: models}
      """;

  @TempDir private Path dir;

  @Test
  void refusesWhatTheClassifierFindsAndRecordsItsScores() throws Exception {
    try (StandInImageService upstream = StandInImageService.start("127.0.0.1", 0);
        RealGateway gateway = RealGateway.start(config(upstream.port(), POLICY, DETECTORS))) {
      assertThat(gateway.generate(prompt("a green square")).status()).isEqualTo(200);
      assertThat(gateway.generate(prompt("a green bicycle")).status()).isEqualTo(200);
      Answer refused = gateway.generate(prompt("a green square ".repeat(60) + "and a zeppelin"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(gateway.generate(prompt("a green z\u200beppelin")).status()).isEqualTo(400);
      assertThat(gateway.decisions(refused).getFirst().decision().toString())
          .contains("prompt-airships", "airship", "bicycle");
    }
  }

  @Test
  void refusesToStartWithALabelThatTheModelLacks() throws Exception {
    List<Problem> problems =
        refused(config(1, POLICY.replace("label: airship", "label: dirigible"), DETECTORS));

    assertThat(problems).singleElement().asString().contains("default.yaml", "dirigible");
  }

  @Test
  void refusesToStartWithAModelOfAnotherKind() throws Exception {
    ColourModel.writeInto(dir.resolve("models"));
    List<Problem> problems =
        refused(config(1, POLICY, DETECTORS.replace("model: airships", "model: magenta")));

    assertThat(problems)
        .singleElement()
        .asString()
        .contains("sallyport.yaml", "model 'magenta' is of another kind");
  }

  private Path config(int upstream, String policy, String detectors) throws Exception {
    StandInClassifier.writeInto(dir.resolve("models"));
    return new GatewayFiles(dir).policy("default", policy).config(upstream, detectors);
  }

  private static List<Problem> refused(Path config) {
    return catchThrowableOfType(InvalidFileException.class, () -> RealGateway.start(config).close())
        .problems();
  }
}
