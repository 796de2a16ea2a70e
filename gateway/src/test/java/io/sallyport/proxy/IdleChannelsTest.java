package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a WebSocket costs on which nothing happens. */
class IdleChannelsTest {
  private static final int CHANNELS = 1_000;
  private static final int BATCH = 100;
  private static final String ROOM =
      """
      limits: {exchanges: 2000, connections: 4000, idle: 3600s}
      streams: {channels: 2000}
      upstream: {url: "http://127.0.0.1:%d", dialect: comfyui}
      """;

  @TempDir Path dir;

  /** Memory of the gateway, of the clients and of the upstream, which run in this process too. */
  @Test
  void aThousandIdleChannelsCostLessThan64KiBEach() throws Exception {
    List<RawSocket> clients = new ArrayList<>();
    try (FakeComfy comfy = new FakeComfy();
        ProxyHarness harness =
            new ProxyHarness(dir, ROOM.formatted(comfy.port()), ProxyHarness.POLICY)) {
      comfy.atFirst(session -> session.text("{'type':'status'}"));
      open(harness, clients, BATCH);
      long before = IdleStreamsTest.used();
      for (int batch = 0; batch < CHANNELS / BATCH; batch++) {
        open(harness, clients, BATCH);
      }
      assertThat(harness.path.inFlight()).isEqualTo(CHANNELS + BATCH);
      long each = (IdleStreamsTest.used() - before) / CHANNELS;
      assertThat(each).as("bytes of one idle channel").isLessThan(64 << 10);
      for (RawSocket client : clients) {
        client.close();
      }
    }
  }

  private static void open(ProxyHarness harness, List<RawSocket> clients, int count)
      throws Exception {
    for (int i = 0; i < count; i++) {
      RawSocket client = RawSocket.open(harness.port, "/ws?clientId=c" + (clients.size() + 1));
      assertThat(client.next().text()).contains("status");
      clients.add(client);
    }
  }
}
