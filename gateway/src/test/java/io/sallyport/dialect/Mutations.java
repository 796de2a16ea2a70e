package io.sallyport.dialect;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Good bodies with a few bytes changed, or cut. */
final class Mutations {
  private Mutations() {}

  /** Calls the target on that many; a failure tells the seed and the case. */
  static void run(long seed, int count, byte[] good, Consumer<byte[]> target) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      try {
        target.accept(one(random, good));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " case " + i, e);
      }
    }
  }

  private static byte[] one(SplittableRandom random, byte[] good) {
    byte[] body = good.clone();
    for (int k = random.nextInt(4); k >= 0; k--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length)) : body;
  }
}
