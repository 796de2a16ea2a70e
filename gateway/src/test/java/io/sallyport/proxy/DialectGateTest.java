package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.Dialects;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every shipped dialect in front of an upstream, over sockets, with the fixtures of its API. */
class DialectGateTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The refusal of an image at the output gate, where the status is another than at the input. */
  private static final Map<String, Integer> OUTPUT_STATUS = Map.of("vertex", 200);

  /** What each API calls a refusal, an error of its own, and a path that it does not have. */
  private record Words(String input, String output, String unknown) {}

  private static final Map<String, Words> WORDS =
      Map.of(
          "fal-run",
              new Words(
                  "\"type\":\"content_policy_violation\"",
                  "\"loc\":[\"body\",\"prompt\"]",
                  "{\"detail\":\"T"),
          "openai-images",
              new Words(
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"unknown_url\""),
          "openai-chat-images",
              new Words(
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"unknown_url\""),
          "azure-openai",
              new Words(
                  "\"code\":\"content_policy_violation\"",
                  "ResponsibleAIPolicyViolation",
                  "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}"),
          "sdapi",
              new Words(
                  "{\"error\":\"HTTPException\",\"detail\":\"Your request was",
                  "{\"error\":\"HTTPException\"",
                  "{\"detail\":\"Not Found\"}"),
          "json-to-bytes",
              new Words(
                  "{\"error\":\"Your request was",
                  "{\"error\":\"Your request was",
                  "{\"error\":\"This path"),
          "artifacts",
              new Words(
                  "{\"artifacts\":[{\"base64\":\"\",\"finishReason\":\"CONTENT_FILTERED\",\"seed\":0}]}",
                  "\"finishReason\":\"CONTENT_FILTERED\"",
                  "\"name\":\"unknown_url\""),
          "kserve-v2",
              new Words(
                  "{\"error\":\"Your request was",
                  "{\"error\":\"Your request was",
                  "{\"error\":\"This path"),
          "gemini",
              new Words(
                  "{\"promptFeedback\":{\"blockReason\":\"IMAGE_SAFETY\"",
                  "\"finishReason\":\"IMAGE_SAFETY\"",
                  "{\"error\":{\"code\":404,\"message\":\"This path is not served"
                      + " here.\",\"status\":\"NOT_FOUND\"}}"),
          "vertex",
              new Words(
                  "\"status\":\"INVALID_ARGUMENT\"",
                  "\"raiFilteredReason\":",
                  "\"status\":\"NOT_FOUND\""));

  @TempDir Path dir;

  static List<String> fixtures() throws IOException {
    try (InputStream in = Dialect.class.getResourceAsStream("dialects.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** Those that are answered at once; jobs are {@link JobGateTest}'s. */
  static List<String> generations() throws IOException {
    return fixtures().stream().filter(line -> !JSON.readTree(line).has("e")).toList();
  }

  @ParameterizedTest
  @MethodSource("generations")
  void passesWhatIsAllowedAndRefusesInTheApisOwnShape(String line) throws Exception {
    String name = JSON.readTree(line).get("a").asString();
    Words words = Objects.requireNonNull(WORDS.get(name));
    String upstream = "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: " + name + "}\n";
    try (ProxyHarness harness = new ProxyHarness(dir, upstream, ProxyHarness.POLICY)) {
      String harmless = line.replace("bicycle", "house");
      passes(harness, harmless);
      int sent = harness.upstream.received().size();
      if (!harmless.equals(line)) {
        assertThat(ask(harness, line, "fine", "fine"))
            .satisfies(refused -> refusedAs(refused, fixture(line, "fine").get("b").asInt()))
            .satisfies(refused -> assertThat(refused.text()).contains(words.input()));
      }
      if (fixture(line, "fine").get("i").asInt() > 0) {
        assertThat(ask(harness, harmless, "all red", "fine"))
            .satisfies(refused -> refusedAs(refused, fixture(line, "fine").get("b").asInt()))
            .satisfies(refused -> assertThat(refused.text()).contains(words.input()));
      }
      assertThat(harness.upstream.received()).hasSize(sent);
      assertThat(ask(harness, harmless, "fine", "all red"))
          .satisfies(
              refused ->
                  refusedAs(
                      refused,
                      OUTPUT_STATUS.getOrDefault(name, fixture(line, "fine").get("b").asInt())))
          .satisfies(refused -> assertThat(refused.text()).contains(words.output()));
      answersWhatItDoesNotKnow(harness, words);
    }
  }

  private static void passes(ProxyHarness harness, String line) throws Exception {
    RawClient.Answer answer = ask(harness, line, "fine", "fine");
    JsonNode fixture = fixture(line, "fine");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(reply(fixture));
    var received = harness.upstream.received().getLast();
    assertThat(received.body()).asString(UTF_8).isEqualTo(fixture.get("req").toString());
    assertThat(received.line()).isEqualTo("POST " + fixture.get("p").asString() + " HTTP/1.1");
  }

  private static void refusedAs(RawClient.Answer answer, int status) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("x-request-id")).startsWith("req_");
  }

  private static void answersWhatItDoesNotKnow(ProxyHarness harness, Words words) throws Exception {
    RawClient.Answer unknown =
        harness.ask("POST /nobody HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).contains(words.unknown());
    assertThat(harness.counted("sallyport_refusals_total{reason=\"unknown_route\"} 1")).isTrue();
  }

  private static RawClient.Answer ask(
      ProxyHarness harness, String line, String input, String output) throws Exception {
    JsonNode asked = fixture(line, input);
    JsonNode answered = fixture(line, output);
    byte[] reply = reply(answered);
    String type = answered.has("ct") ? answered.get("ct").asString() : "application/json";
    harness.upstream.script((request, connection) -> connection.reply(200, type, reply));
    byte[] body = asked.get("req").toString().getBytes(UTF_8);
    try (RawClient client = harness.client()) {
      String head =
          "POST "
              + asked.get("p").asString()
              + " HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      return client.send(head).send(body).read();
    }
  }

  private static byte[] reply(JsonNode fixture) {
    return fixture.has("bytes")
        ? Base64.getDecoder().decode(fixture.get("bytes").asString())
        : fixture.get("rep").toString().getBytes(UTF_8);
  }

  /** The fixture with this text, repeated, for every image. */
  private static JsonNode fixture(String line, String image) {
    String base64 =
        Base64.getEncoder()
            .encodeToString(("\u0089PNG\r\n" + (image + " ").repeat(60)).getBytes(UTF_8));
    return JSON.readTree(line.replace("$PNG", base64));
  }

  @Test
  void everyShippedDialectHasAFixture() throws IOException {
    assertThat(fixtures().stream().map(line -> JSON.readTree(line).get("a").asString()).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Dialects.SHIPPED.stream().filter(it -> !it.equals("moderations")).toList());
  }
}
