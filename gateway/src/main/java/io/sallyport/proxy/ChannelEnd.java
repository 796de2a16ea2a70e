package io.sallyport.proxy;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a channel: a WebSocket that is read message by message, one for each {@link #next()},
 * so that its peer waits while nobody asks. What it has read and nobody gave back counts in the
 * shared budget. Lives on one event loop.
 */
final class ChannelEnd {
  /** A peer that sends pings and does not read what they are answered with. */
  private static final int PINGS_UNREAD_MAX = 1000;

  /** Bytes that may wait for a slow reader. */
  private static final int WRITE_QUEUE = 256 << 10;

  private static final short NORMAL = 1000;
  private static final short LEFT = 1001;
  private static final short NOT_SAID = 1005;
  private static final short ABNORMAL = 1006;

  private final Vertx vertx;
  private final int messageMax;
  private final ByteBudget budget;
  private final TransportReason gone;
  private final TransportReason tooLarge;
  private final Duration stall;
  private final Deque<ChannelMessage> read = new ArrayDeque<>();
  private @Nullable WebSocketBase socket;
  private @Nullable Promise<Optional<ChannelMessage>> asked;
  private @Nullable RefusalReason failure;
  private Buffer parts = Buffer.buffer();
  private boolean inParts;
  private boolean partsAreText;
  private boolean primed;
  private boolean ended;
  private boolean connected;
  private boolean over;
  private int pings;
  private long taken;
  private long heard = System.nanoTime();
  private Runnable whenGone = () -> {};
  private Runnable cut = () -> {};
  private long cutTimer = -1;

  /**
   * @param messageMax bytes of one message at most
   * @param gone what it is that the peer is not there any more
   * @param tooLarge what it is that it sends a larger one
   * @param stall a peer that takes nothing for so long is given up
   */
  ChannelEnd(
      Vertx vertx,
      int messageMax,
      ByteBudget budget,
      TransportReason gone,
      TransportReason tooLarge,
      Duration stall) {
    this.vertx = vertx;
    this.messageMax = messageMax;
    this.budget = budget;
    this.gone = gone;
    this.tooLarge = tooLarge;
    this.stall = stall;
  }

  /** The first frame may come together with the handshake, before anybody asks. */
  private void frame(WebSocketFrame frame) {
    heard = System.nanoTime();
    if (!primed) {
      primed = true;
      socket().pause();
    }
    switch (frame.type()) {
      case PING -> pinged();
      case PONG -> {}
      case CLOSE -> {
        ended = true;
        tell();
      }
      case TEXT, BINARY, CONTINUATION -> part(frame);
    }
  }

  /** Listens to a socket, which may not be connected yet; nothing else does. */
  void listen(WebSocketBase opened) {
    socket = opened;
    opened.frameHandler(this::frame);
    opened.exceptionHandler(thrown -> fail(opened.isClosed() ? gone : reason(thrown)));
    opened.pongHandler(pong -> heard = System.nanoTime());
    opened.closeHandler(
        closed -> {
          if (closeCode() == ABNORMAL) {
            fail(gone);
          } else if (asked != null) {
            // Else its close frame is still to be read, behind what came before.
            ended = true;
            tell();
          }
          vertx.cancelTimer(cutTimer);
          whenGone.run();
        });
  }

  /** The socket is connected. One that was closed meanwhile is closed now. */
  void connected() {
    connected = true;
    WebSocketBase opened = socket();
    if (over) {
      opened.close(LEFT);
    } else if (!opened.isClosed()) {
      opened.setWriteQueueMaxSize(WRITE_QUEUE);
    }
  }

  /** What to do once the connection is gone. */
  void onGone(Runnable action) {
    whenGone = action;
  }

  /** How to end the connection of a peer that does not even read that it is closed. */
  void cutBy(Runnable action) {
    cut = action;
  }

  /**
   * The next message; empty when the peer has closed. To be asked for one at a time.
   *
   * @return fails with {@link RefusedException}
   */
  Future<Optional<ChannelMessage>> next() {
    Promise<Optional<ChannelMessage>> promise = Promise.promise();
    asked = promise;
    if (read.isEmpty() && failure == null && !ended) {
      socket().fetch(1);
    } else {
      tell();
    }
    return promise.future();
  }

  /** True when somebody waits for the next message. */
  boolean waiting() {
    return asked != null;
  }

  /** The peer has been there at this time, by the nanosecond clock. */
  long heard() {
    return heard;
  }

  /** Counts the peer's silence from now on. */
  void hearFromNow() {
    heard = System.nanoTime();
  }

  /** Gives back the room of a message. */
  void give(ChannelMessage message) {
    if (!over) {
      budget.give(message.length());
      taken -= message.length();
    }
  }

  /** True when it was the peer that broke the protocol. */
  boolean broken() {
    return failure == TransportReason.CHANNEL_PROTOCOL || failure == tooLarge;
  }

  /** Writes a message in one frame; done when the peer has room for more. */
  Future<Void> write(ChannelMessage message) {
    return write(
        message.text()
            ? WebSocketFrame.textFrame(new String(message.bytes(), StandardCharsets.UTF_8), true)
            : WebSocketFrame.binaryFrame(Buffer.buffer(message.bytes()), true));
  }

  private Future<Void> write(WebSocketFrame frame) {
    WebSocketBase to = socket();
    if (over || to.isClosed()) {
      return Future.failedFuture(new RefusedException(gone));
    }
    Promise<Void> done = Promise.promise();
    to.writeFrame(frame).onFailure(thrown -> done.tryFail(new RefusedException(gone)));
    if (to.isClosed() || !to.writeQueueFull()) {
      done.tryComplete();
      return done.future();
    }
    long timer =
        vertx.setTimer(
            stall.toMillis(),
            id -> {
              fail(gone);
              done.tryFail(new RefusedException(gone));
            });
    to.drainHandler(drained -> done.tryComplete());
    return done.future().onComplete(written -> vertx.cancelTimer(timer));
  }

  /** Asks the peer whether it is there, unless it has enough to read. */
  void ping() {
    WebSocketBase to = socket();
    if (!over && !to.isClosed() && !to.writeQueueFull()) {
      to.writePing(Buffer.buffer());
    }
  }

  /** The code that the peer closed with, as one that may be sent on (RFC 6455 §7.4). */
  short closeCodeToSend() {
    short code = closeCode();
    boolean known = (code >= NORMAL && code <= 1003) || (code >= 1007 && code <= 1014);
    boolean own = code >= 3000 && code <= 4999;
    return known || own ? code : code == NOT_SAID ? NORMAL : LEFT;
  }

  private short closeCode() {
    Short code = socket().closeStatusCode();
    return code == null ? NOT_SAID : code;
  }

  /** Closes it with a code, and gives all room back. Harmless when repeated. */
  void close(short code) {
    if (over) {
      return;
    }
    over = true;
    budget.give(taken);
    taken = 0;
    read.clear();
    parts = Buffer.buffer();
    boolean lost = failure == gone;
    fail(gone);
    if (!connected) {
      return;
    }
    WebSocketBase opened = socket();
    if (!opened.isClosed()) {
      opened.close(code);
      cutTimer = vertx.setTimer(lost ? 1 : stall.toMillis(), id -> cut.run());
    }
    // What still comes is of no use, but its close frame is waited for.
    opened.resume();
  }

  private RefusalReason reason(Throwable thrown) {
    if (!(thrown instanceof CorruptedWebSocketFrameException corrupted)) {
      return gone;
    }
    return corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
        ? tooLarge
        : TransportReason.CHANNEL_PROTOCOL;
  }

  private void pinged() {
    WebSocketBase opened = socket();
    pings = !opened.isClosed() && opened.writeQueueFull() ? pings + 1 : 0;
    if (pings > PINGS_UNREAD_MAX) {
      fail(gone);
    }
  }

  private void part(WebSocketFrame frame) {
    Buffer more = frame.binaryData();
    if (over || failure != null) {
      return;
    }
    if (frame.isContinuation() != inParts) {
      fail(TransportReason.CHANNEL_PROTOCOL);
      return;
    }
    if (parts.length() + more.length() > messageMax) {
      fail(tooLarge);
      return;
    }
    if (!budget.take(more.length())) {
      fail(TransportReason.BUFFER_FULL);
      return;
    }
    taken += more.length();
    if (!frame.isContinuation()) {
      partsAreText = frame.isText();
    }
    inParts = !frame.isFinal();
    if (!inParts && parts.length() == 0) {
      whole(more.getBytes());
      return;
    }
    parts.appendBuffer(more);
    if (inParts) {
      socket().fetch(1);
    } else {
      byte[] bytes = parts.getBytes();
      parts = Buffer.buffer();
      whole(bytes);
    }
  }

  private void whole(byte[] bytes) {
    read.add(new ChannelMessage(partsAreText, bytes));
    tell();
  }

  private void fail(RefusalReason reason) {
    if (failure == null) {
      failure = reason;
    }
    tell();
  }

  private void tell() {
    Promise<Optional<ChannelMessage>> promise = asked;
    if (promise == null) {
      return;
    }
    ChannelMessage message = read.poll();
    if (message != null) {
      asked = null;
      promise.complete(Optional.of(message));
    } else if (failure != null) {
      asked = null;
      promise.fail(new RefusedException(failure));
    } else if (ended) {
      asked = null;
      promise.complete(Optional.empty());
    }
  }

  private WebSocketBase socket() {
    if (socket == null) {
      throw new IllegalStateException("not open");
    }
    return socket;
  }
}
