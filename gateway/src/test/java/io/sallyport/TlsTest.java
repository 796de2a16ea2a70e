package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sallyport.RealGateway.Answer;
import io.sallyport.testing.FakeUpstream;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 and HTTP/1.1 over TLS on one port, and an upstream that speaks TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private static final String LOCAL = "ip:127.0.0.1,dns:localhost";
  private static final String REPLY =
      "{ \"created\":1,\n \"data\":[{\"b64_json\":\"" + "cGljdHVyZSAx".repeat(20_000) + "\"}] }\n";

  private Path dir;
  private FakeUpstream upstream;
  private Certificate certificate;
  private RealGateway gateway;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    this.dir = dir;
    upstream = new FakeUpstream((request, connection) -> connection.json(REPLY));
    certificate = new Certificate(dir.resolve("tls"), LOCAL);
    gateway =
        RealGateway.start(
            new GatewayFiles(dir.resolve("gateway"))
                .config(
                    upstream.port(),
                    "listen: {port: 0, tls: {certificate: '%s', key: '%s'}}\n"
                        .formatted(certificate.certificate(), certificate.key())));
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
    upstream.close();
  }

  private HttpClient client(HttpClient.Version version) throws Exception {
    return HttpClient.newBuilder().version(version).sslContext(certificate.context()).build();
  }

  /** A body from a stream: its length is not known beforehand, so no content-length is sent. */
  private HttpRequest request(String prompt) {
    byte[] body = prompt(prompt).getBytes(StandardCharsets.UTF_8);
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + gateway.port() + "/v1/images/generations"))
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
        .build();
  }

  @Test
  void http2IsChosenByAlpnAndPassesByteForByte() throws Exception {
    try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
      HttpResponse<byte[]> answer = client.send(request("a house"), BodyHandlers.ofByteArray());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).asString().isEqualTo(REPLY);
      assertThat(answer.headers().firstValue("x-request-id")).isPresent();
      var received = upstream.received().getLast();
      assertThat(received.body()).asString().isEqualTo(prompt("a house"));
      assertThat(received.line()).isEqualTo("POST /v1/images/generations HTTP/1.1");
      assertThat(received.header("host")).containsExactly("127.0.0.1:" + upstream.port());
    }
  }

  @Test
  void manyStreamsOfOneConnectionGetTheirOwnAnswers() throws Exception {
    try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
      client.send(request("a house"), BodyHandlers.ofByteArray());
      List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asked.add(
            client.sendAsync(
                request(i % 2 == 0 ? "a house " + i : "a zeppelin " + i),
                BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(asked.get(i).get().statusCode()).isEqualTo(i % 2 == 0 ? 200 : 400);
        assertThat(asked.get(i).get().version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void aRefusalIsTheSameOverHttp2() throws Exception {
    int before = upstream.received().size();
    try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
      HttpResponse<byte[]> answer = client.send(request("a zeppelin"), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(new Answer(answer).code()).isEqualTo("moderation_blocked");
      assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
      assertThat(answer.headers().firstValue("connection")).isEmpty();
    }
    assertThat(upstream.received()).hasSize(before);
  }

  @Test
  void http11IsServedOnTheSamePort() throws Exception {
    try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
      HttpResponse<byte[]> answer = client.send(request("a house"), BodyHandlers.ofByteArray());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.body()).asString().isEqualTo(REPLY);
    }
  }

  @Test
  void aCancelledStreamCancelsTheUpstreamCall() throws Exception {
    upstream.script(
        (request, connection) -> {
          upstream.event("there");
          upstream.event(connection.closedWithin(5000) ? "closed" : "open");
        });
    try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
      var running = client.sendAsync(request("a tree"), BodyHandlers.ofByteArray());
      assertThat(upstream.await("there")).isTrue();
      running.cancel(true);
      assertThat(upstream.await("closed")).isTrue();
    } finally {
      upstream.script((request, connection) -> connection.json(REPLY));
    }
    Poll.until("nothing is in flight", () -> gateway.metric("sallyport_in_flight", "") == 0);
    assertThat(gateway.metric("sallyport_buffered_bytes", "")).isZero();
  }

  @Test
  void anUpstreamThatSpeaksTlsIsTrustedOnlyByItsCertificateAndName() throws Exception {
    assertThat(throughTls(certificate, "trust: '" + certificate.certificate() + "'").status())
        .isEqualTo(200);
    Answer untrusted = throughTls(certificate, "connect: 2s");
    assertThat(untrusted.status()).isEqualTo(502);
    assertThat(untrusted.code()).isEqualTo("upstream_unavailable");
    Certificate elsewhere = new Certificate(dir.resolve("elsewhere"), "dns:elsewhere.example");
    assertThat(throughTls(elsewhere, "trust: '" + elsewhere.certificate() + "'").status())
        .as("a trusted certificate of another name")
        .isEqualTo(502);
  }

  private Answer throughTls(Certificate certificate, String option) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("content-type", "application/json");
            byte[] reply = REPLY.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
          }
        });
    server.start();
    String section =
        "upstream: {url: 'https://127.0.0.1:%d', %s}\n"
            .formatted(server.getAddress().getPort(), option);
    Path own = dir.resolve("to-" + server.getAddress().getPort());
    try (RealGateway before = RealGateway.start(new GatewayFiles(own).config(0, section))) {
      return before.generate(prompt("a house"));
    } finally {
      server.stop(0);
    }
  }
}
