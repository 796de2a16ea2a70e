package io.sallyport.detect.image;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays for views, used again from one picture to the next: at 224 x 224 a view is 600 KB, and
 * there is one for each picture that is judged. Bounded; safe on every thread.
 */
final class Planes {
  /** Arrays that wait for their next picture at most. */
  private static final int KEPT = 4 * Runtime.getRuntime().availableProcessors();

  /** A longer array is not kept: 1024 x 1024. */
  private static final int LENGTH_MAX = 3 << 20;

  private final ArrayBlockingQueue<float[]> idle = new ArrayBlockingQueue<>(KEPT);

  /** An array of zeros. */
  float[] take(int length) {
    for (float[] each : idle) {
      if (each.length == length && idle.remove(each)) {
        Arrays.fill(each, 0);
        return each;
      }
    }
    return new float[length];
  }

  /** Takes back what nobody will look at again. */
  void give(float[] plane) {
    if (plane.length <= LENGTH_MAX) {
      boolean _ = idle.offer(plane);
    }
  }
}
