package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.OpenAiSdk;
import io.sallyport.testing.FakeUpstream;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The unmodified OpenAI SDK chats with models that answer with images, whole and streamed. */
class OpenAiChatTest {
  private static final String DONE = "data: [DONE]\n\n";

  @TempDir Path dir;

  @BeforeAll
  static void install() throws Exception {
    OpenAiSdk.install();
  }

  private static String base64(String image) {
    return Base64.getEncoder().encodeToString(image.getBytes(UTF_8));
  }

  private static String uri(String image) {
    return "data:image/png;base64," + base64(image);
  }

  private static String images(String image) {
    return "\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + uri(image) + "\"}}]";
  }

  private static String reply(String image) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
        + "{\"role\":\"assistant\",\"content\":\"here\","
        + images(image)
        + "},\"finish_reason\":\"stop\"}]}";
  }

  private static String delta(String members) {
    return "data:"
               + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{"
        + members
        + "}}]}\n\n";
  }

  private static String call(String image) {
    return "{\"type\":\"image_generation_call\",\"id\":\"ig_1\",\"status\":\"completed\",\"result\":\""
        + base64(image)
        + "\"}";
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }

  private static String[] response(String image) {
    return new String[] {
      event("response.created", "\"response\":{\"id\":\"r\",\"output\":[]}"),
      event(
          "response.image_generation_call.partial_image",
          "\"partial_image_b64\":\"" + base64(image) + "\""),
      event("response.output_item.done", "\"item\":" + call(image)),
      event("response.completed", "\"response\":{\"id\":\"r\",\"output\":[" + call(image) + "]}"),
    };
  }

  /** What the SDK says; that the upstream was asked once is checked. */
  private JsonNode run(String action, String more, FakeUpstream.Script upstream) throws Exception {
    String config =
        "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: openai-chat-images}\n" + more;
    try (ProxyHarness harness = new ProxyHarness(dir, config, ProxyHarness.POLICY)) {
      harness.upstream.script(upstream);
      JsonNode said = OpenAiSdk.run("http://127.0.0.1:" + harness.port, action);
      assertThat(harness.upstream.received()).as("attempts").hasSize(1);
      return said;
    }
  }

  private JsonNode whole(String action, String reply) throws Exception {
    return run(action, "", (request, connection) -> connection.json(reply));
  }

  private JsonNode stream(String action, String more, String... events) throws Exception {
    return run(action, more, (request, connection) -> Events.stream(connection, events));
  }

  @Test
  void itChats() throws Exception {
    assertThat(whole("chat", reply("fine")).get("said").toString())
        .isEqualTo("[\"here\",\"" + uri("fine") + "\"]");
  }

  @Test
  void aRefusalOfAChatRaisesBadRequestInOneAttempt() throws Exception {
    refused(whole("chat", reply("all red")), 0);
    refused(whole("responses", "{\"id\":\"r\",\"output\":[" + call("all red") + "]}"), 0);
  }

  @Test
  void itReadsAStreamOfAChat() throws Exception {
    JsonNode said =
        stream(
            "chatStream",
            "",
            delta("\"role\":\"assistant\",\"content\":\"here\""),
            delta(images("fine")),
            DONE);
    assertThat(said.get("said").toString()).isEqualTo("[\"here\",\"\",\"" + uri("fine") + "\"]");
  }

  @Test
  void aRefusalInTheStreamOfAChatRaisesItsErrorInOneAttempt() throws Exception {
    JsonNode begun =
        stream("chatStream", "", delta("\"content\":\"here\""), delta(images("all red")), DONE);
    refused(begun, 1);
    JsonNode plain = stream("chatStream", "", delta(images("all red")), DONE);
    refused(plain, 0);
    assertThat(plain.get("badRequest").asBoolean()).isTrue();
  }

  @Test
  void itReadsResponses() throws Exception {
    assertThat(
            whole("responses", "{\"id\":\"r\",\"output\":[" + call("fine") + "]}")
                .get("said")
                .toString())
        .isEqualTo("[\"" + base64("fine") + "\"]");
    assertThat(stream("responsesStream", "", response("fine")).get("said").toString())
        .as("previews are dropped")
        .isEqualTo("[\"response.created\",\"response.output_item.done\",\"response.completed\"]");
    assertThat(
            stream("responsesStream", "streams: {previews: judge}\n", response("fine"))
                .get("said")
                .size())
        .isEqualTo(4);
  }

  @Test
  void aRefusalInTheStreamOfAResponseRaisesItsErrorInOneAttempt() throws Exception {
    refused(stream("responsesStream", "", response("all red")), 1);
  }

  private static void refused(JsonNode said, int before) {
    assertThat(said.get("raised").asBoolean()).isTrue();
    assertThat(said.get("apiError").asBoolean()).isTrue();
    assertThat(said.get("code").asString()).isEqualTo("moderation_blocked");
    assertThat(said.get("type").asString()).isEqualTo("image_generation_user_error");
    assertThat(said.get("stage").asString()).isEqualTo("output");
    assertThat(said.get("said").size()).isEqualTo(before);
  }
}
