package io.sallyport.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * The way of a stream of events to the client. Nothing is written before the first {@link #write},
 * or {@link #keepAlive}. Lives on the exchange's event loop.
 */
final class ClientStream {
  private static final Buffer KEEPALIVE = Buffer.buffer(": keepalive\n\n");

  private final Visit visit;
  private final ReplyStream reply;
  private final HttpServerResponse response;
  private final Duration stall;
  private boolean begun;
  private boolean writing;
  private boolean busy;
  private boolean over;
  private long timer = -1;
  private Promise<Void> underway = Promise.promise();

  /**
   * @param stall a client that reads nothing for so long is given up
   */
  ClientStream(Visit visit, ReplyStream reply, Duration stall) {
    this.visit = visit;
    this.reply = reply;
    this.response = visit.request.response();
    this.stall = stall;
    visit.departure.onLeaving(() -> underway.tryFail(left()));
  }

  /** True once the client has been told that there is a reply. */
  boolean begun() {
    return begun;
  }

  /**
   * From {@code first} on, sends a comment whenever nothing was sent for {@code every}, so that
   * nobody on the way takes the connection for dead.
   */
  void keepAlive(Duration first, Duration every) {
    timer =
        visit
            .context
            .owner()
            .setTimer(
                Math.max(1, first.toMillis()),
                id -> {
                  if (over) {
                    return;
                  }
                  if (!begun) {
                    begin();
                    response.write(KEEPALIVE.copy());
                  }
                  beat(every);
                });
  }

  private void beat(Duration every) {
    busy = false;
    timer =
        visit
            .context
            .owner()
            .setTimer(
                every.toMillis(),
                id -> {
                  if (over) {
                    return;
                  }
                  if (!busy && !writing && !response.writeQueueFull()) {
                    response.write(KEEPALIVE.copy());
                  }
                  beat(every);
                });
  }

  /** Writes bytes; done when the client has room for more. */
  Future<Void> write(Body body) {
    begin();
    writing = true;
    busy = true;
    Promise<Void> done = Promise.promise();
    underway = done;
    if (visit.departure.left()) {
      return Future.failedFuture(left());
    }
    Bodies.append(visit.context, body, response, stall)
        .onComplete(
            written -> {
              writing = false;
              if (written.succeeded()) {
                done.tryComplete();
              } else {
                done.tryFail(left());
              }
            });
    return done.future();
  }

  private static RefusedException left() {
    return new RefusedException(TransportReason.CLIENT_LEFT);
  }

  /** Ends the stream, with a last event where there is one. */
  Future<Void> end(byte[] last) {
    begin();
    stop();
    Future<Void> ended = last.length == 0 ? response.end() : response.end(Buffer.buffer(last));
    if (visit.request.version() == HttpVersion.HTTP_1_0) {
      ended.onComplete(done -> visit.request.connection().close());
    }
    return ended.recover(thrown -> Future.failedFuture(left()));
  }

  /** Sends no more comments. */
  void stop() {
    over = true;
    visit.context.owner().cancelTimer(timer);
  }

  private void begin() {
    if (begun) {
      return;
    }
    begun = true;
    response.setStatusCode(reply.status());
    HeaderRules.copyDown(reply.headers(), response.headers());
    response.putHeader(HeaderRules.REQUEST_ID, visit.requestId);
    response.setChunked(true);
  }
}
