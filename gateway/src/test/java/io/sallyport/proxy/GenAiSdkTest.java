package io.sallyport.proxy;

import static io.sallyport.proxy.Events.chunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.NpmPackages;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The unmodified SDK of Gemini's notices nothing but refusals, and those as Gemini's own. */
class GenAiSdkTest {
  private static NpmPackages sdk;

  @TempDir Path dir;

  @BeforeAll
  static void install() throws Exception {
    sdk = NpmPackages.install(GenAiSdkTest.class, "genai-sdk.mjs", "@google/genai@3.1.0");
  }

  private static String base64(String image) {
    return Base64.getEncoder().encodeToString(image.getBytes(UTF_8));
  }

  private static String text(String text) {
    return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\""
        + text
        + "\"}]}}]}";
  }

  private static String picture(String image) {
    return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\""
        + base64(image)
        + "\"}}]},\"finishReason\":\"STOP\"}]}";
  }

  private static String event(String json) {
    return "data: " + json + "\r\n\r\n";
  }

  /** What the SDK says; how often the upstream was asked is checked. */
  private JsonNode run(String action, int asked, FakeUpstream.Script upstream) throws Exception {
    String config = "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: gemini}\n";
    try (ProxyHarness harness =
        new ProxyHarness(dir.resolve(action), config, ProxyHarness.POLICY)) {
      harness.upstream.script(upstream);
      JsonNode said = sdk.run("http://127.0.0.1:" + harness.port, action);
      assertThat(harness.upstream.received()).as("attempts").hasSize(asked);
      assertThat(
              harness.rows().stream()
                  .map(row -> row.event())
                  .filter(AuditEvent.Decided.class::isInstance)
                  .map(row -> ((AuditEvent.Decided) row).request().requestId())
                  .distinct())
          .as("requests on record")
          .hasSize(1);
      return said;
    }
  }

  @Test
  void itGeneratesAnImage() throws Exception {
    JsonNode said = run("generate", 1, (request, connection) -> connection.json(picture("fine")));
    assertThat(said.get("images").toString()).isEqualTo("[\"" + base64("fine") + "\"]");
    assertThat(said.get("finished").asString()).isEqualTo("STOP");
    assertThat(said.has("blocked")).isFalse();
  }

  @Test
  void aRefusedPromptIsItsUsualBlockedResponseInOneAttempt() throws Exception {
    for (String action : new String[] {"refused", "edit"}) {
      JsonNode said = run(action, 0, (request, connection) -> connection.cut());
      assertThat(said.get("blocked").asString()).isEqualTo("IMAGE_SAFETY");
      assertThat(said.get("images").isEmpty()).isTrue();
    }
  }

  @Test
  void aRefusedImageIsItsUsualFinishReasonInOneAttempt() throws Exception {
    JsonNode said =
        run("generate", 1, (request, connection) -> connection.json(picture("all red")));
    assertThat(said.get("finished").asString()).isEqualTo("IMAGE_SAFETY");
    assertThat(said.get("images").isEmpty()).isTrue();
  }

  private JsonNode stream(String... events) throws Exception {
    return run("stream", 1, (request, connection) -> Events.stream(connection, events));
  }

  @Test
  void itReadsAStream() throws Exception {
    JsonNode said = stream(event(text("here ")), event(text("it is")), event(picture("fine")));
    assertThat(said.get("raised").asBoolean()).isFalse();
    assertThat(said.get("chunks").size()).isEqualTo(3);
    assertThat(said.get("chunks").get(0).get("text").asString()).isEqualTo("here ");
    assertThat(said.get("chunks").get(2).get("images").get(0).asString()).isEqualTo(base64("fine"));
  }

  @Test
  void aRefusedImageOfAStreamIsItsUsualFinishReason() throws Exception {
    JsonNode said = stream(event(text("here ")), event(picture("all red")), event(text("more")));
    assertThat(said.get("raised").asBoolean()).isFalse();
    assertThat(said.get("chunks").size()).isEqualTo(2);
    assertThat(said.get("chunks").get(1).get("finished").asString()).isEqualTo("IMAGE_SAFETY");
    assertThat(said.get("chunks").get(1).get("images").isEmpty()).isTrue();
  }

  @Test
  void anErrorOfAStreamIsRaised() throws Exception {
    JsonNode said =
        run(
            "stream",
            1,
            (request, connection) -> {
              connection.write(Events.HEAD + chunk(event(text("here "))) + "5\r\ndat");
              connection.cut();
            });
    assertThat(said.get("raised").asBoolean()).isTrue();
    assertThat(said.get("apiError").asBoolean()).isTrue();
    assertThat(said.get("status").asInt()).isEqualTo(502);
    assertThat(said.get("chunks").size()).as("the cut may overtake the event").isBetween(0, 1);
  }
}
