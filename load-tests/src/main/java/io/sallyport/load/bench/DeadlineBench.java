package io.sallyport.load.bench;

import io.sallyport.detect.DeadlineWatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one window of a prompt pays for its deadline: setting an alarm that never comes and taking
 * it back, with the gateway's own watch and with the JDK's executor. Alone, and with 100
 * microseconds of work in between, in which the executor's thread has time to fall asleep again.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeadlineBench {
  private static final long AHEAD = TimeUnit.SECONDS.toNanos(2);
  private static final long WORK = TimeUnit.MICROSECONDS.toNanos(100);

  private final DeadlineWatch watch = new DeadlineWatch("bench", System::nanoTime);
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

  /** As the gateway had set it up. */
  public DeadlineBench() {
    executor.setRemoveOnCancelPolicy(true);
  }

  /** The watch. */
  @Benchmark
  public void watch() {
    watch.disarm(watch.arm(System.nanoTime() + AHEAD, () -> {}));
  }

  /** The executor. */
  @Benchmark
  public boolean executor() {
    return executor.schedule(() -> {}, AHEAD, TimeUnit.NANOSECONDS).cancel(false);
  }

  /** The watch around some work. */
  @Benchmark
  public void watchAroundWork() {
    DeadlineWatch.Alarm alarm = watch.arm(System.nanoTime() + AHEAD, () -> {});
    work();
    watch.disarm(alarm);
  }

  /** The executor around some work. */
  @Benchmark
  public boolean executorAroundWork() {
    var task = executor.schedule(() -> {}, AHEAD, TimeUnit.NANOSECONDS);
    work();
    return task.cancel(false);
  }

  private static void work() {
    long end = System.nanoTime() + WORK;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    watch.close();
    executor.shutdownNow();
  }
}
