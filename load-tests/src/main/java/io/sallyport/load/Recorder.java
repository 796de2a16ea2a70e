package io.sallyport.load;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts and times the answers of a measured phase. Safe on every thread. */
final class Recorder {
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(1);

  private final long pid;
  private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
  private final Histogram answered = new ConcurrentHistogram(MOST_MICROS, 3);
  private final Histogram refused = new ConcurrentHistogram(MOST_MICROS, 3);
  private final long origin = System.nanoTime();
  private final LongAccumulator first = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator last = new LongAccumulator(Math::max, 0);
  private volatile double startCpu;

  /**
   * @param pid the process whose processor time counts
   */
  Recorder(long pid) {
    this.pid = pid;
  }

  void start() {
    startCpu = cpuSeconds(pid);
  }

  /**
   * Takes an answer that ends now.
   *
   * @param status 0 when there was no answer
   * @param askedNanos when it was asked for, on {@link System#nanoTime()}'s clock
   */
  void record(int status, long askedNanos) {
    long now = System.nanoTime();
    long nanos = now - askedNanos;
    first.accumulate(askedNanos - origin);
    last.accumulate(now - origin);
    statuses.computeIfAbsent(status, _ -> new LongAdder()).increment();
    long micros = Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), MOST_MICROS);
    if (status == 200) {
      answered.recordValue(micros);
    } else if (status == 503) {
      refused.recordValue(micros);
    }
  }

  Measured finish() {
    double cpu = cpuSeconds(pid) - startCpu;
    return new Measured(
        statuses.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum())),
        answered.getValueAtPercentile(50) / 1e3,
        answered.getValueAtPercentile(95) / 1e3,
        answered.getValueAtPercentile(99) / 1e3,
        refused.getValueAtPercentile(99) / 1e3,
        (last.get() - first.get()) / 1e9,
        cpu);
  }

  /**
   * User and system time of all threads of a process since its start, in steps of a clock tick (10
   * ms).
   */
  static double cpuSeconds(long pid) {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone"))
            .toNanos()
        / 1e9;
  }
}
