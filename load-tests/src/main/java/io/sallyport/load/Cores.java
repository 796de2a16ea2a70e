package io.sallyport.load;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which cores whom runs on: one half for what is measured, the other for who asks and who answers,
 * so that neither takes time from the other. Without {@code taskset}, or on one core, everybody
 * shares.
 *
 * @param measured arguments before the command of what is measured; empty when shared
 * @param others the same for everybody else
 * @param count cores of what is measured
 */
record Cores(List<String> measured, List<String> others, int count) {
  Cores {
    measured = List.copyOf(measured);
    others = List.copyOf(others);
  }

  static Cores split() {
    int all = Runtime.getRuntime().availableProcessors();
    if (all < 2 || !hasTaskset()) {
      return new Cores(List.of(), List.of(), all);
    }
    int half = all / 2;
    return new Cores(taskset(0, half), taskset(half, all), half);
  }

  boolean pinned() {
    return !measured.isEmpty();
  }

  private static List<String> taskset(int from, int to) {
    String cores =
        IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(","));
    return List.of("taskset", "-c", cores);
  }

  /** Also false where the process may not use core 0 and its neighbours. */
  private static boolean hasTaskset() {
    try {
      int all = Runtime.getRuntime().availableProcessors();
      return new ProcessBuilder("taskset", "-c", "0-" + (all - 1), "true")
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
