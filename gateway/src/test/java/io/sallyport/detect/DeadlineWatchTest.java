package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadlineWatchTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final DeadlineWatch watch = new DeadlineWatch("watch-test", System::nanoTime);
  private final LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    watch.close();
  }

  private static long in(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private String next() throws InterruptedException {
    return ran.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void anActionRunsOnTheWatchsThreadWhenItsDeadlineHasCome() throws Exception {
    long deadline = in(30);
    LinkedBlockingQueue<Long> lateness = new LinkedBlockingQueue<>();
    watch.arm(
        deadline,
        () -> {
          lateness.add(System.nanoTime() - deadline);
          ran.add(Thread.currentThread().getName());
        });
    assertThat(next()).isEqualTo("watch-test");
    assertThat(lateness.take()).isNotNegative();
    assertThat(watch.armed()).isZero();
  }

  @Test
  void aSoonerAlarmWakesAWatchThatSleepsForALaterOne() throws Exception {
    watch.arm(System.nanoTime() + HOUR, () -> ran.add("late"));
    Thread.sleep(20);
    watch.arm(in(10), () -> ran.add("soon"));
    assertThat(next()).isEqualTo("soon");
    assertThat(watch.armed()).isEqualTo(1);
  }

  @Test
  void alarmsRunInTheOrderOfTheirDeadlines() throws Exception {
    long base = in(100);
    CountDownLatch armed = new CountDownLatch(1);
    watch.arm(System.nanoTime(), () -> await(armed));
    watch.arm(base + 2, () -> ran.add("b"));
    watch.arm(base + 1, () -> ran.add("a"));
    watch.arm(base + 3, () -> ran.add("c"));
    armed.countDown();
    assertThat(List.of(next(), next(), next())).containsExactly("a", "b", "c");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAlarmThatWasTakenBackNeverRuns() throws Exception {
    DeadlineWatch.Alarm alarm = watch.arm(in(30), () -> ran.add("taken back"));
    watch.disarm(alarm);
    watch.disarm(alarm);
    watch.arm(in(60), () -> ran.add("kept"));
    assertThat(next()).isEqualTo("kept");
    assertThat(ran).isEmpty();
  }

  @Test
  void anActionThatThrowsCostsNobodyElse() throws Exception {
    watch.arm(
        in(0),
        () -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> ran.add("told"));
          throw new IllegalStateException("scripted");
        });
    assertThat(next()).isEqualTo("told");
    watch.arm(in(0), () -> ran.add("next"));
    assertThat(next()).isEqualTo("next");
  }

  @Test
  void afterClosingWhatIsArmedRunsAtItsDeadlineAndWhatComesRunsAtOnce() throws Exception {
    watch.arm(in(50), () -> ran.add("armed"));
    watch.close();
    watch.arm(System.nanoTime() + HOUR, () -> ran.add(Thread.currentThread().getName()));
    assertThat(next()).isEqualTo(Thread.currentThread().getName());
    assertThat(next()).isEqualTo("armed");
  }

  /** Every alarm runs once, or was taken back in time; none is lost whoever arms it. */
  @Test
  void noAlarmIsLostUnderLoad() throws Exception {
    AtomicInteger kept = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 2_000; n++) {
                      watch.disarm(watch.arm(System.nanoTime() + HOUR - n, () -> ran.add("no")));
                      watch.arm(System.nanoTime() + n * 1_000L, kept::incrementAndGet);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    CountDownLatch last = new CountDownLatch(1);
    watch.arm(in(50), last::countDown);
    assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kept).hasValue(8_000);
    assertThat(ran).isEmpty();
    assertThat(watch.armed()).isZero();
  }
}
