package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every shipped dialect with jobs in front of an upstream, with the fixtures of its API. */
class JobGateTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern ID = Pattern.compile("\"(?:request_)?id\":\"([^\"]+)\"");

  /**
   * What each API calls things.
   *
   * @param submitted what a refused submit is answered with, where the refusal comes later; empty
   *     where it comes at once
   * @param input the refusal of a request, whenever it is told
   * @param output the refusal of an image
   * @param unknown a job or a path that it does not have
   */
  private record Words(String submitted, String input, String output, String unknown) {}

  private static final Map<String, Words> WORDS =
      Map.of(
          "cog",
          new Words(
              "",
              "{\"detail\":\"Your request was rejected",
              "\"status\":\"failed\",\"output\":null,\"error\":\"NSFW content detected",
              "{\"detail\":\"T"),
          "replicate",
          new Words(
              "\"status\":\"starting\",\"output\":null,\"error\":null,\"urls\":{\"get\":\"http://g/v1/predictions/",
              "\"status\":\"failed\",\"output\":null,\"error\":\"NSFW content detected",
              "\"status\":\"failed\",\"output\":null,\"error\":\"NSFW content detected",
              "\"status\":404}"),
          "bfl",
          new Words(
              "\"polling_url\":\"http://g/v1/get_result?id=",
              "\"status\":\"Request Moderated\",\"result\":null",
              "\"status\":\"Content Moderated\",\"result\":null",
              "{\"detail\":\"T"),
          "fal",
          new Words(
              "\"status_url\":\"http://g/fal-ai/flux/requests/",
              "\"type\":\"content_policy_violation\"",
              "\"type\":\"content_policy_violation\"",
              "{\"detail\":\"T"),
          "comfyui",
          new Words(
              "",
              "{\"error\":{\"type\":\"content_policy_violation\",\"message\":\"Your request was",
              "{\"error\":\"Your request was",
              "{\"error\":\"Job not found\"}"),
          "runpod",
          new Words(
              "\"status\":\"IN_QUEUE\"",
              "\"status\":\"FAILED\",\"error\":\"Your request was rejected",
              "\"status\":\"FAILED\",\"error\":\"Your request was rejected",
              "{\"error\":\"T"));

  @TempDir Path dir;

  private ProxyHarness harness;

  private static List<String> fixtures(String effect) throws IOException {
    return DialectGateTest.fixtures().stream()
        .filter(line -> JSON.readTree(line).path("e").asString("").equals(effect))
        .toList();
  }

  static List<String> submits() throws IOException {
    return fixtures("create_job");
  }

  static List<String> polls() throws IOException {
    return fixtures("poll");
  }

  private void start(String line, Check check) throws Exception {
    String name = JSON.readTree(line).get("a").asString();
    String more =
        "callers: {subject_header: x-user}\nupstream: {url: \"http://127.0.0.1:%PORT%\", dialect: "
            + name
            + "}\n";
    try (ProxyHarness started = new ProxyHarness(dir, more, ProxyHarness.POLICY)) {
      harness = started;
      check.run(Objects.requireNonNull(WORDS.get(name)));
    }
  }

  private interface Check {
    void run(Words words) throws Exception;
  }

  @ParameterizedTest
  @MethodSource("submits")
  void aSubmitIsJudgedAndItsJobBelongsToWhoeverAsked(String line) throws Exception {
    start(
        line,
        words -> {
          String harmless = line.replace("bicycle", "house");
          passes(harmless);
          int sent = harness.upstream.received().size();
          refused(line, "fine", words);
          if (fixture(line, "fine").get("i").asInt() > 0) {
            refused(harmless, "all red", words);
          }
          assertThat(harness.upstream.received()).hasSize(sent);
          if (fixture(line, "fine").get("o").asInt() > 0) {
            RawClient.Answer answer = ask(harmless, "anna", "fine", "all red");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text())
                .contains(words.output(), "\"id\":\"")
                .doesNotContain("base64");
          }
          RawClient.Answer unknown =
              harness.ask("POST /nobody/knows/it HTTP/1.0\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
          assertThat(unknown.text()).contains(words.unknown().substring(0, 8));
        });
  }

  @ParameterizedTest
  @MethodSource("polls")
  void aPollIsItsOwnersAndItsImagesAreJudgedEachTime(String line) throws Exception {
    start(
        line,
        words -> {
          RawClient.Answer nobodys = ask(line, "anna", "fine", "fine");
          assertThat(nobodys.status()).isEqualTo(404);
          assertThat(nobodys.text()).contains(words.unknown());
          String submit = submit(line).replace("bicycle", "house");
          passes(submit);
          int sent = harness.upstream.received().size();
          RawClient.Answer others = ask(line, "ben", "fine", "fine");
          assertThat(others.status()).isEqualTo(404);
          assertThat(others.text()).isEqualToIgnoringCase(nobodys.text());
          assertThat(harness.upstream.received()).hasSize(sent);
          passes(line);
          RawClient.Answer red = ask(line, "anna", "fine", "all red");
          JsonNode fixture = fixture(line, "fine");
          assertThat(red.status()).as(red.text()).isEqualTo(fixture.get("b").asInt());
          assertThat(red.text()).contains(words.output()).doesNotContain("base64");
          passes(line);
          assertThat(harness.counted("sallyport_refusals_total{reason=\"unknown_job\"} 2"))
              .isTrue();
        });
  }

  private static String submit(String poll) throws IOException {
    String name = JSON.readTree(poll).get("a").asString();
    return submits().stream()
        .filter(line -> JSON.readTree(line).get("a").asString().equals(name))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /** Refused as the API refuses: at once, or by the job that there seems to be. */
  private void refused(String line, String image, Words words) throws Exception {
    RawClient.Answer answer = ask(line, "anna", image, "fine");
    boolean later = !words.submitted().isEmpty() && !line.contains("runsync");
    if (!later) {
      assertThat(answer.status()).as(answer.text()).isEqualTo(JSON.readTree(line).get("b").asInt());
      assertThat(answer.text()).contains(words.input());
      return;
    }
    assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
    assertThat(answer.text()).contains(words.submitted());
    Matcher id = ID.matcher(answer.text());
    assertThat(id.find()).isTrue();
    String name = JSON.readTree(line).get("a").asString();
    String poll =
        polls().stream()
            .filter(it -> JSON.readTree(it).get("a").asString().equals(name))
            .findFirst()
            .orElseThrow();
    String target = JSON.readTree(poll).get("p").asString();
    String own = poll.replace(target, target.replaceAll("[a-z]1$", id.group(1)));
    RawClient.Answer told = ask(own, "anna", "fine", "fine");
    assertThat(told.status()).as(told.text()).isEqualTo(JSON.readTree(poll).get("b").asInt());
    assertThat(told.text()).contains(words.input());
    assertThat(ask(own, "ben", "fine", "fine").status()).isEqualTo(404);
  }

  private void passes(String line) throws Exception {
    RawClient.Answer answer = ask(line, "anna", "fine", "fine");
    JsonNode fixture = fixture(line, "fine");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(fixture.get("rep").toString().replace("https://api.example", "http://g"));
    var received = harness.upstream.received().getLast();
    assertThat(received.body())
        .asString(UTF_8)
        .isEqualTo(fixture.has("req") ? fixture.get("req").toString() : "");
    assertThat(received.line()).endsWith(" " + fixture.get("p").asString() + " HTTP/1.1");
  }

  private RawClient.Answer ask(String line, String user, String input, String output)
      throws Exception {
    JsonNode asked = fixture(line, input);
    byte[] reply = fixture(line, output).get("rep").toString().getBytes(UTF_8);
    harness.upstream.script(
        (request, connection) -> connection.reply(200, "application/json", reply));
    byte[] body = asked.has("req") ? asked.get("req").toString().getBytes(UTF_8) : new byte[0];
    String method = asked.has("m") ? asked.get("m").asString() : "POST";
    try (RawClient client = harness.client()) {
      String head =
          method
              + " "
              + asked.get("p").asString()
              + " HTTP/1.1\r\nHost: g\r\nX-User: "
              + user
              + (body.length == 0
                  ? "\r\n\r\n"
                  : "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length
                      + "\r\n\r\n");
      return client.send(head).send(body).read();
    }
  }

  /** The fixture with this text, repeated, for every image. */
  private static JsonNode fixture(String line, String image) {
    String base64 =
        Base64.getEncoder()
            .encodeToString(("\u0089PNG\r\n" + (image + " ").repeat(60)).getBytes(UTF_8));
    return JSON.readTree(line.replace("$PNG", base64));
  }
}
