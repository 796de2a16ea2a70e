package io.sallyport.load.bench;

import io.sallyport.detect.Cancellation;
import io.sallyport.detect.InferenceLane;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Handing a task to a lane thread and hearing back: the lane against a plain {@link
 * ThreadPoolExecutor} of as many threads. One by one, where waking a thread is nearly all; and a
 * hundred at once, where the queue is.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBench {
  private static final int THREADS = 2;
  private static final int BATCH = 100;
  private static final String[] CALLERS = {"a", "b", "c", "d"};
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Cancellation cancellation = new Cancellation();
  private final InferenceLane lane = new InferenceLane("bench", THREADS, 256, System::nanoTime);
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(256));

  private CompletableFuture<Integer> onLane(String caller) {
    return lane.call(caller, System.nanoTime() + MINUTE, cancellation, () -> 1)
        .toCompletableFuture();
  }

  /** One task, and its answer. */
  @Benchmark
  public Integer lane() {
    return onLane("a").join();
  }

  /** The same on the pool. */
  @Benchmark
  public Integer pool() {
    return CompletableFuture.supplyAsync(() -> 1, pool).join();
  }

  /** A hundred tasks of four callers, and all their answers; the time of one. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int laneHundred() {
    CompletableFuture<?>[] all = new CompletableFuture<?>[BATCH];
    for (int i = 0; i < BATCH; i++) {
      all[i] = onLane(CALLERS[i & 3]);
    }
    CompletableFuture.allOf(all).join();
    return all.length;
  }

  /** The same on the pool, which knows no callers. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int poolHundred() {
    CompletableFuture<?>[] all = new CompletableFuture<?>[BATCH];
    for (int i = 0; i < BATCH; i++) {
      all[i] = CompletableFuture.supplyAsync(() -> 1, pool);
    }
    CompletableFuture.allOf(all).join();
    return all.length;
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    lane.close();
    pool.shutdownNow();
  }
}
