package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The pixels that whole-frame decoders may hold at one time, shared by all threads. Waiting is fair
 * and bounded.
 */
final class FrameBudget {
  /** Permits are counted in units of so many pixels. */
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;
  private final Duration maxWait;

  FrameBudget(int pixels, Duration maxWait) {
    this.units = units(pixels);
    this.free = new Semaphore(units, true);
    this.maxWait = maxWait;
  }

  /**
   * Takes the share of one frame, to be given back by closing it.
   *
   * @throws UnavailableException {@code TOO_LARGE} when it can never fit, {@code OVERLOAD} when it
   *     did not in time
   */
  Share take(ImageHeader header) throws UnavailableException {
    int share = units((long) header.width() * header.height());
    if (share > units) {
      throw Failures.tooLarge("frame is beyond the budget of pixels");
    }
    if (!acquire(share)) {
      throw new UnavailableException(Cause.OVERLOAD, "no room to decode a frame");
    }
    return new Share(free, share);
  }

  private boolean acquire(int share) {
    try {
      return free.tryAcquire(share, maxWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int units(long pixels) {
    return (int) Math.min(Integer.MAX_VALUE, (pixels + UNIT - 1) / UNIT);
  }

  /** A part of the budget in use. Closed once. */
  record Share(Semaphore free, int units) implements AutoCloseable {
    @Override
    public void close() {
      free.release(units);
    }
  }
}
