package io.sallyport.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Writing bodies with back-pressure, and reading their declared length. */
final class Bodies {
  /**
   * Bytes that arrive as one piece at most. Vert.x cuts bodies into 8 KiB by itself, which for
   * images is hundreds of events where tens will do.
   */
  static final int CHUNK = 64 << 10;

  /** Bytes that may wait for a slow reader. */
  private static final int WRITE_QUEUE = 256 << 10;

  private Bodies() {}

  /**
   * Writes every slice, pausing while the peer's queue is full, the last one together with the end.
   *
   * @param stall a peer that takes nothing for so long is given up
   */
  static Future<Void> write(Context context, Body body, WriteStream<Buffer> to, Duration stall) {
    return pump(context, body, to, stall, true);
  }

  /** As {@link #write}, but more may follow: done once the peer's queue has room again. */
  static Future<Void> append(Context context, Body body, WriteStream<Buffer> to, Duration stall) {
    return pump(context, body, to, stall, false);
  }

  private static Future<Void> pump(
      Context context, Body body, WriteStream<Buffer> to, Duration stall, boolean last) {
    Promise<Void> done = Promise.promise();
    to.setWriteQueueMaxSize(WRITE_QUEUE);
    new Pump(context.owner(), body, to, stall.toMillis(), last, done).run();
    return done.future();
  }

  /**
   * The only {@code Content-Type}; null when there is none, or several: readers take the first or
   * the last, and a form is another form with another boundary.
   */
  static @Nullable String contentType(MultiMap headers) {
    List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
    return types.size() == 1 ? types.getFirst() : null;
  }

  /** The content length, or -1 when there is none that is a plain number. */
  static long declaredLength(MultiMap headers) {
    String value = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (value == null || value.isEmpty() || value.length() > 15) {
      return -1;
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(value);
  }

  private static final class Pump {
    private final Vertx vertx;
    private final Body body;
    private final WriteStream<Buffer> to;
    private final long stallMillis;
    private final boolean last;
    private final Promise<Void> done;
    private int next;

    Pump(
        Vertx vertx,
        Body body,
        WriteStream<Buffer> to,
        long stallMillis,
        boolean last,
        Promise<Void> done) {
      this.vertx = vertx;
      this.body = body;
      this.to = to;
      this.stallMillis = stallMillis;
      this.last = last;
      this.done = done;
    }

    void run() {
      int apart = last ? body.slices() - 1 : body.slices();
      while (next < apart) {
        to.write(body.slice(next++)).onFailure(done::tryFail);
        if (to.writeQueueFull()) {
          long timer =
              vertx.setTimer(
                  stallMillis, id -> done.tryFail(new TimeoutException("peer takes nothing")));
          to.drainHandler(
              drained -> {
                if (vertx.cancelTimer(timer)) {
                  run();
                }
              });
          return;
        }
      }
      if (!last) {
        done.tryComplete();
        return;
      }
      Future<Void> ended = body.slices() == 0 ? to.end() : to.end(body.slice(next));
      ended.onComplete(
          result -> {
            if (result.succeeded()) {
              done.tryComplete();
            } else {
              done.tryFail(result.cause());
            }
          });
    }
  }
}
