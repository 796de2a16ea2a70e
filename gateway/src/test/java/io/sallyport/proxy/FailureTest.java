package io.sallyport.proxy;

import static io.sallyport.proxy.ProxyHarness.generation;
import static io.sallyport.proxy.ProxyHarness.image;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong has one clear answer and one label, and delivers nothing unjudged.
 */
class FailureTest {
  private static final String QUICK =
      """
      upstream: {url: "http://127.0.0.1:%PORT%", connect: 500ms, first_byte: 400ms, total: 900ms}
      limits: {request: 64KiB, reply: 256KiB, body_time: 400ms}
      lane: {threads: 1, queue: 1, prompt_deadline: 300ms, image_deadline: 300ms}
      """;

  @TempDir Path dir;
  private ProxyHarness harness;

  private void start(String more) throws Exception {
    harness = new ProxyHarness(dir, more, ProxyHarness.POLICY);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        Arguments.of("{\"prompt\":", "request_malformed_json", 400),
        Arguments.of("", "request_malformed_json", 400),
        Arguments.of("{\"prompt\":\"a\"} x", "request_malformed_json", 400),
        Arguments.of("{\"prompt\":1}", "request_wrong_type", 400),
        Arguments.of("{}", "request_missing_field", 400),
        Arguments.of("{\"prompt\":\"a\",\"prompt\":\"b\"}", "request_duplicate_key", 400),
        Arguments.of("{\"prompt\":\"a\",\"stream\":1}", "request_not_judged", 400),
        Arguments.of("{\"prompt\":\"a\",\"response_format\":\"uri\"}", "request_not_judged", 400),
        Arguments.of("{\"prompt\":\"" + "a".repeat(33_000) + "\"}", "request_text_too_long", 400),
        Arguments.of(
            "{\"prompt\":\"a\",\"x\":" + "[".repeat(100) + "]".repeat(100) + "}",
            "request_too_deep",
            400),
        Arguments.of("{\"prompt\":\"\u00ff\"}", "request_not_utf8", 400));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void aBadBodyIsToldAndCountedAndRecorded(String body, String label, int status) throws Exception {
    start("");
    RawClient.Answer answer =
        harness.ask(
            "POST /v1/images/generations HTTP/1.1\r\n"
                + "Host: g\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("invalid_request");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"" + label + "\"} 1")).isTrue();
    assertThat(harness.rows().getFirst().body()).contains(label);
    assertThat(harness.upstream.received()).isEmpty();
  }

  @Test
  void aWrongContentTypeIsRefused() throws Exception {
    start("");
    RawClient.Answer answer =
        harness.ask(
            "POST /v1/images/generations HTTP/1.1\r\n"
                + "Host: g\r\n"
                + "Content-Type: text/plain\r\n"
                + "Content-Length: 14\r\n\r\n"
                + "{\"prompt\":\"a\"}");
    assertThat(answer.status()).isEqualTo(415);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"request_content_type\"} 1"))
        .isTrue();
  }

  @Test
  void anOversizeBodyIsRefusedWithAndWithoutALength() throws Exception {
    start(QUICK);
    String big = "{\"prompt\":\"" + "a".repeat(70_000) + "\"}";
    RawClient.Answer answer =
        harness.ask(
            "POST /v1/images/generations HTTP/1.1\r\n"
                + "Host: g\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: "
                + big.length()
                + "\r\n\r\n"
                + big);
    assertThat(answer.status()).isEqualTo(413);
    answer =
        harness.ask(
            "POST /v1/images/generations HTTP/1.1\r\n"
                + "Host: g\r\n"
                + "Content-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(big.length())
                + "\r\n"
                + big
                + "\r\n0\r\n\r\n");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"request_too_large\"} 2"))
        .isTrue();
  }

  @Test
  void aBodyThatDoesNotArriveIsGivenUp() throws Exception {
    start(QUICK);
    try (RawClient client = harness.client()) {
      client.send(
          "POST /v1/images/generations HTTP/1.1\r\n"
              + "Host: g\r\n"
              + "Content-Type: application/json\r\n"
              + "Content-Length: 14\r\n\r\n"
              + "{\"pro");
      assertThat(client.read().status()).isEqualTo(408);
    }
  }

  @Test
  void anUpstreamThatIsDownIsA502() throws Exception {
    start(QUICK);
    harness.upstream.close();
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("upstream_unavailable");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_down\"} 1")).isTrue();
  }

  @Test
  void anUpstreamThatSaysNothingIsA504() throws Exception {
    start(QUICK);
    harness.upstream.script(
        (request, connection) ->
            harness.upstream.event(connection.closedWithin(5000) ? "closed" : "open"));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(harness.upstream.await("closed")).isTrue();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_timeout\"} 1")).isTrue();
  }

  @Test
  void anUpstreamThatNeverEndsItsReplyIsA504() throws Exception {
    start(QUICK);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
          harness.upstream.event(connection.closedWithin(5000) ? "closed" : "open");
        });
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(harness.upstream.await("closed")).isTrue();
  }

  @Test
  void anUpstreamThatBreaksOffIsA502AndDeliversNothing() throws Exception {
    start(QUICK);
    String body = image("fine");
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
                  + body);
          connection.cut();
        });
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).doesNotContain("b64_json");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_cut\"} 1")).isTrue();
  }

  @Test
  void anUpstreamThatHangsUpWithoutAWordIsA502() throws Exception {
    start(QUICK);
    harness.upstream.script((request, connection) -> connection.cut());
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(502);
  }

  @Test
  void anUpstreamThatClosesAfterItsReplyIsFine() throws Exception {
    start(QUICK);
    String body = image("fine");
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                  + body);
          connection.cut();
        });
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {400, 401, 404, 422, 429, 500, 503})
  void anErrorOfTheUpstreamsPassesUntouched(int status) throws Exception {
    start(QUICK);
    String body = "{\"error\":{\"message\":\"no\",\"code\":\"x\"}}";
    harness.upstream.script(
        (request, connection) ->
            connection.reply(status, "application/json", body.getBytes(StandardCharsets.UTF_8)));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(body);
  }

  static Stream<Arguments> badReplies() {
    String long64 =
        Base64.getEncoder().encodeToString("x".repeat(900).getBytes(StandardCharsets.UTF_8));
    return Stream.of(
        Arguments.of("text/html", "<html>fine</html>", "reply_content_type"),
        Arguments.of("video/mp4", "\u0089PNG", "reply_content_type"),
        Arguments.of("application/json", "{\"data\":[", "reply_malformed_json"),
        Arguments.of(
            "application/json", "{\"data\":[{\"b64_json\":\"@@@@\"}]}", "reply_bad_base64"),
        Arguments.of("application/json", "{\"data\":[{\"b64_json\":17}]}", "reply_wrong_type"),
        Arguments.of(
            "application/json",
            "{\"data\":[{\"url\":\"http://elsewhere/x.png\"}]}",
            "unresolvable_output"),
        Arguments.of(
            "application/json",
            "{\"data\":[],\"extra\":\"" + long64 + "\"}",
            "reply_unclaimed_image"));
  }

  @ParameterizedTest
  @MethodSource("badReplies")
  void aReplyThatCannotBeCheckedIsA502(String type, String body, String label) throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) ->
            connection.reply(200, type, body.getBytes(StandardCharsets.ISO_8859_1)));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("upstream_bad_reply");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"" + label + "\"} 1")).isTrue();
    assertThat(harness.rows().getFirst().body()).contains(label);
  }

  @Test
  void aReplyInAnUnknownCodingIsA502() throws Exception {
    start(QUICK);
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Content-Encoding: compress\r\n"
                    + "Content-Length: 2\r\n\r\n"
                    + "{}"));
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_encoding\"} 1")).isTrue();
  }

  @Test
  void aHugeReplyIsA502() throws Exception {
    start(QUICK);
    harness.upstream.script((request, connection) -> connection.json(image("x".repeat(300_000))));
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_too_large\"} 1")).isTrue();
  }

  @Test
  void aRedirectIsNotFollowedAndNotPassed() throws Exception {
    start(QUICK);
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(502);
    assertThat(harness.upstream.received()).hasSize(1);
  }

  @Test
  void anImageThatCannotBeReadIsA502NotAViolation() throws Exception {
    start(QUICK);
    harness.upstream.script((request, connection) -> connection.json(image("UNDECODABLE")));
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).doesNotContain("moderation_blocked");
    assertThat(
            harness.counted(
                "category=\"unavailable\",policy=\"default\",stage=\"output_image\",verdict=\"block\""))
        .isTrue();
    assertThat(harness.rows().getFirst().body()).contains("undecodable");
  }

  @Test
  void aDetectorThatThrowsIsA503AtEitherGate() throws Exception {
    start(QUICK);
    RawClient.Answer answer = harness.ask(generation("CRASH"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("check_unavailable");
    harness.upstream.script((request, connection) -> connection.json(image("CRASH")));
    answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(harness.rows().getFirst().body()).contains("crash");
  }

  @Test
  void aDetectorThatHangsIsA503AfterItsDeadline() throws Exception {
    start(QUICK);
    RawClient.Answer answer = harness.ask(generation("HANG"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(harness.rows().getFirst().body()).contains("timeout");
  }

  @Test
  void aFullLaneIsA503ThatMayBeTriedAgainSoon() throws Exception {
    start(QUICK.replace("300ms, image", "5s, image"));
    Thread hanging = Thread.ofPlatform().start(() -> quietly(generation("HANG 1")));
    eventually(() -> harness.lane.load().running() == 1 && harness.lane.load().waiting() == 0);
    Thread waiting = Thread.ofPlatform().start(() -> quietly(generation("HANG 2")));
    eventually(() -> harness.lane.load().waiting() == 1);
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after-ms")).isNotNull();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"lane_full\"} 1")).isTrue();
    hanging.join();
    waiting.join();
  }

  @Test
  void callersAreToldApartOnTheLane() throws Exception {
    String digest = "{name: %s, key_sha256: %s}";
    String keys =
        "callers: {header: x-key, keys: ["
            + digest.formatted("dogs", Digests.sha256("dog".getBytes(StandardCharsets.UTF_8)))
            + ", "
            + digest.formatted("beaches", Digests.sha256("beach".getBytes(StandardCharsets.UTF_8)))
            + "]}\n";
    start(QUICK.replace("300ms, image", "5s, image").replace("queue: 1", "queue: 9") + keys);
    for (String key : List.of("dog", "beach", "dog")) {
      Thread.ofPlatform().start(() -> quietly(generation("HANG " + key, "x-key: " + key)));
    }
    eventually(() -> harness.lane.load().waiting() == 2);
    assertThat(harness.lane.load().callers()).isEqualTo(2);
  }

  @Test
  void tooManyExchangesAreA503() throws Exception {
    start("limits: {exchanges: 1}\n");
    CountDownLatch go = holdUpstream();
    Thread first = Thread.ofPlatform().start(() -> quietly(generation("a house")));
    assertThat(harness.upstream.await("there")).isTrue();
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotNull();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"exchanges_full\"} 1")).isTrue();
    go.countDown();
    first.join();
  }

  @Test
  void bodiesThatTakeTooMuchMemoryTogetherAreA503() throws Exception {
    start("limits: {request: 1MiB, reply: 1MiB, buffered: 4MiB}\n");
    String head =
        "POST /v1/images/generations HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
            + "Content-Length: 1048576\r\n\r\n";
    try (RawClient first = harness.client();
        RawClient second = harness.client()) {
      first.send(head);
      second.send(head);
      eventually(() -> harness.path.bufferedBytes() == 4 << 20);
      RawClient.Answer answer = harness.ask(generation("a house"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after-ms")).isNotNull();
    }
    assertThat(harness.counted("sallyport_refusals_total{reason=\"buffer_full\"} 1")).isTrue();
    eventually(() -> harness.path.bufferedBytes() == 0);
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(200);
  }

  @Test
  void oneConnectionTooManyIsClosedAtOnce() throws Exception {
    start("limits: {connections: 1}\n");
    try (RawClient first = harness.client()) {
      assertThat(first.send(generation("a house")).read().status()).isEqualTo(200);
      try (RawClient second = harness.client()) {
        assertThat(second.closedWithin(3000)).isTrue();
      }
      assertThat(first.send(generation("a tree")).read().status()).isEqualTo(200);
    }
    assertThat(harness.counted("sallyport_refusals_total{reason=\"connections_full\"} 1")).isTrue();
  }

  @Test
  void anIdleConnectionIsClosedButNotOneThatWaitsForItsImage() throws Exception {
    start("limits: {idle: 1s}\n");
    harness.upstream.script(
        (request, connection) -> {
          Thread.sleep(3500);
          connection.json(image("fine"));
        });
    try (RawClient waiting = harness.client();
        RawClient idle = harness.client()) {
      waiting.send(generation("a house"));
      idle.send("POST /v1/images/gener");
      assertThat(idle.closedWithin(4000)).isTrue();
      assertThat(waiting.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aFullPoolIsA503() throws Exception {
    start("upstream: {url: \"http://127.0.0.1:%PORT%\", connections: 1, waiting: 0}\n");
    CountDownLatch go = holdUpstream();
    Thread first = Thread.ofPlatform().start(() -> quietly(generation("a house")));
    assertThat(harness.upstream.await("there")).isTrue();
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(503);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_busy\"} 1")).isTrue();
    go.countDown();
    first.join();
  }

  @Test
  void aWaitForTheFullPoolEnds() throws Exception {
    start(
        "upstream: {url: \"http://127.0.0.1:%PORT%\", connections: 1, waiting: 5, acquire:"
            + " 200ms}\n");
    CountDownLatch go = holdUpstream();
    Thread first = Thread.ofPlatform().start(() -> quietly(generation("a house")));
    assertThat(harness.upstream.await("there")).isTrue();
    assertThat(harness.ask(generation("a house")).status()).isEqualTo(503);
    go.countDown();
    first.join();
  }

  @Test
  void aRecordThatCannotBeWrittenIsA503AndDeliversNothing() throws Exception {
    start(QUICK);
    harness.record.close();
    RawClient.Answer answer = harness.ask(generation("a house"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("record_unavailable").doesNotContain("b64_json");
    assertThat(harness.ask(generation("a bicycle")).status()).isEqualTo(503);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"record_unavailable\"} 2"))
        .isTrue();
  }

  @Test
  void aClientThatLeavesCancelsTheGeneration() throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) -> {
          harness.upstream.event("there");
          harness.upstream.event(connection.closedWithin(5000) ? "closed" : "open");
        });
    RawClient client = harness.client();
    client.send(generation("a house"));
    assertThat(harness.upstream.await("there")).isTrue();
    client.abort();
    assertThat(harness.upstream.await("closed")).isTrue();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"client_left\"} 1")).isTrue();
    for (int i = 0; i < 100 && harness.path.inFlight() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(harness.path.inFlight()).isZero();
    assertThat(harness.path.bufferedBytes()).isZero();
  }

  @Test
  void aClientThatLeavesInTheMiddleOfItsBodyIsNoFailureOfOurs() throws Exception {
    start("");
    RawClient client = harness.client();
    client.send(
        "POST /v1/images/generations HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
            + "Content-Length: 1000\r\n\r\n{\"prompt\":");
    eventually(() -> harness.path.inFlight() == 1);
    client.abort();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"client_left\"} 1")).isTrue();
    eventually(() -> harness.path.inFlight() == 0 && harness.path.bufferedBytes() == 0);
    assertThat(harness.metrics()).doesNotContain("reason=\"internal\"");
  }

  @Test
  void drainingRefusesNewRequestsAndFinishesRunningOnes() throws Exception {
    start("");
    CountDownLatch go = holdUpstream();
    try (RawClient running = harness.client()) {
      running.send(generation("a house"));
      assertThat(harness.upstream.await("there")).isTrue();
      var drained =
          harness
              .path
              .drain(java.time.Duration.ofSeconds(10))
              .toCompletionStage()
              .toCompletableFuture();
      RawClient.Answer answer = harness.ask(generation("a house"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isNotNull();
      assertThat(drained).isNotDone();
      go.countDown();
      assertThat(running.read().status()).isEqualTo(200);
      drained.get(5, java.util.concurrent.TimeUnit.SECONDS);
    }
  }

  @Test
  void memoryIsGivenBackWhateverHappens() throws Exception {
    start(QUICK);
    harness.ask(generation("a house"));
    harness.ask(generation("a bicycle"));
    harness.ask(generation("CRASH"));
    harness.upstream.script((request, connection) -> connection.cut());
    harness.ask(generation("a house"));
    for (int i = 0;
        i < 100 && (harness.path.bufferedBytes() > 0 || harness.path.inFlight() > 0);
        i++) {
      Thread.sleep(10);
    }
    assertThat(harness.path.bufferedBytes()).isZero();
    assertThat(harness.path.inFlight()).isZero();
  }

  /** Lets the upstream say that a request is there, and answer once the latch opens. */
  private CountDownLatch holdUpstream() {
    CountDownLatch go = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          harness.upstream.event("there");
          go.await();
          connection.json(image("fine"));
        });
    return go;
  }

  private static void eventually(java.util.function.BooleanSupplier state) throws Exception {
    for (int i = 0; i < 500 && !state.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(state.getAsBoolean()).isTrue();
  }

  private void quietly(String request) {
    try {
      harness.ask(request);
    } catch (Exception e) {
      // Only there to keep the gateway busy.
    }
  }
}
