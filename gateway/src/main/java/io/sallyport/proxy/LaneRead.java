package io.sallyport.proxy;

import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.UnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Reads bodies: small ones at once, large ones on a lane thread, so that no event loop is blocked.
 */
final class LaneRead {
  /** At several hundred megabytes a second this much takes well under a millisecond. */
  private static final int SMALL = 32 << 10;

  private final InferenceLane lane;
  private final Duration within;
  private final String caller;

  /**
   * @param caller whose share of the lane it takes
   */
  LaneRead(InferenceLane lane, Duration within, String caller) {
    this.lane = lane;
    this.within = within;
    this.caller = caller;
  }

  /**
   * Runs {@code reader}; the result arrives on the context's event loop.
   *
   * @param length the body's length, which decides where it runs
   */
  <T> Future<T> read(Context context, Departure departure, int length, Callable<T> reader) {
    if (length <= SMALL) {
      try {
        return Future.succeededFuture(reader.call());
      } catch (Exception e) {
        return Future.failedFuture(e);
      }
    }
    long deadline = System.nanoTime() + within.toNanos();
    return Future.fromCompletionStage(
            lane.call(caller, deadline, departure.detection(), reader), context)
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof UnavailableException
                        ? new RefusedException(TransportReason.LANE_FULL)
                        : thrown));
  }
}
