package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bytes that whole-frame decoders may hold at one time, shared by all threads. Waiting is fair
 * and bounded.
 */
final class FrameBudget {
  /** Permits are counted in units of so many bytes. */
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;
  private final Duration maxWait;

  FrameBudget(long bytes, Duration maxWait) {
    this.units = units(bytes);
    this.free = new Semaphore(units, true);
    this.maxWait = maxWait;
  }

  /**
   * Takes the share of one decode, to be given back by closing it.
   *
   * @param frame bytes that it needs for certain
   * @param worst further bytes that hostile data may make it need; counted as far as the budget
   *     goes, so that the worst decodes run alone
   * @throws UnavailableException {@code TOO_LARGE} when the frame can never fit, {@code OVERLOAD}
   *     when there was no room in time
   */
  Share take(long frame, long worst) throws UnavailableException {
    if (units(frame) > units) {
      throw Failures.tooLarge("frame is beyond the budget of memory");
    }
    int share = Math.min(units, units(frame + worst));
    if (!acquire(share, maxWait)) {
      throw new UnavailableException(Cause.OVERLOAD, "no room to decode a frame");
    }
    return new Share(free, share);
  }

  /**
   * Takes a share for certain bytes when they are free at this moment and nobody waits; never waits
   * itself.
   */
  Optional<Share> takeNow(long bytes) {
    int share = units(bytes);
    return acquire(share, Duration.ZERO) ? Optional.of(new Share(free, share)) : Optional.empty();
  }

  private boolean acquire(int share, Duration wait) {
    try {
      return free.tryAcquire(share, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT - 1) / UNIT);
  }

  /** A part of the budget in use. Closed once. */
  record Share(Semaphore free, int units) implements AutoCloseable {
    @Override
    public void close() {
      free.release(units);
    }
  }
}
