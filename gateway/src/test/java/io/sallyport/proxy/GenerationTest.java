package io.sallyport.proxy;

import static io.sallyport.proxy.ProxyHarness.generation;
import static io.sallyport.proxy.ProxyHarness.image;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two gates, end to end over sockets. */
class GenerationTest {
  @TempDir Path dir;
  private ProxyHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new ProxyHarness(dir);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private List<AuditEvent.Decided> decisions() {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  @Test
  void anAllowedReplyIsTheUpstreamsByteForByte() throws Exception {
    for (int size : new int[] {1 << 10, 20 << 20}) {
      byte[] picture = new byte[size];
      for (int i = 0; i < picture.length; i++) {
        picture[i] = (byte) ('a' + i % 7);
      }
      byte[] body =
          ("{ \"created\" : 1,\n\"data\":[{\"b64_json\":\""
                  + Base64.getEncoder().encodeToString(picture)
                  + "\"}] }\n")
              .getBytes(StandardCharsets.UTF_8);
      harness.upstream.script(
          (request, connection) -> connection.reply(200, "application/json", body));
      RawClient.Answer answer = harness.ask(generation("a house"));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void aRequestReachesTheUpstreamByteForByte() throws Exception {
    String body = "{ \"prompt\" : \"a h\\u006fuse\",\n \"n\":1 }";
    harness.ask(
        "POST /v1/images/generations HTTP/1.1\r\n"
            + "Host: gateway\r\n"
            + "Content-Type: application/json; charset=utf-8\r\n"
            + "X-Custom: kept\r\n"
            + "Authorization: Bearer upstream-key\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    var received = harness.upstream.received().getLast();
    assertThat(received.body()).asString().isEqualTo(body);
    assertThat(received.header("x-custom")).containsExactly("kept");
    assertThat(received.header("authorization")).containsExactly("Bearer upstream-key");
    assertThat(received.header("content-type")).containsExactly("application/json; charset=utf-8");
  }

  @Test
  void hopByHopFieldsStopAtTheGatewayBothWays() throws Exception {
    harness.upstream.script(
        (request, connection) -> {
          String body = image("fine");
          connection.write(
              "HTTP/1.1 200 OK\r\n"
                  + "Content-Type: application/json\r\n"
                  + "Connection: keep-alive, x-internal\r\n"
                  + "Keep-Alive: timeout=5\r\n"
                  + "X-Internal: secret\r\n"
                  + "X-Kept: yes\r\n"
                  + "Proxy-Authenticate: a\r\n"
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
        });
    RawClient.Answer answer =
        harness.ask(
            generation(
                "a house",
                "Connection: keep-alive, x-mine",
                "X-Mine: secret",
                "Proxy-Connection: a",
                "TE: trailers",
                "Keep-Alive: a",
                "X-Kept: yes"));
    var received = harness.upstream.received().getLast();
    for (String name : List.of("x-mine", "proxy-connection", "te", "keep-alive")) {
      assertThat(received.header(name)).as(name).isEmpty();
    }
    assertThat(received.header("x-kept")).containsExactly("yes");
    assertThat(received.header("accept-encoding")).containsExactly("identity");
    for (String name : List.of("x-internal", "keep-alive", "proxy-authenticate")) {
      assertThat(answer.header(name)).as(name).isNull();
    }
    assertThat(answer.header("x-kept")).isEqualTo("yes");
  }

  @Test
  void aChunkedReplyPassesWithItsTrailers() throws Exception {
    String body = image("fine");
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "Trailer: X-Seed\r\n\r\n"
                    + Integer.toHexString(body.length())
                    + "\r\n"
                    + body
                    + "\r\n0\r\nX-Seed: 7\r\n\r\n"));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.trailers()).contains("x-seed: 7");
  }

  @Test
  void aForbiddenPromptIsRefusedAndNeverForwarded() throws Exception {
    RawClient.Answer answer = harness.ask(generation("a bicycle"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    String id = answer.header("x-request-id");
    assertThat(answer.text())
        .contains("\"code\":\"moderation_blocked\"")
        .contains("\"type\":\"image_generation_user_error\"")
        .contains("\"moderation_stage\":\"input\"")
        .contains("\"categories\":[\"stand-in\"]")
        .contains(id);
    assertThat(harness.upstream.received()).isEmpty();
    assertThat(decisions()).hasSize(1);
    AuditEvent.Decided row = decisions().getFirst();
    assertThat(row.request().requestId()).isEqualTo(id);
    assertThat(row.decision().verdict()).isEqualTo(Verdict.BLOCK);
    assertThat(row.decision().stage()).isEqualTo(Stage.PROMPT);
    assertThat(row.coverage().texts()).isEqualTo(1);
    assertThat(row.coverage().textsJudged()).isEqualTo(1);
    assertThat(
            harness.counted(
                "sallyport_decisions_total{category=\"stand-in\",policy=\"default\",stage=\"prompt\",verdict=\"block\",would_be=\"block\"}"
                    + " 1"))
        .isTrue();
  }

  @Test
  void aForbiddenImageIsWithheldWhole() throws Exception {
    harness.upstream.script(
        (request, connection) -> connection.json(image("fine", "all red here", "also fine")));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("\"moderation_stage\":\"output\"")
        .doesNotContain("b64_json");
    assertThat(decisions()).hasSize(2);
    AuditEvent.Decided row = decisions().getFirst();
    assertThat(row.decision().stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(row.coverage().images()).isEqualTo(3);
    assertThat(row.coverage().imagesJudged()).isEqualTo(3);
    assertThat(row.imageHashes()).hasSize(3).doesNotHaveDuplicates().isNotEqualTo(List.of());
  }

  @Test
  void allowsAreRecordedTooAndShareTheRequestId() throws Exception {
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(decisions())
        .hasSize(2)
        .allMatch(row -> row.request().requestId().equals(answer.header("x-request-id")))
        .allMatch(row -> row.decision().verdict() == Verdict.ALLOW);
  }

  private RawClient.Answer post(String body) throws Exception {
    return harness.ask(
        "POST /v1/images/generations HTTP/1.1\r\n"
            + "Host: g\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @Test
  void aTermSplitOverTwoFieldsIsSeen() throws Exception {
    assertThat(post("{\"prompt\":\"two\",\"note\":\"cats\"}").status()).isEqualTo(200);
    assertThat(post("{\"prompt\":\"two\",\"note\":\"wheels\"}").status()).isEqualTo(400);
  }

  @Test
  void aTextAtAPlaceThatNobodyClaimedIsJudgedToo() throws Exception {
    assertThat(post("{\"prompt\":\"a house\",\"extra\":{\"deep\":[\"a bicycle\"]}}").status())
        .isEqualTo(400);
    assertThat(decisions().getFirst().coverage().swept()).isPositive();
  }

  @Test
  void noContentReachesTheRecord() throws Exception {
    String canary = "canary-" + new SplittableRandom().nextLong(1L << 40);
    harness.upstream.script((request, connection) -> connection.json(image("picture " + canary)));
    harness.ask(generation("a house of " + canary, "Authorization: Bearer " + canary));
    harness.ask(generation("a bicycle of " + canary));
    harness.record.close();
    try (var files = Files.walk(dir.resolve("audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(canary);
      }
    }
    assertThat(harness.metrics()).doesNotContain(canary);
  }

  @Test
  void aRepeatedPromptComesFromTheCacheAndSaysSo() throws Exception {
    harness.ask(generation("a house"));
    harness.ask(generation("a house"));
    assertThat(
            decisions().stream()
                .filter(row -> row.decision().stage() == Stage.PROMPT)
                .map(AuditEvent.Decided::cached))
        .containsExactly(true, false);
  }

  @Test
  void imagesThatNobodyJudgesAreCountedOnly() throws Exception {
    harness.close();
    String textOnly = ProxyHarness.POLICY.replace("[words, pictures]", "[words]");
    textOnly = textOnly.substring(0, textOnly.indexOf("  - id: no-red"));
    harness = new ProxyHarness(dir.resolve("second"), "", textOnly);
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(200);
    AuditEvent.Decided row = decisions().getFirst();
    assertThat(row.decision().stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(row.coverage().images()).isEqualTo(1);
    assertThat(row.coverage().imagesJudged()).isZero();
    assertThat(row.imageHashes()).isEmpty();
  }

  @Test
  void theListOfModelsPassesThrough() throws Exception {
    String body = "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}";
    harness.upstream.script((request, connection) -> connection.json(body));
    RawClient.Answer answer = harness.ask("GET /v1/models HTTP/1.1\r\nHost: g\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.header("x-request-id")).startsWith("req_");
  }

  @Test
  void anImageHiddenInTheListOfModelsIsRefused() throws Exception {
    String image =
        Base64.getEncoder()
            .encodeToString(
                ("\u0089PNG\r\n" + "x".repeat(600)).getBytes(StandardCharsets.ISO_8859_1));
    harness.upstream.script(
        (request, connection) -> connection.json("{\"data\":[{\"id\":\"" + image + "\"}]}"));
    RawClient.Answer answer = harness.ask("GET /v1/models HTTP/1.1\r\nHost: g\r\n\r\n");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).doesNotContain(image);
  }

  @Test
  void aQueryThatTheRouteDoesNotClaimIsRefused() throws Exception {
    RawClient.Answer answer =
        harness.ask(
            generation("a house").replace("/generations ", "/generations?prompt=a+bicycle "));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(harness.upstream.received()).isEmpty();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"query\"} 1")).isTrue();
  }

  @Test
  void aSideDoorIsRefusedAndCountedAsSuch() throws Exception {
    for (String path : List.of("/v1/batches", "/v1/files/file-1", "/v1/videos", "/v1/set_lora")) {
      RawClient.Answer answer =
          harness.ask("POST " + path + " HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
      assertThat(answer.status()).as(path).isEqualTo(403);
      assertThat(answer.text()).as(path).contains("\"code\":\"route_denied\"");
    }
    assertThat(harness.upstream.received()).isEmpty();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"route_denied\"} 4")).isTrue();
  }

  @Test
  void whatTheDialectDoesNotClaimIsRefused() throws Exception {
    for (String line :
        List.of(
            "POST /v1/audio",
            "GET /",
            "GET /v1/images/generations/../models",
            "GET /v1//models",
            "GET /v1/%6dodels",
            "POST /V1/images/generations")) {
      RawClient.Answer answer =
          harness.ask(line + " HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
      assertThat(answer.status()).as(line).isEqualTo(404);
      assertThat(answer.text()).as(line).contains("\"error\"");
    }
    RawClient.Answer answer = harness.ask("DELETE /v1/models HTTP/1.1\r\nHost: g\r\n\r\n");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("GET");
    assertThat(harness.upstream.received()).isEmpty();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"unknown_route\"} 6")).isTrue();
  }
}
