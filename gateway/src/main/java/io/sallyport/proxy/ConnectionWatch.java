package io.sallyport.proxy;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Closes connections on which no exchange has run for a while; a connection that waits for a slow
 * image is not idle. One per event loop, touched by that loop only.
 *
 * <p>Vert.x's own idle timeout cannot tell the two apart, and would either cut long generations or
 * let a client that trickles a request's head keep its connection.
 */
final class ConnectionWatch {
  private final IdentityHashMap<HttpConnection, Use> open = new IdentityHashMap<>();
  private final long idleNanos;

  ConnectionWatch(Duration idle) {
    this.idleNanos = idle.toNanos();
  }

  /**
   * Watches a connection from now on.
   *
   * @param closed runs once when it closes
   */
  void opened(HttpConnection connection, Runnable closed) {
    open.put(connection, new Use(closed));
    connection.closeHandler(closing -> gone(connection));
  }

  /** A connection has closed; one that became a WebSocket tells nobody by itself. */
  void gone(HttpConnection connection) {
    Use use = open.remove(connection);
    if (use != null) {
      use.closed.run();
    }
  }

  void began(HttpConnection connection) {
    Use use = open.get(connection);
    if (use != null) {
      use.exchanges++;
    }
  }

  void ended(HttpConnection connection) {
    Use use = open.get(connection);
    if (use != null) {
      use.exchanges--;
      use.since = System.nanoTime();
    }
  }

  /** Closes what has been idle for too long; called every second or so. */
  void sweep() {
    long now = System.nanoTime();
    for (Map.Entry<HttpConnection, Use> entry : new ArrayList<>(open.entrySet())) {
      Use use = entry.getValue();
      if (use.exchanges == 0 && now - use.since > idleNanos) {
        entry.getKey().close();
      }
    }
  }

  private static final class Use {
    private final Runnable closed;
    private int exchanges;
    private long since = System.nanoTime();

    Use(Runnable closed) {
      this.closed = closed;
    }
  }
}
