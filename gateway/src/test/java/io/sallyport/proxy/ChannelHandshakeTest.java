package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawClient;
import io.sallyport.testing.RawSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets a WebSocket, and what is answered who does not. */
class ChannelHandshakeTest {
  @TempDir Path dir;
  private FakeComfy comfy;
  private ProxyHarness harness;

  @BeforeEach
  void comfy() throws Exception {
    comfy = new FakeComfy();
  }

  private void start(String more) throws Exception {
    String upstream =
        "upstream: {url: \"http://127.0.0.1:%d\", dialect: comfyui, first_byte: 4s}\n"
            .formatted(comfy.port());
    harness = new ProxyHarness(dir, upstream + more, ProxyHarness.POLICY);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
    comfy.close();
  }

  private RawClient.Answer ask(String request) throws Exception {
    return harness.ask(request);
  }

  private boolean refused(String label) throws Exception {
    return harness.counted("sallyport_refusals_total{reason=\"" + label + "\"} 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /ws HTTP/1.1|GET /ws?clientId=a&clientId=b HTTP/1.1|400|query",
        "GET /ws HTTP/1.1|GET /ws?token=x HTTP/1.1|400|query",
        "GET /ws HTTP/1.1|GET /other HTTP/1.1|404|unknown_route",
        "GET /ws HTTP/1.1|POST /ws HTTP/1.1|405|wrong_method",
        "Upgrade: websocket|Upgrade: websocket, TLS/1.0|400|upgrade",
        "Upgrade: websocket|X-Other: websocket|400|handshake",
        "Connection: keep-alive, Upgrade|Connection: keep-alive|400|handshake",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8|400|handshake",
        "Sec-WebSocket-Version: 13|X-A: b|400|handshake",
        "Key: dGhlIHNhbXBsZSBub25jZQ==|Key: short|400|handshake",
        "Key: dGhlIHNhbXBsZSBub25jZQ==|Key: dGhlIHNhbXBsZSBub25jZR==|400|handshake",
        "Upgrade: websocket|Upgrade: websocket~Content-Length: 3|400|handshake",
        "Upgrade: websocket|Upgrade: websocket~Transfer-Encoding: chunked|400|handshake",
        "Upgrade: websocket|Upgrade: websocket~Expect: 100-continue|400|handshake",
      })
  void refuses(String good, String bad, int status, String label) throws Exception {
    start("");
    String handshake = RawSocket.handshake("/ws").replace(good, bad.replace("~", "\r\n"));
    assertThat(handshake).contains(bad.substring(0, 5));
    RawClient.Answer answer = ask(handshake);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).startsWith("{\"error\":{\"type\":").contains("\"node_errors\":{}");
    assertThat(refused(label)).isTrue();
    assertThat(comfy.waiting()).isZero();
  }

  @Test
  void whoIsNotKnownGetsNone() throws Exception {
    start(
        "callers: {header: x-key, keys: [{name: one, key_sha256: %s}]}\n"
            .formatted("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"));
    assertThat(ask(RawSocket.handshake("/ws")).status()).isEqualTo(401);
    assertThat(refused("unauthenticated")).isTrue();
  }

  @Test
  void channelsHaveABound() throws Exception {
    start("streams: {channels: 1}\n");
    try (RawSocket first = RawSocket.open(harness.port, "/api/ws")) {
      RawClient.Answer answer = ask(RawSocket.handshake("/ws"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(refused("channels_full")).isTrue();
      first.close(1000);
      assertThat(first.next().code()).isEqualTo(1000);
    }
    Poll.until("the place is free", () -> harness.path.inFlight() == 0);
    RawSocket.open(harness.port, "/ws").close();
  }

  @Test
  void channelsAreExchanges() throws Exception {
    start("limits: {exchanges: 1}\n");
    try (RawSocket first = RawSocket.open(harness.port, "/ws")) {
      assertThat(ask(RawSocket.handshake("/ws")).status()).isEqualTo(503);
      assertThat(refused("exchanges_full")).isTrue();
      first.close(1000);
    }
  }

  @Test
  void anUpstreamThatOpensNoneIsAPlainAnswer() throws Exception {
    start("");
    comfy.script(request -> request.response().setStatusCode(403).end("no"));
    assertThat(ask(RawSocket.handshake("/ws")).status()).isEqualTo(502);
    assertThat(refused("upstream_upgrade")).isTrue();
    comfy.script(request -> request.connection().close());
    assertThat(ask(RawSocket.handshake("/ws")).status()).isEqualTo(502);
    assertThat(refused("upstream_down")).isTrue();
    comfy.script(request -> {});
    assertThat(ask(RawSocket.handshake("/ws")).status()).isEqualTo(504);
    assertThat(refused("upstream_timeout")).isTrue();
    Poll.until("nothing is left", () -> harness.path.inFlight() == 0);
  }

  @Test
  void framesThatBreakTheProtocolCloseTheChannel() throws Exception {
    start("");
    byte[] data = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int[] firsts = {0xC1, 0x80, 0x83, 0x0A};
    for (int first : firsts) {
      try (RawSocket client = RawSocket.open(harness.port, "/ws")) {
        client.frame(first, data);
        assertThat(client.next().code()).as("%x", first).isEqualTo(1002);
        assertThat(comfy.next().closed()).isEqualTo((short) 1001);
      }
    }
    try (RawSocket client = RawSocket.open(harness.port, "/ws")) {
      client.frame(0x81, data, false);
      assertThat(client.next().code()).as("not masked").isEqualTo(1002);
    }
    try (RawSocket client = RawSocket.open(harness.port, "/ws")) {
      client.frame(0x81, new byte[70_000]);
      assertThat(client.next().code()).as("too large").isEqualTo(1009);
    }
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
    assertThat(harness.counted("sallyport_refusals_total{reason=\"channel_protocol\"} 5")).isTrue();
    assertThat(refused("request_too_large")).isTrue();
  }

  @Test
  void whatFollowsAHandshakeAtOnceIsRead() throws Exception {
    start("");
    try (RawSocket client = new RawSocket(harness.port)) {
      client.send(RawSocket.handshake("/ws") + "GET /ws HTTP/1.1\r\nHost: gateway\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.next().opcode()).isIn(-1, RawSocket.CLOSE);
    }
    Poll.until("nothing is left", () -> harness.path.inFlight() == 0);
  }
}
