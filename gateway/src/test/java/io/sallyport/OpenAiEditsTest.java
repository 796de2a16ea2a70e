package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditFilter;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeUpstream;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Edits and variations by the unmodified OpenAI SDK: forms of its own making. "zeppelin" is a
 * forbidden word, and magenta stands for what no picture may show that comes in.
 */
class OpenAiEditsTest {
  private static final String POLICY =
      GatewayFiles.POLICY.replace("[terms]", "[terms, colours]")
          + """
            - id: no-magenta
              stage: input_image
              category: stand-in
              when: {score: {detector: colours, label: magenta, at_least: 0.30}}
              verdict: block
              disclose: category
          """;
  private static final String DETECTORS =
      """
      detectors:
        terms: {kind: lexicon, file: terms.yaml}
        colours: {kind: image-classifier, model: magenta}
      models: {dir: models}
      lane: {prompt_deadline: 60s, image_deadline: 60s}
      """;

  @Test
  void theSdkEditsAndIsRefused(@TempDir Path dir) throws Exception {
    OpenAiSdk.install();
    ColourModel.writeInto(dir.resolve("models"));
    String green = reply(Color.GREEN);
    String magenta = reply(Color.MAGENTA);
    try (FakeUpstream service =
            new FakeUpstream(
                (request, connection) ->
                    connection.json(
                        new String(request.body(), StandardCharsets.ISO_8859_1)
                                .contains("a magenta")
                            ? magenta
                            : green));
        RealGateway gateway =
            RealGateway.start(
                new GatewayFiles(dir)
                    .policy("default", POLICY)
                    .config(service.port(), DETECTORS))) {
      JsonNode said = OpenAiSdk.run(gateway, "edits");
      for (String allowed : List.of("one", "several", "variation")) {
        assertThat(said.get(allowed).get("raised").asBoolean()).as("%s", said).isFalse();
        assertThat(green).contains(said.get(allowed).get("image").asString());
      }
      refused(gateway, said.get("word"), Stage.PROMPT);
      for (String refused : List.of("picture", "mask", "badVariation")) {
        refused(gateway, said.get(refused), Stage.INPUT_IMAGE);
      }
      assertThat(service.received())
          .extracting(it -> it.line().split(" ")[1])
          .as("two drawn, three allowed; each refusal met in one attempt, none forwarded")
          .containsExactly(
              "/v1/images/generations",
              "/v1/images/generations",
              "/v1/images/edits",
              "/v1/images/edits",
              "/v1/images/variations");
    }
  }

  private static void refused(RealGateway gateway, JsonNode said, Stage stage) {
    assertThat(said.get("badRequest").asBoolean()).as("%s", said).isTrue();
    assertThat(said.get("status").asInt()).isEqualTo(400);
    assertThat(said.get("code").asString()).isEqualTo("moderation_blocked");
    assertThat(said.get("stage").asString()).isEqualTo("input");
    AuditEvent.Decided last =
        gateway.decisions(new AuditFilter.OfRequest(said.get("requestId").asString())).getLast();
    assertThat(last.decision().stage()).isEqualTo(stage);
    assertThat(last.decision().blocked()).isTrue();
  }

  private static String reply(Color colour) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, colour.getRGB());
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    String base64 = Base64.getEncoder().encodeToString(png.toByteArray());
    return "{\"created\":1,\"data\":[{\"b64_json\":\"" + base64 + "\"}]}";
  }
}
