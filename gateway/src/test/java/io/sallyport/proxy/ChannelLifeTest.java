package io.sallyport.proxy;

import static io.sallyport.proxy.ChannelHarness.PNG;
import static io.sallyport.proxy.ChannelHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, over sockets: how they are opened, framed, kept open and closed. */
class ChannelLifeTest {
  @TempDir Path dir;
  private ChannelHarness on;
  private FakeComfy comfy;
  private ProxyHarness harness;

  private void start(String more) throws Exception {
    on = new ChannelHarness(dir, more, ProxyHarness.POLICY);
    comfy = on.comfy;
    harness = on.gateway;
  }

  @AfterEach
  void stop() throws Exception {
    on.close();
  }

  @Test
  void whatComesTogetherWithTheHandshakeIsNotLost() throws Exception {
    start("");
    comfy.atFirst(
        session -> {
          for (int i = 0; i < 100; i++) {
            session.text("{'type':'status','data':{'n':" + i + "}}");
          }
        });
    try (RawSocket client = on.open()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.next().text()).contains("\"n\":" + i + "}");
      }
    }
  }

  @Test
  void aMessageInManyFramesIsOne() throws Exception {
    start("");
    on.job("p1");
    byte[] image = FakeComfy.image(1, PNG, "fine ".repeat(100_000));
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1");
      int step = 40_000;
      for (int from = 0; from < image.length; from += step) {
        int to = Math.min(image.length, from + step);
        Buffer part = Buffer.buffer().appendBytes(image, from, to - from);
        boolean last = to == image.length;
        session
            .socket()
            .writeFrame(
                from == 0
                    ? WebSocketFrame.binaryFrame(part, last)
                    : WebSocketFrame.continuationFrame(part, last));
      }
      client.next();
      RawSocket.Frame frame = client.next();
      assertThat(frame.last()).isTrue();
      assertThat(frame.data()).isEqualTo(image);
    }
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void aMessageThatIsTooLargeClosesTheChannel() throws Exception {
    start("streams: {message: 64KiB}\n");
    on.job("p1");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1");
      client.next();
      session
          .socket()
          .writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[40_000]), false));
      session
          .socket()
          .writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[40_000]), true));
      assertThat(client.next().code()).isEqualTo(1011);
      assertThat(session.closed()).isEqualTo((short) 1009);
    }
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.binary(new byte[80_000]);
      assertThat(client.next().code()).isEqualTo(1011);
      assertThat(session.closed()).isEqualTo((short) 1009);
    }
    assertThat(on.refused("reply_too_large", 2)).isTrue();
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void ofTheClientsMessagesOnlyKnownOnesGoUp() throws Exception {
    start("");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      String flags = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";
      client
          .text("{\"type\":\"anything\",\"data\":{}}")
          .text("no json")
          .binary(new byte[] {0, 0, 0, 1})
          .text("{\"type\":\"feature_flags\",\"data\":{\"x\":\"" + "A".repeat(300) + "\"}}")
          .text(flags);
      assertThat(session.received()).isEqualTo(flags);
      assertThat(session.quiet()).isTrue();
    }
    assertThat(on.counted("up", "dropped", 4)).isTrue();
    assertThat(on.counted("up", "passed", 1)).isTrue();
  }

  @Test
  void theHandshakeGoesUpWithoutWhatIsTheGateways() throws Exception {
    start(
        "callers: {header: x-key, keys: [{name: one, key_sha256: %s}]}\n"
            .formatted("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"));
    try (RawSocket client =
        on.open(
            "X-Key: key",
            "Origin: http://ui.example",
            "Cookie: a=b",
            "Sec-WebSocket-Protocol: one, two",
            "Sec-WebSocket-Extensions: permessage-deflate")) {
      FakeComfy.Session session = comfy.next();
      assertThat(session.uri()).isEqualTo("/ws?clientId=c1");
      assertThat(session.header("origin")).isEqualTo("http://ui.example");
      assertThat(session.header("cookie")).isEqualTo("a=b");
      assertThat(session.header("x-request-id")).startsWith("req_");
      assertThat(session.header("host")).isEqualTo("127.0.0.1:" + comfy.port());
      for (String gone :
          List.of(
              "x-key", "sec-websocket-protocol", "sec-websocket-extensions", "accept-encoding")) {
        assertThat(session.header(gone)).as(gone).isNull();
      }
      client.close(1000);
    }
    try (RawSocket client = on.open("X-Key: key")) {
      assertThat(comfy.next().header("origin")).isNull();
      client.close(1000);
    }
  }

  @Test
  void aClientsNameBelongsToItsFirstOwner() throws Exception {
    start(
        """
        callers:
          header: x-key
          subject_header: x-user
          keys: [{name: one, key_sha256: 2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683}]
        """);
    try (RawSocket mine = on.open("X-Key: key", "X-User: u1");
        RawSocket again = on.open("X-Key: key", "X-User: u1")) {
      assertThat(comfy.next()).isNotNull();
      assertThat(comfy.next()).isNotNull();
      try (RawSocket other = new RawSocket(harness.port)) {
        String handshake = RawSocket.handshake("/ws?clientId=c1", "X-Key: key", "X-User: u2");
        assertThat(other.send(handshake).head()).startsWith("HTTP/1.1 404 ");
      }
      assertThat(comfy.waiting()).isZero();
      again.close(1000);
      mine.close(1000);
    }
    assertThat(on.refused("channel_unknown", 1)).isTrue();
  }

  @Test
  void aClientThatLeavesClosesTheUpstreams() throws Exception {
    start("");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      client.close(4001);
      assertThat(client.next().code()).isEqualTo(4001);
      assertThat(session.closed()).isEqualTo((short) 4001);
    }
    RawSocket client = on.open();
    FakeComfy.Session session = comfy.next();
    client.abort();
    assertThat(session.closed()).isEqualTo((short) 1001);
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
    assertThat(
            harness.counted(
                "sallyport_answers_total{outcome=\"closed\",route=\"ws\",status=\"101\"} 2"))
        .isTrue();
    Poll.until("connections are given back", () -> harness.path.connections() == 0);
    Poll.until("places are given back", () -> harness.path.inFlight() == 0);
  }

  /** Also while an image is being judged: nobody waits for it. */
  @Test
  void aClientThatLeavesInTheMiddleClosesTheUpstreams() throws Exception {
    start("");
    on.job("p1");
    RawSocket client = on.open();
    FakeComfy.Session session = comfy.next();
    session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "HANG"));
    client.next();
    assertThat(on.counted("down", "judged", 1)).isTrue();
    client.abort();
    assertThat(session.closed()).isEqualTo((short) 1001);
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void anUpstreamThatClosesClosesTheClients() throws Exception {
    start("");
    on.job("p1");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      session.socket().close((short) 4002, "bye");
      assertThat(client.next().text()).isEqualTo(json("executing", "p1"));
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(client.next().code()).isEqualTo(4002);
    }
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
  }

  @Test
  void drainingClosesBothEnds() throws Exception {
    start("");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      var drained = harness.path.drain(Duration.ofSeconds(30));
      assertThat(client.next().code()).isEqualTo(1001);
      client.close(1001);
      assertThat(session.closed()).isEqualTo((short) 1001);
      assertThat(drained.toCompletionStage().toCompletableFuture())
          .succeedsWithin(Duration.ofSeconds(25));
      try (RawSocket late = new RawSocket(harness.port)) {
        assertThat(late.send(RawSocket.handshake("/ws")).head()).startsWith("HTTP/1.1 503 ");
      }
    }
  }

  @Test
  void bothEndsAreAskedWhetherTheyAreThere() throws Exception {
    start("streams: {keepalive: 50ms}\n");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      assertThat(client.any().opcode()).isEqualTo(RawSocket.PING);
      client.frame(0x80 | RawSocket.PING, new byte[] {7});
      RawSocket.Frame frame = client.any();
      while (frame.opcode() == RawSocket.PING) {
        frame = client.any();
      }
      assertThat(frame.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(frame.data()).containsExactly(7);
      assertThat(session.socket().isClosed()).isFalse();
    }
  }

  @Test
  void aClientThatIsNotThereAnyMoreIsGivenUp() throws Exception {
    start("streams: {keepalive: 100ms}\nlimits: {idle: 1s}\n");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      assertThat(session.closed()).as("the client answers no ping").isEqualTo((short) 1001);
    }
  }

  /** Pongs wait for a client that does not read them, and must not be too many. */
  @Test
  void aClientThatOnlySendsPingsIsGivenUp() throws Exception {
    start("");
    byte[] ping = new byte[125];
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      int sent = 0;
      try {
        for (; sent < 1_000_000; sent++) {
          client.frame(0x80 | RawSocket.PING, ping);
        }
      } catch (IOException closed) {
        assertThat(sent).isPositive();
      }
      assertThat(sent).isLessThan(1_000_000);
      assertThat(session.closed()).isEqualTo((short) 1001);
      Poll.until("the connection is cut", () -> harness.path.connections() == 0);
    }
  }

  /** The upstream waits while a client reads nothing, which is given up in the end. */
  @Test
  void aClientThatReadsNothingStopsTheUpstream() throws Exception {
    start("limits: {idle: 1s}\n");
    on.job("p1");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      String text =
          "{'type':'progress','data':{'prompt_id':'p1','x':'" + "a b ".repeat(4_000) + "'}}";
      long written = 0;
      while (session.open() && written < 400L << 20) {
        if (session.hasRoom()) {
          session.text(text);
          written += text.length();
        }
      }
      assertThat(written).as("bytes that the gateway took").isLessThan(64L << 20);
      Poll.until("the connection is cut", () -> harness.path.connections() == 0);
    }
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
  }
}
