package io.sallyport.proxy;

import static io.sallyport.proxy.Events.chunk;
import static io.sallyport.proxy.Events.delta;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.sallyport.testing.RawClient;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream costs on which nothing happens. */
class IdleStreamsTest {
  private static final int STREAMS = 1_000;
  private static final int BATCH = 100;
  private static final String ROOM =
      """
      limits: {exchanges: 2000, connections: 4000}
      upstream: {url: "http://127.0.0.1:%PORT%", connections: 2000, acquire: 60s}
      """;

  @TempDir Path dir;

  /** Memory of the gateway, of the clients and of the upstream, which run in this process too. */
  @Test
  void aThousandIdleStreamsCostLessThan64KiBEach() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    List<RawClient> clients = new ArrayList<>();
    try (ProxyHarness harness = new ProxyHarness(dir, ROOM, ProxyHarness.POLICY)) {
      harness.upstream.script(
          (request, connection) -> {
            connection.write(Events.HEAD + chunk(delta("a house")));
            over.await();
          });
      open(harness, clients, 1);
      open(harness, clients, BATCH - 1);
      long before = used();
      for (int batch = 0; batch < STREAMS / BATCH; batch++) {
        open(harness, clients, BATCH);
      }
      assertThat(harness.path.inFlight()).isEqualTo(STREAMS + BATCH);
      long each = (used() - before) / STREAMS;
      assertThat(each).as("bytes of one idle stream").isLessThan(64 << 10);
      over.countDown();
      for (RawClient client : clients) {
        client.close();
      }
    } finally {
      over.countDown();
    }
  }

  private static void open(ProxyHarness harness, List<RawClient> clients, int count)
      throws Exception {
    List<RawClient> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      opened.add(harness.client().send(Events.request()));
    }
    for (RawClient client : opened) {
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo(delta("a house"));
    }
    clients.addAll(opened);
  }

  /** Heap that is still used after a collection, and memory beside the heap. */
  static long used() throws InterruptedException {
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(50);
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return heap + direct + Math.max(0, PlatformDependent.usedDirectMemory());
  }
}
