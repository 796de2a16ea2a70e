package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.Poll;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams of a WebSocket that are broken, gone or lying, and one behind TLS. */
class ChannelUpstreamTest {
  private static final byte[] STATUS = "{\"type\":\"status\"}".getBytes(UTF_8);

  @TempDir Path dir;
  private ServerSocket server;

  @BeforeEach
  void listen() throws Exception {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private ProxyHarness gateway(String more) throws Exception {
    String upstream =
        "upstream: {url: \"http://127.0.0.1:%d\", dialect: comfyui}\n"
            .formatted(server.getLocalPort());
    return new ProxyHarness(dir, upstream + more, ProxyHarness.POLICY);
  }

  /** Both ends of a channel. */
  private record Pair(RawSocket client, RawSocket upstream) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      client.close();
      upstream.close();
    }
  }

  private Pair open(ProxyHarness harness) throws Exception {
    CompletableFuture<RawSocket> accepted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return RawSocket.accept(server);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    RawSocket client = RawSocket.open(harness.port, "/ws");
    return new Pair(client, accepted.get());
  }

  @Test
  void pingsAreAnsweredAndGoNoFurther() throws Exception {
    try (ProxyHarness harness = gateway("");
        Pair pair = open(harness)) {
      pair.upstream().frame(0x80 | RawSocket.PING, new byte[] {1, 2}, false);
      RawSocket.Frame pong = pair.upstream().any();
      assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(pong.data()).containsExactly(1, 2);
      pair.upstream().frame(0x81, STATUS, false);
      assertThat(pair.client().any().data()).isEqualTo(STATUS);
    }
  }

  /** A ping between the pieces of a message, as RFC 6455 §5.4 allows. */
  @Test
  void piecesOfATextPassAsOne() throws Exception {
    try (ProxyHarness harness = gateway("");
        Pair pair = open(harness)) {
      for (int i = 0; i < STATUS.length; i++) {
        int first = (i == 0 ? 0x01 : 0x00) | (i == STATUS.length - 1 ? 0x80 : 0);
        pair.upstream().frame(first, new byte[] {STATUS[i]}, false);
        pair.upstream().frame(0x80 | RawSocket.PING, new byte[0], false);
      }
      assertThat(pair.client().any().data()).isEqualTo(STATUS);
    }
  }

  @Test
  void anUpstreamThatBreaksTheProtocolClosesTheChannel() throws Exception {
    try (ProxyHarness harness = gateway("")) {
      for (int first : new int[] {0xC1, 0x80, 0x83, 0x09}) {
        try (Pair pair = open(harness)) {
          pair.upstream().frame(first, STATUS, false);
          assertThat(pair.client().next().code()).as("%x", first).isEqualTo(1011);
          assertThat(pair.upstream().next().code()).as("%x", first).isEqualTo(1002);
        }
      }
      try (Pair pair = open(harness)) {
        pair.upstream().frame(0x81, STATUS, true);
        assertThat(pair.client().next().code()).as("masked").isEqualTo(1011);
      }
      assertThat(harness.counted("sallyport_refusals_total{reason=\"channel_protocol\"} 5"))
          .isTrue();
    }
  }

  @Test
  void anUpstreamThatIsCutClosesTheClients() throws Exception {
    try (ProxyHarness harness = gateway("");
        Pair pair = open(harness)) {
      pair.upstream().frame(0x81, STATUS, false);
      assertThat(pair.client().next().data()).isEqualTo(STATUS);
      pair.upstream().abort();
      assertThat(pair.client().next().code()).isEqualTo(1011);
      assertThat(harness.counted("sallyport_refusals_total{reason=\"upstream_cut\"} 1")).isTrue();
      assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
    }
  }

  @Test
  void anUpstreamThatIsNotThereAnyMoreIsGivenUp() throws Exception {
    try (ProxyHarness harness = gateway("streams: {keepalive: 100ms}\nlimits: {idle: 1s}\n");
        Pair pair = open(harness)) {
      int code = 0;
      // it answers a ping every 100 ms for a minute, should the gateway never give up
      for (int pings = 0; code == 0 && pings < 600; pings++) {
        RawSocket.Frame frame = pair.client().any();
        if (frame.opcode() == RawSocket.PING) {
          pair.client().frame(0x80 | RawSocket.PONG, frame.data());
        } else {
          code = frame.code();
        }
      }
      assertThat(code).isEqualTo(1011);
    }
  }

  /** What one cannot read out of a channel is not more than was judged of it. */
  @Test
  void memoryIsBoundedForAllChannelsTogether() throws Exception {
    try (ProxyHarness harness =
            gateway("limits: {request: 64KiB, reply: 64KiB, buffered: 1MiB}\n");
        Pair pair = open(harness)) {
      pair.upstream().frame(0x02, new byte[300_000], false);
      pair.upstream().frame(0x00, new byte[300_000], false);
      assertThat(pair.client().next().code()).isEqualTo(1013);
      assertThat(harness.counted("sallyport_refusals_total{reason=\"buffer_full\"} 1")).isTrue();
      Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    }
  }

  @Test
  void anUpstreamBehindTlsIsVerifiedAndGetsTheGatewaysCredential() throws Exception {
    Certificate certificate = new Certificate(dir.resolve("tls"), "ip:127.0.0.1");
    Path secret = dir.resolve("credential");
    Files.writeString(secret, "Bearer ours\n");
    HttpServerOptions tls =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertPath(certificate.certificate().toString())
                    .addKeyPath(certificate.key().toString()));
    try (FakeComfy comfy = new FakeComfy(tls)) {
      String url = "upstream: {url: 'https://127.0.0.1:" + comfy.port() + "', dialect: comfyui";
      String trust = ", trust: '" + certificate.certificate() + "'";
      String own = ", credential_file: '" + secret + "'";
      try (ProxyHarness harness =
          new ProxyHarness(dir.resolve("a"), url + trust + own + "}\n", ProxyHarness.POLICY)) {
        try (RawSocket client =
            RawSocket.open(harness.port, "/ws", "Authorization: Bearer theirs")) {
          FakeComfy.Session session = comfy.next();
          assertThat(session.header("authorization")).isEqualTo("Bearer ours");
          session.text("{'type':'status'}");
          assertThat(client.next().data()).isEqualTo(STATUS);
        }
      }
      try (ProxyHarness harness =
          new ProxyHarness(dir.resolve("b"), url + "}\n", ProxyHarness.POLICY)) {
        assertThat(harness.ask(RawSocket.handshake("/ws")).status()).isEqualTo(502);
      }
    }
  }
}
