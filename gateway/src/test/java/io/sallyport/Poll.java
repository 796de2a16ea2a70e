package io.sallyport;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Callable;

/** Waits for what happens a moment later on another thread; the only sleeping in these tests. */
public final class Poll {
  private static final long MOST_NANOS = 60_000_000_000L;
  private static final long PAUSE_MILLIS = 20;

  private Poll() {}

  /**
   * Returns once the condition holds; fails the test when it does not come true, which takes a
   * minute, so that a busy machine breaks nothing.
   *
   * @param what the condition in words, for the failure
   */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + MOST_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        fail("never came true: " + what);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
