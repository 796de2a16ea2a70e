package io.sallyport.load;

import io.sallyport.detect.Cancellation;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.BareRun;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Models through the inference lane against ONNX Runtime alone, on the same cores in one run:
 * {@code load-tests/bin/bench lane}. Both take turns, and medians count. Throughput is with every
 * core busy; latency at half of that load, with arrivals evenly spaced, from the moment that a run
 * was due.
 */
final class LaneRuns {
  /** What these ratios begin with in {@code thresholds.json}. */
  static final String PREFIX = "lane: ";

  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int TURNS = 5;
  private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LATENCY_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final double ALLOWED_FACTOR = 1.3;
  private static final double ALLOWED_MORE_MILLIS = 2;

  private final Map<String, Double> ratios = new LinkedHashMap<>();
  private final Table table =
      new Table("model", "alone /s", "lane /s", "alone p50 ms", "lane p99 ms at half load");

  private LaneRuns() {}

  /** One run of a model, with all that the gateway puts around it, or without. */
  @FunctionalInterface
  private interface Run {
    void run() throws UnavailableException;
  }

  static Numbers measure(Path root) throws IOException, UnavailableException, InterruptedException {
    LaneRuns runs = new LaneRuns();
    runs.models(root);
    return new Numbers(runs.table.toString(), runs.ratios);
  }

  private void models(Path root) throws IOException, UnavailableException, InterruptedException {
    EmbeddedImageModel.importInto(root.resolve("models"));
    Problems problems = new Problems();
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store =
            ModelStore.load(
                    runtime,
                    root.resolve("models"),
                    Set.of(ModelStore.MINILM, EmbeddedImageModel.NAME),
                    Tokenizers::open,
                    PictureReader::example,
                    problems)
                .orElseThrow(() -> new IllegalStateException(problems.list().toString()))) {
      TextModel text = (TextModel) store.model(ModelStore.MINILM).orElseThrow();
      Window window = text.windows(Prompts.prompt(1), 16).getFirst();
      compare(
          "text", text, window.tokens(), () -> text.embed(window, new float[text.size()], later()));
      ImageModel image = (ImageModel) store.model(EmbeddedImageModel.NAME).orElseThrow();
      float[] view = new float[image.framing().numbers()];
      compare("image", image, 0, () -> image.scores(view, later()));
    }
  }

  private void compare(String name, LoadedModel model, int tokens, Run ours)
      throws UnavailableException, InterruptedException {
    System.err.println("load-tests: " + name + " model");
    List<BareRun> bare = new ArrayList<>();
    try (InferenceLane lane = new InferenceLane("load", CORES, 256, System::nanoTime)) {
      for (int core = 0; core < CORES; core++) {
        bare.add(BareRun.of(model, tokens));
      }
      alone(bare, WARM_NANOS);
      throughLane(lane, ours, WARM_NANOS);
      double[] alone = new double[TURNS];
      double[] through = new double[TURNS];
      for (int turn = 0; turn < TURNS; turn++) {
        alone[turn] = alone(bare, TURN_NANOS);
        through[turn] = throughLane(lane, ours, TURN_NANOS);
      }
      double p50 = millis(oneByOne(bare.getFirst()), 0.5);
      double p99 = millis(paced(lane, ours, median(alone) / 2), 0.99);
      table.add(name, number(median(alone)), number(median(through)), number(p50), number(p99));
      ratios.put(
          PREFIX + name + " model, throughput / ONNX Runtime alone",
          median(through) / median(alone));
      ratios.put(
          PREFIX + name + " model, p99 at half load / (1.3 p50 alone + 2 ms)",
          p99 / (ALLOWED_FACTOR * p50 + ALLOWED_MORE_MILLIS));
    } finally {
      bare.forEach(BareRun::close);
    }
  }

  /** Runs a second with one thread a core and nothing around them. */
  private static double alone(List<BareRun> runs, long nanos) throws InterruptedException {
    AtomicLong count = new AtomicLong();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (BareRun run : runs) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() - start < nanos) {
                      certainly(run::run);
                      count.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return count.get() * 1e9 / (System.nanoTime() - start);
  }

  /** The same through the lane, twice as many tasks under way as it has threads. */
  private static double throughLane(InferenceLane lane, Run run, long nanos)
      throws InterruptedException {
    AtomicLong count = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(2 * CORES);
    long start = System.nanoTime();
    for (int i = 0; i < 2 * CORES; i++) {
      again(lane, run, start + nanos, count, ended);
    }
    ended.await();
    return count.get() * 1e9 / (System.nanoTime() - start);
  }

  private static void again(
      InferenceLane lane, Run run, long end, AtomicLong count, CountDownLatch ended) {
    if (System.nanoTime() - end >= 0) {
      ended.countDown();
      return;
    }
    var _ =
        task(lane, run)
            .whenComplete(
                (done, failed) -> {
                  if (failed != null) {
                    ended.countDown();
                    throw new IllegalStateException(failed);
                  }
                  count.incrementAndGet();
                  again(lane, run, end, count, ended);
                });
  }

  private static CompletionStage<Boolean> task(InferenceLane lane, Run run) {
    return lane.call(
        "load",
        later(),
        new Cancellation(),
        () -> {
          run.run();
          return true;
        });
  }

  private static long[] oneByOne(BareRun run) {
    List<Long> taken = new ArrayList<>();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TURN_NANOS) {
      long since = System.nanoTime();
      certainly(run::run);
      taken.add(System.nanoTime() - since);
    }
    return taken.stream().mapToLong(Long::longValue).toArray();
  }

  /** How long tasks took from when they were due, at so many a second. */
  private static long[] paced(InferenceLane lane, Run run, double perSecond)
      throws InterruptedException {
    long gap = (long) (1e9 / perSecond);
    int tasks = (int) (LATENCY_NANOS / gap);
    long[] taken = new long[tasks];
    AtomicInteger left = new AtomicInteger(tasks);
    CountDownLatch ended = new CountDownLatch(1);
    long start = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      long due = start + i * gap;
      int at = i;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      var _ =
          task(lane, run)
              .whenComplete(
                  (done, failed) -> {
                    taken[at] = failed == null ? System.nanoTime() - due : Long.MAX_VALUE;
                    if (left.decrementAndGet() == 0) {
                      ended.countDown();
                    }
                  });
    }
    ended.await();
    return taken;
  }

  private static void certainly(Run run) {
    try {
      run.run();
    } catch (UnavailableException e) {
      throw new IllegalStateException("the model gave no answer: " + e.why().wire());
    }
  }

  private static long later() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double millis(long[] nanos, double quantile) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(int) (sorted.length * quantile)] / 1e6;
  }

  private static String number(double value) {
    return "%.2f".formatted(value);
  }
}
