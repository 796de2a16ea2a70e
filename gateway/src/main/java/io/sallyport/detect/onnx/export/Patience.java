package io.sallyport.detect.onnx.export;

import java.util.concurrent.TimeUnit;

/** How long an import waits for one answer: a slow machine may take long, a hang must end. */
final class Patience {
  private static final long NANOS = TimeUnit.SECONDS.toNanos(60);

  private Patience() {}

  static long endNanos() {
    return System.nanoTime() + NANOS;
  }
}
