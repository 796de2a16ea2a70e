package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.dialect.Dialects;
import io.sallyport.testing.Fixture;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped dialect in front of an upstream, over sockets, with the fixtures of its API. */
class DialectGateTest {
  /** The refusal of an image at the output gate, where the status is another than at the input. */
  private static final Map<String, Integer> OUTPUT_STATUS = Map.of("vertex", 200);

  /** What each API calls a refusal, an error of its own, and a path that it does not have. */
  private record Words(String input, String output, String unknown) {}

  private static final Map<String, Words> WORDS =
      Map.ofEntries(
          Map.entry(
              "fal-run",
              new Words(
                  "\"type\":\"content_policy_violation\"",
                  "\"loc\":[\"body\",\"prompt\"]",
                  "{\"detail\":\"T")),
          Map.entry(
              "openai-images",
              new Words(
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"unknown_url\"")),
          Map.entry(
              "openai-chat-images",
              new Words(
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"moderation_blocked\"",
                  "\"code\":\"unknown_url\"")),
          Map.entry(
              "azure-openai",
              new Words(
                  "\"code\":\"content_policy_violation\"",
                  "ResponsibleAIPolicyViolation",
                  "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}")),
          Map.entry(
              "sdapi",
              new Words(
                  "{\"error\":\"HTTPException\",\"detail\":\"Your request was",
                  "{\"error\":\"HTTPException\"",
                  "{\"detail\":\"Not Found\"}")),
          Map.entry(
              "json-to-bytes",
              new Words(
                  "{\"error\":\"Your request was",
                  "{\"error\":\"Your request was",
                  "{\"error\":\"This path")),
          Map.entry(
              "artifacts",
              new Words(
                  "{\"artifacts\":[{\"base64\":\"\",\"finishReason\":\"CONTENT_FILTERED\",\"seed\":0}]}",
                  "\"finishReason\":\"CONTENT_FILTERED\"",
                  "\"name\":\"unknown_url\"")),
          Map.entry(
              "kserve-v2",
              new Words(
                  "{\"error\":\"Your request was",
                  "{\"error\":\"Your request was",
                  "{\"error\":\"This path")),
          Map.entry(
              "gemini",
              new Words(
                  "{\"promptFeedback\":{\"blockReason\":\"IMAGE_SAFETY\"",
                  "\"finishReason\":\"IMAGE_SAFETY\"",
                  "{\"error\":{\"code\":404,\"message\":\"This path is not served"
                      + " here.\",\"status\":\"NOT_FOUND\"}}")),
          Map.entry(
              "vertex",
              new Words(
                  "\"status\":\"INVALID_ARGUMENT\"",
                  "\"raiFilteredReason\":",
                  "\"status\":\"NOT_FOUND\"")),
          Map.entry(
              "stability-v2",
              new Words(
                  "\"name\":\"content_moderation\",\"errors\":[\"Your request was",
                  "\"name\":\"content_moderation\"",
                  "\"name\":\"unknown_url\"")));

  @TempDir Path dir;

  static List<String> fixtures() throws IOException {
    return Fixture.lines();
  }

  /** Those that are answered at once; jobs are {@link JobGateTest}'s. */
  static List<String> generations() throws IOException {
    return fixtures().stream().filter(line -> !fixture(line, "").has("e")).toList();
  }

  @ParameterizedTest
  @MethodSource("generations")
  void passesWhatIsAllowedAndRefusesInTheApisOwnShape(String line) throws Exception {
    String name = fixture(line, "fine").dialect();
    Words words = Objects.requireNonNull(WORDS.get(name));
    String config =
        "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: "
            + name
            + "}\nstreams: {previews: judge}\n";
    try (ProxyHarness harness = new ProxyHarness(dir, config, ProxyHarness.POLICY)) {
      String harmless = line.replace("bicycle", "house");
      if (neverAsked(fixture(line, "fine"))) {
        refusedAs(ask(harness, harmless, "fine", "fine"), fixture(line, "fine").count("b"));
        assertThat(harness.upstream.received()).isEmpty();
        return;
      }
      passes(harness, harmless);
      refusesTheRequest(harness, line, words);
      refusesTheReply(harness, harmless, words);
      answersWhatItDoesNotKnow(harness, words);
    }
  }

  private static void passes(ProxyHarness harness, String line) throws Exception {
    RawClient.Answer answer = ask(harness, line, "fine", "fine");
    Fixture fixture = fixture(line, "fine");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(fixture.reply());
    assertThat(answer.header("content-type")).isEqualTo(fixture.replyType());
    var received = harness.upstream.received().getLast();
    assertThat(received.body()).isEqualTo(fixture.request(image("fine")));
    assertThat(received.line()).isEqualTo("POST " + fixture.target() + " HTTP/1.1");
    assertThat(received.header("content-type")).containsExactly(fixture.requestType());
  }

  private static void refusesTheRequest(ProxyHarness harness, String line, Words words)
      throws Exception {
    int sent = harness.upstream.received().size();
    String harmless = line.replace("bicycle", "house");
    int status = fixture(line, "fine").count("b");
    if (!harmless.equals(line)) {
      RawClient.Answer refused = ask(harness, line, "fine", "fine");
      refusedAs(refused, status);
      assertThat(refused.text()).contains(words.input());
    }
    if (fixture(line, "fine").count("i") > 0) {
      RawClient.Answer refused = ask(harness, harmless, "all red", "fine");
      refusedAs(refused, status);
      assertThat(refused.text()).contains(words.input());
    }
    assertThat(harness.upstream.received()).hasSize(sent);
  }

  /** A stream that began with words is refused in the stream; its image never leaves. */
  private static void refusesTheReply(ProxyHarness harness, String harmless, Words words)
      throws Exception {
    Fixture fixture = fixture(harmless, "all red");
    if (fixture.count("o") == 0) {
      return;
    }
    RawClient.Answer refused = ask(harness, harmless, "fine", "all red");
    String base64 = Base64.getEncoder().encodeToString(image("all red"));
    boolean begun =
        fixture.has("sse") && !fixture.json().get("sse").get(0).toString().contains(base64);
    int status = OUTPUT_STATUS.getOrDefault(fixture.dialect(), fixture.count("b"));
    refusedAs(refused, begun ? 200 : status);
    assertThat(refused.text()).contains(words.output()).doesNotContain(base64);
    assertThat(refused.header("content-type"))
        .isEqualTo(begun ? "text/event-stream" : "application/json");
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

  /**
   * Whether the upstream hears nothing of it: refused by shape, or for a file that nobody knows.
   */
  private static boolean neverAsked(Fixture fixture) {
    return fixture.has("refused") || fixture.has("unknown");
  }

  private static RawClient.Answer ask(
      ProxyHarness harness, String line, String input, String output) throws Exception {
    Fixture asked = fixture(line, input);
    Fixture answered = fixture(line, output);
    if (!neverAsked(answered)) {
      byte[] reply = answered.reply();
      harness.upstream.script(
          (request, connection) -> connection.reply(200, answered.replyType(), reply));
    }
    byte[] body = asked.request(image(input));
    try (RawClient client = harness.client()) {
      String head =
          "POST "
              + asked.target()
              + " HTTP/1.1\r\nHost: g\r\nContent-Type: "
              + asked.requestType()
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      return client.send(head).send(body).read();
    }
  }

  /** The fixture with this text, repeated, for every image. */
  private static Fixture fixture(String line, String text) {
    return Fixture.of(line, image(text));
  }

  private static byte[] image(String text) {
    return ("\u0089PNG\r\n" + (text + " ").repeat(60)).getBytes(ISO_8859_1);
  }

  @Test
  void everyShippedDialectHasAFixture() throws IOException {
    assertThat(fixtures().stream().map(line -> fixture(line, "").dialect()).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Dialects.SHIPPED.stream().filter(it -> !it.equals("moderations")).toList());
  }
}
