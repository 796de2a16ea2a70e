package io.sallyport.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the machine for the addresses of names, on threads of its own, for the answer may take long
 * and cannot be hurried. Bounded: beyond that it refuses. Safe on every event loop; its threads end
 * with Vert.x.
 */
final class NameLookup {
  private static final int THREADS = 4;

  private final WorkerExecutor workers;
  private final AtomicInteger pending = new AtomicInteger();
  private final int most;

  NameLookup(Vertx vertx, int most) {
    this.workers = vertx.createSharedWorkerExecutor("fetch-lookup", THREADS);
    this.most = most;
  }

  /** The addresses of a name; arrives on the caller's context. */
  Future<List<InetAddress>> addresses(String name) {
    if (pending.incrementAndGet() > most) {
      pending.decrementAndGet();
      return Future.failedFuture(new RefusedException(FetchReason.FETCH_BUSY));
    }
    return workers
        .executeBlocking(
            () -> {
              try {
                return InetAddress.getAllByName(name);
              } finally {
                pending.decrementAndGet();
              }
            },
            false)
        .map(found -> found == null ? List.of() : List.of(found));
  }
}
