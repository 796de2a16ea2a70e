package io.sallyport.detect;

import java.time.Duration;

/**
 * When a model counts as broken, and when it is tried again.
 *
 * @param window how many of its last runs are looked at
 * @param failures so many of them must have failed
 * @param delay how long it is left alone after that
 * @param delayMax the delay doubles at each failed try, up to this
 */
public record CircuitRule(int window, int failures, Duration delay, Duration delayMax) {
  /** What the configuration says unless it says otherwise. */
  public static final CircuitRule DEFAULTS =
      new CircuitRule(20, 10, Duration.ofSeconds(1), Duration.ofSeconds(60));

  public CircuitRule {
    if (window < 1 || failures < 1 || failures > window) {
      throw new IllegalArgumentException("failures are 1 to the window's length");
    }
    if (delay.isNegative() || delay.isZero() || delayMax.compareTo(delay) < 0) {
      throw new IllegalArgumentException("the delay is positive and at most its maximum");
    }
  }
}
