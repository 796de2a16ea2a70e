package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.config.GatewayConfig.Previews;
import io.sallyport.ops.ChannelMeters.Direction;
import io.sallyport.ops.ChannelMeters.Result;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A WebSocket between a client and the upstream, from the handshake to whoever leaves first. Opens
 * the upstream's first, so that a client whose channel cannot be had gets a plain answer. Lives on
 * one event loop.
 */
final class ChannelFlow {
  private static final EventLog LOG = EventLog.of(ChannelFlow.class);

  private static final short GOING_AWAY = 1001;
  private static final short PROTOCOL = 1002;
  private static final short POLICY = 1008;
  private static final short TOO_BIG = 1009;
  private static final short FAULT = 1011;
  private static final short LATER = 1013;

  /** What a client has to say through a channel is short. */
  private static final int UP_MAX = 64 << 10;

  private final Corridor corridor;
  private final Visit visit;
  private final Runnable upgraded;
  private final ChannelEnd client;
  private final ChannelEnd upstream;
  private final ChannelDown down;
  private final Optional<String> name;
  private final long idleNanos;
  private final Runnable draining;
  private final Promise<Outcome> done = Promise.promise();
  private long timer = -1;

  /**
   * @param upgraded the connection is a channel from now on: called once
   * @param gone the client's connection has closed: called once after that
   */
  ChannelFlow(Steps steps, Runnable upgraded, Runnable gone) {
    this.corridor = steps.corridor();
    this.visit = steps.visit();
    this.upgraded = upgraded;
    Limits limits = corridor.limits();
    Duration beat = corridor.streams().keepalive();
    this.idleNanos = Math.max(limits.idle().toNanos(), 3 * beat.toNanos());
    this.client = end(UP_MAX, TransportReason.CLIENT_LEFT, TransportReason.REQUEST_TOO_LARGE);
    this.upstream =
        end(
            corridor.streams().messageBytes(),
            TransportReason.UPSTREAM_CUT,
            TransportReason.REPLY_TOO_LARGE);
    this.down =
        new ChannelDown(
            corridor,
            visit,
            steps.responder(),
            upstream,
            client,
            visit
                .dialect
                .channel()
                .orElseThrow()
                .reader(corridor.readLimits(), corridor.streams().previews() == Previews.DROP));
    this.name = visit.dialect.channel().orElseThrow().client().flatMap(this::queried);
    this.draining = () -> visit.context.runOnContext(now -> finish(GOING_AWAY, GOING_AWAY));
    client.onGone(
        () -> {
          gone.run();
          visit.departure.leave();
          finish(GOING_AWAY, client.closeCodeToSend());
        });
  }

  private ChannelEnd end(int messageMax, TransportReason gone, TransportReason tooLarge) {
    return new ChannelEnd(
        visit.context.owner(),
        messageMax,
        corridor.budget(),
        gone,
        tooLarge,
        corridor.limits().idle());
  }

  private Optional<String> queried(String key) {
    String query = visit.request.query();
    return visit.route.queryValue(query == null ? "" : query, key);
  }

  /** Passes messages on until one side leaves; fails where the client can be answered plainly. */
  Future<Outcome> run() {
    if (!named()) {
      return Future.failedFuture(new RefusedException(TransportReason.CHANNEL_UNKNOWN));
    }
    if (!corridor.channels().enter(draining)) {
      return Future.failedFuture(new RefusedException(TransportReason.CHANNELS_FULL));
    }
    long since = System.nanoTime();
    return open()
        .onComplete(
            ended -> {
              corridor.channels().leave(draining);
              visit.timed("upstream", since);
            });
  }

  private boolean named() {
    return name.isEmpty() || corridor.channels().claim(visit.owner(), name.get());
  }

  private Future<Outcome> open() {
    String path = visit.request.path();
    String query = visit.request.query();
    Set<String> dropped = new HashSet<>(visit.caller.ownHeaders());
    return corridor
        .sockets()
        .open(
            visit.route.target(path == null ? "" : path, query == null ? "" : query),
            visit.request.headers(),
            dropped,
            visit.requestId,
            upstream)
        .compose(opened -> upgrade());
  }

  private Future<Outcome> upgrade() {
    if (visit.departure.left() || done.future().isComplete()) {
      upstream.close(GOING_AWAY);
      return Future.failedFuture(
          new RefusedException(
              visit.departure.left() ? TransportReason.CLIENT_LEFT : TransportReason.DRAINING));
    }
    return visit
        .request
        .toWebSocket()
        .onFailure(thrown -> upstream.close(GOING_AWAY))
        .recover(thrown -> Future.failedFuture(new RefusedException(TransportReason.CLIENT_LEFT)))
        .compose(this::begin);
  }

  private Future<Outcome> begin(ServerWebSocket socket) {
    client.listen(socket);
    client.cutBy(() -> cut(socket));
    client.connected();
    socket.pause();
    upgraded.run();
    corridor.meters().channels().opened();
    long beat = corridor.streams().keepalive().toMillis();
    timer = visit.context.owner().setPeriodic(Math.max(1, beat), id -> beat());
    pump(this::downward);
    pump(this::upward);
    return done.future().onComplete(ended -> corridor.meters().channels().closed());
  }

  /** The socket's own close waits until its close frame was read, and the request's has ended. */
  private static void cut(ServerWebSocket socket) {
    var _ = ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  /** Does one thing after another until something has to be waited for. */
  private void pump(Supplier<Future<Boolean>> one) {
    while (!done.future().isComplete()) {
      Future<Boolean> work;
      try {
        work = one.get();
      } catch (RuntimeException e) {
        work = Future.failedFuture(e);
      }
      if (!work.isComplete()) {
        work.onComplete(
            worked -> {
              if (worked.failed()) {
                fail(worked.cause());
              } else if (worked.result()) {
                pump(one);
              }
            });
        return;
      }
      if (work.failed()) {
        fail(work.cause());
        return;
      }
      if (!work.result()) {
        return;
      }
    }
  }

  private Future<Boolean> downward() {
    return upstream
        .next()
        .compose(
            next ->
                next.isPresent()
                    ? down.pass(next.get()).map(true)
                    : down.end()
                        .map(
                            ended -> {
                              finish(upstream.closeCodeToSend(), upstream.closeCodeToSend());
                              return false;
                            }));
  }

  private Future<Boolean> upward() {
    return client
        .next()
        .compose(
            next -> {
              if (next.isEmpty()) {
                finish(GOING_AWAY, client.closeCodeToSend());
                return Future.succeededFuture(false);
              }
              ChannelMessage message = next.get();
              boolean goes = message.text() && down.goesUp(message);
              corridor
                  .meters()
                  .channels()
                  .message(Direction.UP, goes ? Result.PASSED : Result.DROPPED);
              client.give(message);
              return goes ? upstream.write(message).map(true) : Future.succeededFuture(true);
            });
  }

  /** Asks both ends whether they are there, and whether the name is still the owner's. */
  private void beat() {
    long now = System.nanoTime();
    if (!named()) {
      finish(POLICY, GOING_AWAY);
    } else if (now - client.heard() > idleNanos) {
      finish(GOING_AWAY, GOING_AWAY);
    } else if (!upstream.waiting()) {
      // It is not listened to while something is judged or the client reads slowly.
      upstream.hearFromNow();
    } else if (now - upstream.heard() > idleNanos) {
      finish(FAULT, GOING_AWAY);
    }
    if (!done.future().isComplete()) {
      client.ping();
      upstream.ping();
    }
  }

  private void fail(Throwable thrown) {
    RefusalReason reason =
        thrown instanceof RefusedException refused ? refused.reason() : TransportReason.INTERNAL;
    if (done.future().isComplete()) {
      return;
    }
    if (reason == TransportReason.INTERNAL) {
      LOG.error().with(LogKey.REQUEST_ID, visit.requestId).with(thrown).say("a channel failed");
    }
    corridor.meters().refusal(reason.label());
    short fault = reason == TransportReason.BUFFER_FULL ? LATER : FAULT;
    finish(
        client.broken() ? broken(reason) : fault, upstream.broken() ? broken(reason) : GOING_AWAY);
  }

  private static short broken(RefusalReason reason) {
    return reason == TransportReason.CHANNEL_PROTOCOL ? PROTOCOL : TOO_BIG;
  }

  /** Closes both ends; the first to say counts. */
  private void finish(short toClient, short toUpstream) {
    if (!done.tryComplete(new Outcome("closed", 101))) {
      return;
    }
    visit.context.owner().cancelTimer(timer);
    down.release();
    client.close(toClient);
    upstream.close(toUpstream);
  }
}
