package io.sallyport.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Arrays;

/**
 * Collects a stream into one {@link Body}, within a cap and the shared budget. Lives on the event
 * loop of its stream. What it took from the budget is given back by {@link #release()}, which its
 * owner calls exactly when the exchange ends.
 */
final class BodyCollector {
  private static final int FIRST_GUESS = 8 << 10;

  private final long cap;
  private final ByteBudget budget;
  private final RefusalReason tooLarge;
  private final Promise<Body> done = Promise.promise();
  private byte[] bytes = Body.EMPTY.bytes();
  private int length;
  private long taken;
  private boolean over;

  /**
   * @param tooLarge the reason when the cap is passed: a request and a reply differ
   */
  BodyCollector(long cap, ByteBudget budget, RefusalReason tooLarge) {
    this.cap = Math.min(cap, Integer.MAX_VALUE - 8);
    this.budget = budget;
    this.tooLarge = tooLarge;
  }

  /**
   * Starts collecting.
   *
   * @param declared the content length, or -1
   * @return the body; fails with {@link RefusedException}, or with what the stream failed with
   */
  Future<Body> collect(ReadStream<Buffer> stream, long declared) {
    if (declared > cap) {
      return Future.failedFuture(new RefusedException(tooLarge));
    }
    if (!grow(declared < 0 ? FIRST_GUESS : (int) declared)) {
      return Future.failedFuture(new RefusedException(TransportReason.BUFFER_FULL));
    }
    stream.exceptionHandler(done::tryFail);
    stream.handler(this::append);
    stream.endHandler(end -> done.tryComplete(new Body(bytes, length)));
    stream.resume();
    return done.future();
  }

  /** Gives back the budget; what still arrives is let fall. Harmless when repeated. */
  void release() {
    over = true;
    budget.give(taken);
    taken = 0;
    bytes = Body.EMPTY.bytes();
  }

  private void append(Buffer chunk) {
    if (over) {
      return;
    }
    long needed = (long) length + chunk.length();
    if (needed > cap) {
      stop(tooLarge);
    } else if (needed > bytes.length
        && !grow((int) Math.min(cap, Math.max(needed, bytes.length * 2L)))) {
      stop(TransportReason.BUFFER_FULL);
    } else {
      chunk.getBytes(bytes, length);
      length += chunk.length();
    }
  }

  private boolean grow(int size) {
    if (!budget.take(size - taken)) {
      return false;
    }
    taken = size;
    bytes = Arrays.copyOf(bytes, size);
    return true;
  }

  private void stop(RefusalReason reason) {
    over = true;
    done.tryFail(new RefusedException(reason));
  }
}
