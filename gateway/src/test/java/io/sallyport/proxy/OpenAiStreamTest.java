package io.sallyport.proxy;

import static io.sallyport.proxy.Events.completed;
import static io.sallyport.proxy.Events.partial;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.OpenAiSdk;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The unmodified OpenAI SDK reads a stream of images, and its refusals. */
class OpenAiStreamTest {
  @TempDir Path dir;

  @BeforeAll
  static void install() throws Exception {
    OpenAiSdk.install();
  }

  /** What the SDK says of a stream; how often it asked is checked. */
  private JsonNode read(String config, String... events) throws Exception {
    try (ProxyHarness harness = new ProxyHarness(dir, config, ProxyHarness.POLICY)) {
      harness.upstream.script((request, connection) -> Events.stream(connection, events));
      JsonNode said = OpenAiSdk.run("http://127.0.0.1:" + harness.port, "stream");
      assertThat(harness.upstream.received()).as("attempts").hasSize(1);
      return said;
    }
  }

  @Test
  void partialImagesAreDroppedAndTheImageArrives() throws Exception {
    JsonNode said = read("", partial("a"), partial("b"), completed("fine"));
    assertThat(said.get("events").toString())
        .isEqualTo("[\"image_generation.completed ZmluZQ==\"]");
  }

  @Test
  void partialImagesArriveWhereTheyAreJudged() throws Exception {
    JsonNode said = read("streams: {previews: judge}\n", partial("fine"), completed("fine"));
    assertThat(said.get("events").toString())
        .isEqualTo(
            "[\"image_generation.partial_image ZmluZQ==\",\"image_generation.completed"
                + " ZmluZQ==\"]");
  }

  @Test
  void aRefusalRaisesBadRequestInOneAttempt() throws Exception {
    JsonNode said = read("", partial("fine"), completed("red"));
    assertThat(said.get("badRequest").asBoolean()).isTrue();
    assertThat(said.get("code").asString()).isEqualTo("moderation_blocked");
    assertThat(said.get("events").isEmpty()).isTrue();
  }

  @Test
  void aRefusalInTheStreamRaisesItsErrorInOneAttempt() throws Exception {
    JsonNode said = read("streams: {previews: judge}\n", partial("fine"), completed("red"));
    assertThat(said.get("events").size()).isEqualTo(1);
    assertThat(said.get("raised").asBoolean()).isTrue();
    assertThat(said.get("apiError").asBoolean()).isTrue();
    assertThat(said.get("code").asString()).isEqualTo("moderation_blocked");
    assertThat(said.get("type").asString()).isEqualTo("image_generation_user_error");
    assertThat(said.get("details").get("moderation_stage").asString()).isEqualTo("output");
  }
}
