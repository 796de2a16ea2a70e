package io.sallyport.detect;

import java.time.Duration;

/**
 * The bounds of a lane.
 *
 * @param threads how many tasks run at once; threads times a model's own threads should not exceed
 *     the cores
 * @param queueMax how many tasks wait at most
 * @param spareThreads how many threads that hang are replaced at most
 * @param lostAfter a thread counts as lost when its task is so far beyond its deadline
 * @param circuit when a model counts as broken
 */
public record LaneOptions(
    int threads, int queueMax, int spareThreads, Duration lostAfter, CircuitRule circuit) {
  /** When a thread counts as lost unless the configuration says otherwise. */
  public static final Duration LOST_AFTER = Duration.ofSeconds(2);

  public LaneOptions {
    if (threads < 1 || queueMax < 1 || spareThreads < 0) {
      throw new IllegalArgumentException("a lane without threads or queue");
    }
  }

  /** As many spare threads as threads, and the usual rest. */
  public static LaneOptions of(int threads, int queueMax) {
    return new LaneOptions(threads, queueMax, threads, LOST_AFTER, CircuitRule.DEFAULTS);
  }
}
