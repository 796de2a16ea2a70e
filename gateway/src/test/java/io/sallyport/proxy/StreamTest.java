package io.sallyport.proxy;

import static io.sallyport.proxy.Events.chunk;
import static io.sallyport.proxy.Events.completed;
import static io.sallyport.proxy.Events.delta;
import static io.sallyport.proxy.Events.partial;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replies that come event by event, over sockets. */
class StreamTest {
  private static final String DONE = "data: [DONE]\n\n";

  @TempDir Path dir;
  private ProxyHarness harness;

  private void start(String more) throws Exception {
    harness = new ProxyHarness(dir, more, ProxyHarness.POLICY);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private RawClient.Answer ask(String... events) throws Exception {
    harness.upstream.script((request, connection) -> Events.stream(connection, events));
    return harness.ask(Events.request());
  }

  private List<AuditEvent.Decided> outputs() {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(row -> row.decision().stage() == Stage.OUTPUT_IMAGE)
        .toList();
  }

  @Test
  void aStreamOfTwoContentTypesIsWithheld() throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Content-Type: image/png\r\nContent-Length: "
                    + DONE.length()
                    + "\r\n\r\n"
                    + DONE));
    assertThat(harness.ask(Events.request()).status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_content_type\"}")).isTrue();
  }

  @Test
  void allowedEventsPassByteForByteWhereverTheStreamIsCut() throws Exception {
    start("");
    String stream =
        ": ok\r\n"
            + "event:image_generation.completed\r\n"
            + "data: {\"b64_json\":\r\n"
            + "data:\"ZmluZQ==\"}\r\n\r\n"
            + ": ping\r\n\r\n"
            + delta("a h\u00f6use").replace("\n", "\r\n")
            + DONE;
    String bytes = new String(stream.getBytes(UTF_8), ISO_8859_1);
    for (int cut = 0; cut <= bytes.length(); cut++) {
      String[] pieces = {bytes.substring(0, cut), bytes.substring(cut)};
      RawClient.Answer answer =
          ask(Stream.of(pieces).filter(it -> !it.isEmpty()).toArray(String[]::new));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).as("cut at %d", cut).isEqualTo(stream);
    }
    assertThat(outputs()).hasSize(bytes.length() + 1);
  }

  @Test
  void theHeadIsTheUpstreams() throws Exception {
    start("");
    RawClient.Answer answer = ask(completed("fine"));
    assertThat(answer.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(answer.header("cache-control")).isEqualTo("no-cache");
    assertThat(answer.header("x-request-id")).startsWith("req_");
    assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void previewsAreDroppedWholeUnlessTheOperatorWantsThem() throws Exception {
    start("");
    RawClient.Answer answer = ask(partial("red"), partial("fine"), completed("fine"), DONE);
    assertThat(answer.text()).isEqualTo(completed("fine") + DONE);
    assertThat(outputs()).hasSize(1);
    assertThat(harness.counted("sallyport_stream_events_total{kind=\"dropped\"} 2")).isTrue();
    assertThat(harness.counted("sallyport_stream_events_total{kind=\"judged\"} 1")).isTrue();
    assertThat(harness.counted("sallyport_stream_events_total{kind=\"passed\"} 2")).isTrue();
    assertThat(harness.counted("sallyport_streams_open 0")).isTrue();
  }

  @Test
  void judgedPreviewsPassOneByOne() throws Exception {
    start("streams: {previews: judge}\n");
    RawClient.Answer answer = ask(partial("fine"), partial("fine too"), completed("fine"));
    assertThat(answer.text()).isEqualTo(partial("fine") + partial("fine too") + completed("fine"));
    assertThat(outputs()).hasSize(3).allMatch(row -> row.coverage().imagesJudged() == 1);
  }

  @Test
  void aForbiddenImageBeforeAnythingWasSentIsAPlainRefusal() throws Exception {
    start("");
    RawClient.Answer answer = ask(partial("fine"), completed("all red here"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.text())
        .contains("\"code\":\"moderation_blocked\"")
        .contains("\"moderation_stage\":\"output\"")
        .doesNotContain("b64_json");
    assertThat(outputs()).singleElement().matches(row -> row.decision().verdict() == Verdict.BLOCK);
  }

  @Test
  void aForbiddenImageLaterEndsTheStreamWithTheDialectsRefusal() throws Exception {
    start("streams: {previews: judge}\n");
    RawClient.Answer answer = ask(partial("fine"), partial("red"), completed("fine"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .startsWith(partial("fine") + "event: error\ndata: {\"type\":\"error\",\"error\":{")
        .contains("\"code\":\"moderation_blocked\"")
        .contains(answer.header("x-request-id"))
        .endsWith("}}\n\n");
    assertThat(answer.text().lines().filter(line -> line.startsWith("data:"))).hasSize(2);
    assertThat(harness.counted("sallyport_stream_events_total{kind=\"refused\"} 1")).isTrue();
    assertThat(
            harness.counted(
                "sallyport_answers_total{outcome=\"blocked\",route=\"generate\",status=\"200\"} 1"))
        .isTrue();
  }

  @Test
  void heldPreviewsWaitForTheirImageAndAreJudgedWithIt() throws Exception {
    start("streams: {previews: hold}\n");
    String[] events = {partial("fine"), delta("a house"), partial("fine too"), completed("fine")};
    assertThat(ask(events).text()).isEqualTo(String.join("", events));
    assertThat(outputs()).singleElement().matches(row -> row.coverage().imagesJudged() == 3);
    assertThat(harness.counted("sallyport_stream_events_total{kind=\"held\"} 3")).isTrue();
    for (String[] refused :
        List.of(
            new String[] {partial("fine"), completed("red")},
            new String[] {partial("red"), completed("fine")})) {
      assertThat(ask(refused).status()).isEqualTo(400);
    }
    assertThat(ask(partial("fine"), delta("a house"), DONE).text())
        .as("no image came of it")
        .isEqualTo(delta("a house") + DONE);
  }

  @Test
  void anEventThatPassesDoesNotWaitForTheNext() throws Exception {
    start("");
    CountDownLatch read = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          read.await();
          connection.write(chunk(completed("fine")) + Events.END);
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo(delta("a house"));
      read.countDown();
      assertThat(client.chunk()).isEqualTo(completed("fine"));
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void aStreamWithoutImagesIsOnRecordToo() throws Exception {
    start("");
    assertThat(ask(delta("a house"), DONE).text()).isEqualTo(delta("a house") + DONE);
    assertThat(outputs()).singleElement().matches(row -> row.coverage().images() == 0);
  }

  @Test
  void aRecordThatCannotBeWrittenDeliversNoFurtherEvent() throws Exception {
    start("streams: {previews: judge}\n");
    CountDownLatch closed = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(partial("fine")));
          closed.await();
          connection.write(chunk(completed("fine")) + Events.END);
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      client.head();
      assertThat(client.chunk()).isEqualTo(partial("fine"));
      harness.record.close();
      closed.countDown();
      assertThat(client.chunk())
          .startsWith("event: error\ndata: {\"error\":{")
          .contains("\"code\":\"record_unavailable\"");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void nothingIsDeliveredBeforeThePromptsDecisionIsOnRecord() throws Exception {
    start("");
    harness.record.close();
    RawClient.Answer answer = ask(delta("a house"), DONE);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("record_unavailable").doesNotContain("a house");
  }

  @Test
  void aFailedCheckIsToldApartFromAViolation() throws Exception {
    start("streams: {previews: judge}\n");
    RawClient.Answer answer = ask(completed("CRASH"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("check_unavailable");
    assertThat(ask(partial("fine"), completed("CRASH")).text())
        .startsWith(partial("fine") + "event: error\n")
        .contains("\"code\":\"check_unavailable\"");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"output_check_unavailable\"} 2"))
        .isTrue();
  }

  @Test
  void whatCannotBeReadEndsTheStreamWithAnError() throws Exception {
    start("");
    String image = completed("fine");
    for (String bad :
        List.of(
            "data: {\"b64_json\":\"ZmluZQ==\"}\n\n", // nobody's event
            "event: error\ndata: {\"type\":\"error\",\"b64_json\":\"" + PNG + "\"}\n\n",
            image.replace("ZmluZQ==", "ZmluZQ"))) {
      RawClient.Answer answer = ask(bad);
      assertThat(answer.status()).as(bad).isEqualTo(502);
      assertThat(answer.text()).contains("upstream_bad_reply");
      assertThat(ask(delta("a house"), bad, DONE).text())
          .startsWith(delta("a house") + "event: error\n")
          .contains("\"code\":\"upstream_bad_reply\"")
          .doesNotContain("b64_json", "DONE");
      assertThat(harness.rows().getFirst().body()).contains("reply_");
    }
  }

  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

  @Test
  void aMalformedStreamIsRefused() throws Exception {
    start("");
    for (String bad :
        List.of(
            "data: [DONE]\n\ndata: x\ry\n\n",
            "data: [DONE]\n\nData: [DONE]\n\n",
            "data: [DONE]\n\nevent: a\u0000b\ndata: [DONE]\n\n")) {
      assertThat(ask(bad).text())
          .startsWith(DONE + "event: error\n")
          .contains("\"code\":\"upstream_bad_reply\"");
      assertThat(harness.rows().getFirst().body()).contains("reply_stream");
    }
    assertThat(ask("data: x\ry\n\n").status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_stream\"} 4")).isTrue();
  }

  @Test
  void anEventThatIsBrokenOffIsNotPassedOn() throws Exception {
    start("");
    for (String cut : List.of("data: [DONE]", "data: [DONE]\n", "event: x\n", ": ping")) {
      assertThat(ask(delta("a house"), cut).text())
          .as(cut)
          .startsWith(delta("a house") + "event: error\n")
          .contains("\"code\":\"upstream_bad_reply\"");
    }
    assertThat(ask(completed("fine").stripTrailing()).status()).isEqualTo(502);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")) + "5\r\ndat");
          connection.cut();
        });
    assertThat(harness.ask(Events.request()).text()).contains("\"code\":\"upstream_bad_reply\"");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_cut\"} 6")).isTrue();
  }

  @Test
  void aStreamWithACodingIsRefused() throws Exception {
    start("");
    for (String coding :
        List.of("Content-Encoding: gzip", "Content-Encoding: identity\r\nContent-Encoding: gzip")) {
      harness.upstream.script(
          (request, connection) ->
              connection.write(
                  Events.HEAD.replace("Cache-Control: no-cache", coding)
                      + chunk(delta("a house"))
                      + Events.END));
      assertThat(harness.ask(Events.request()).status()).as(coding).isEqualTo(502);
    }
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_encoding\"} 2")).isTrue();
  }

  @Test
  void anEventThatIsTooLargeEndsTheStream() throws Exception {
    start("limits: {reply: 64KiB}\n");
    assertThat(ask(delta("a house"), completed("x".repeat(150_000))).text())
        .startsWith(delta("a house") + "event: error\n")
        .contains("\"code\":\"upstream_bad_reply\"");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_too_large\"} 1")).isTrue();
  }

  @Test
  void manyEventsTogetherMayBeLargerThanOne() throws Exception {
    start("limits: {reply: 64KiB}\nstreams: {previews: judge}\n");
    String[] events = new String[8];
    java.util.Arrays.fill(events, partial("x".repeat(30_000)));
    assertThat(ask(events).text()).isEqualTo(String.join("", events));
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    assertThat(harness.counted("sallyport_streams_open 0")).isTrue();
  }

  @Test
  void aStreamHasItsDeadlineToo() throws Exception {
    start("upstream: {url: \"http://127.0.0.1:%PORT%\", total: 4s}\n");
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          harness.upstream.event(connection.closedWithin(30_000) ? "closed" : "left open");
        });
    RawClient.Answer answer = harness.ask(Events.request());
    assertThat(answer.text())
        .startsWith(delta("a house") + "event: error\n")
        .contains("\"code\":\"upstream_timeout\"");
    assertThat(harness.upstream.await("closed")).isTrue();
  }

  @Test
  void aClientThatLeavesCancelsTheGeneration() throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          harness.upstream.event(connection.closedWithin(8_000) ? "closed" : "left open");
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      client.head();
      client.chunk();
      client.abort();
    }
    assertThat(harness.upstream.await("closed")).isTrue();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"client_left\"} 1")).isTrue();
    assertThat(harness.counted("sallyport_streams_open 0")).isTrue();
  }

  /** A client that reads nothing is given up after {@code idle}; until then the upstream waits. */
  @Test
  void aClientThatReadsNothingStopsTheUpstream() throws Exception {
    start("limits: {idle: 1s}\n");
    String event = chunk(delta("a b ".repeat(4_000)));
    long most = 400L << 20;
    long[] written = {0};
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD);
          try {
            while (written[0] < most) {
              connection.write(event);
              written[0] += event.length();
            }
          } finally {
            harness.upstream.event("over");
          }
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      client.head();
      assertThat(waitedFor("over")).isTrue();
      assertThat(written[0]).as("bytes that the gateway took").isLessThan(64L << 20);
    }
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    assertThat(harness.counted("sallyport_streams_open 0")).isTrue();
  }

  private boolean waitedFor(String event) throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      if (harness.upstream.await(event)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whereTheOperatorWantsItAWaitingClientHearsThatTheStreamLives() throws Exception {
    start("streams: {commit_after: 50ms, keepalive: 50ms}\n");
    CountDownLatch heard = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD);
          heard.await();
          connection.write(chunk(completed("red")) + Events.END);
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo(": keepalive\n\n");
      assertThat(client.chunk()).isEqualTo(": keepalive\n\n");
      heard.countDown();
      String next = client.chunk();
      while (next.startsWith(":")) {
        next = client.chunk();
      }
      assertThat(next).startsWith("event: error\n").contains("moderation_blocked");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void aCommentNeverStandsInsideAnEvent() throws Exception {
    start("streams: {commit_after: 1ms, keepalive: 1ms}\n");
    String event = completed("fine ".repeat(1 << 20));
    String answer = ask(event).text();
    assertThat(answer.replace(": keepalive\n\n", "")).isEqualTo(event);
    assertThat(answer).contains(event);
  }

  @Test
  void aClientOfTheOldProtocolReadsToTheEndOfTheConnection() throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) -> Events.stream(connection, completed("fine"), DONE));
    RawClient.Answer answer = harness.ask(Events.request().replace("HTTP/1.1", "HTTP/1.0"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("transfer-encoding")).isNull();
    assertThat(answer.text()).isEqualTo(completed("fine") + DONE);
  }

  @Test
  void streamsEndWhileTheGatewayDrains() throws Exception {
    start("");
    CountDownLatch draining = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          draining.await();
          connection.write(chunk(completed("fine")) + Events.END);
        });
    try (RawClient client = harness.client()) {
      client.send(Events.request());
      client.head();
      client.chunk();
      var drained = harness.path.drain(java.time.Duration.ofSeconds(30));
      assertThat(harness.ask(Events.request()).status()).isEqualTo(503);
      draining.countDown();
      assertThat(client.chunk()).isEqualTo(completed("fine"));
      assertThat(client.chunk()).isEmpty();
      assertThat(drained.toCompletionStage().toCompletableFuture())
          .succeedsWithin(java.time.Duration.ofSeconds(25));
    }
  }

  @Test
  void aWholeReplyToARequestForAStreamIsJudgedAsOne() throws Exception {
    start("");
    RawClient.Answer answer = harness.ask(Events.request());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }
}
