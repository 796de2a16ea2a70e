package io.sallyport.proxy;

import static io.sallyport.proxy.Events.chunk;
import static io.sallyport.proxy.Events.completed;
import static io.sallyport.proxy.Events.delta;
import static io.sallyport.proxy.Events.partial;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.Poll;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of events to a client that speaks HTTP/2. */
class Http2StreamTest {
  @TempDir Path dir;
  private ProxyHarness harness;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    Certificate certificate = new Certificate(dir.resolve("tls"), "ip:127.0.0.1,dns:localhost");
    harness =
        new ProxyHarness(
            dir,
            "listen: {port: 0, tls: {certificate: '%s', key: '%s'}}\nstreams: {previews: judge}\n"
                .formatted(certificate.certificate(), certificate.key()),
            ProxyHarness.POLICY);
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(certificate.context())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    harness.close();
  }

  private HttpResponse<InputStream> ask() throws Exception {
    String body = "{\"prompt\":\"a house\",\"stream\":true}";
    HttpResponse<InputStream> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:" + harness.port + "/v1/images/generations"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    return answer;
  }

  /** As many bytes as the event has, which must be those. */
  private static void expect(InputStream events, String event) throws Exception {
    byte[] expected = event.getBytes(UTF_8);
    assertThat(events.readNBytes(expected.length)).asString(UTF_8).isEqualTo(event);
  }

  @Test
  void eventsPassOneByOne() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          first.await();
          connection.write(chunk(partial("fine")));
          second.await();
          connection.write(chunk(completed("fine")) + Events.END);
        });
    HttpResponse<InputStream> answer = ask();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("transfer-encoding")).isEmpty();
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    try (InputStream events = answer.body()) {
      expect(events, delta("a house"));
      first.countDown();
      expect(events, partial("fine"));
      second.countDown();
      expect(events, completed("fine"));
      assertThat(events.read()).isEqualTo(-1);
    }
  }

  @Test
  void aRefusalEndsTheStream() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(partial("fine")));
          read.await();
          connection.write(chunk(completed("all red")));
          harness.upstream.event(connection.closedWithin(20_000) ? "closed" : "open");
        });
    try (InputStream events = ask().body()) {
      expect(events, partial("fine"));
      read.countDown();
      assertThat(new String(events.readAllBytes(), UTF_8))
          .startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{")
          .contains("\"code\":\"moderation_blocked\"")
          .endsWith("}}\n\n");
    }
    assertThat(harness.upstream.await("closed")).as("nobody reads the rest").isTrue();
  }

  @Test
  void aRefusalBeforeAnyEventIsAPlainAnswer() throws Exception {
    harness.upstream.script(
        (request, connection) -> Events.stream(connection, completed("all red")));
    HttpResponse<InputStream> answer = ask();
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    try (InputStream body = answer.body()) {
      assertThat(new String(body.readAllBytes(), UTF_8)).contains("moderation_blocked");
    }
  }

  @Test
  void aResetCancelsTheUpstreamCall() throws Exception {
    harness.upstream.script(
        (request, connection) -> {
          connection.write(Events.HEAD + chunk(delta("a house")));
          harness.upstream.event(connection.closedWithin(20_000) ? "closed" : "open");
        });
    InputStream events = ask().body();
    expect(events, delta("a house"));
    events.close();
    assertThat(harness.upstream.await("closed")).isTrue();
    Poll.until("nothing is in flight", () -> harness.path.inFlight() == 0);
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    assertThat(harness.counted("sallyport_streams_open 0")).isTrue();
  }
}
