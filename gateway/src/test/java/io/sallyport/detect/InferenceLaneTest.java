package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InferenceLaneTest {
  private static final long FAR = Long.MAX_VALUE / 2;
  private static final Turn GRANTED = new Turn.Granted();

  private final AtomicLong clock = new AtomicLong(1_000);
  private final CountDownLatch released = new CountDownLatch(1);
  private final LinkedBlockingQueue<Turn> heard = new LinkedBlockingQueue<>();
  private InferenceLane lane = new InferenceLane("test", 1, 2, clock::get);

  @AfterEach
  void release() {
    released.countDown();
    lane.close();
  }

  private static Question until(long deadlineNanos) {
    return until(deadlineNanos, new Cancellation());
  }

  private static Question until(long deadlineNanos, Cancellation cancellation) {
    return new Question(
        "acme", new Sample.Text(Stage.PROMPT, "a dog"), deadlineNanos, cancellation);
  }

  /** Keeps the only thread busy until {@link #released}. */
  private void occupy() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    lane.submit(
        until(FAR),
        turn -> {
          entered.countDown();
          await(released);
        });
    entered.await();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Turn next() throws InterruptedException {
    return heard.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void aTaskRunsOnALaneThreadThatIsAPlatformDaemon() throws InterruptedException {
    LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    lane.submit(until(FAR), turn -> threads.add(Thread.currentThread()));
    Thread thread = threads.poll(10, TimeUnit.SECONDS);
    assertThat(thread.getName()).startsWith("lane-test-");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.isVirtual()).isFalse();
  }

  @Test
  void aFullQueueRefusesAtOnce() throws InterruptedException {
    occupy();
    lane.submit(until(FAR), turn -> {});
    lane.submit(until(FAR), turn -> {});
    lane.submit(until(FAR), heard::add);
    assertThat(heard).containsExactly(new Turn.Refused(Cause.OVERLOAD));
    assertThat(lane.load().waiting()).isEqualTo(2).isEqualTo(lane.load().queueMax());
    assertThat(lane.load().refusals()).containsEntry(LaneRefusal.FULL, 1L);
  }

  @Test
  void aTaskWhoseDeadlinePassedInTheQueueNeverRuns() throws InterruptedException {
    occupy();
    lane.submit(until(clock.get() + 10), heard::add);
    lane.submit(until(clock.get() + 11), heard::add);
    clock.addAndGet(10);
    released.countDown();
    assertThat(next()).isEqualTo(new Turn.Refused(Cause.TIMEOUT));
    assertThat(next()).isEqualTo(GRANTED);
  }

  @Test
  void deadlinesAreComparedAcrossTheOverflowOfTheClock() throws InterruptedException {
    clock.set(Long.MAX_VALUE - 5);
    lane.submit(until(Long.MAX_VALUE + 100), heard::add);
    assertThat(next()).isEqualTo(GRANTED);
  }

  @Test
  void aTaskThatWasCancelledInTheQueueNeverRuns() throws InterruptedException {
    occupy();
    Cancellation cancellation = new Cancellation();
    lane.submit(until(FAR, cancellation), heard::add);
    cancellation.cancel();
    released.countDown();
    assertThat(next()).isEqualTo(new Turn.Refused(Cause.TIMEOUT));
  }

  @Test
  void gaugesTellWhatWaitsAndWhatRuns() throws InterruptedException {
    assertThat(lane.load().oldestAgeNanos()).isZero();
    occupy();
    lane.submit(until(FAR), turn -> {});
    clock.addAndGet(40);
    lane.submit(until(FAR), turn -> {});
    clock.addAndGet(2);
    assertThat(lane.load().running()).isEqualTo(1);
    assertThat(lane.load().waiting()).isEqualTo(2);
    assertThat(lane.load().oldestAgeNanos()).isEqualTo(42);
  }

  @Test
  void noMoreTasksRunAtOnceThanThereAreThreads() throws InterruptedException {
    lane.close();
    lane = new InferenceLane("two", 2, 100, clock::get);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(60);
    for (int i = 0; i < 60; i++) {
      lane.submit(
          until(FAR),
          turn -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            done.countDown();
          });
    }
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void aTaskThatThrowsCostsNoThread() throws InterruptedException {
    lane.submit(
        until(FAR),
        turn -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
          throw new IllegalStateException("scripted");
        });
    lane.submit(until(FAR), heard::add);
    assertThat(next()).isEqualTo(GRANTED);
  }

  @Test
  void closingRefusesWhatWaitsAndEverythingAfter() throws InterruptedException {
    occupy();
    lane.submit(until(FAR), heard::add);
    lane.close();
    lane.submit(until(FAR), heard::add);
    assertThat(List.copyOf(heard))
        .containsExactly(new Turn.Refused(Cause.OVERLOAD), new Turn.Refused(Cause.OVERLOAD));
  }

  @Test
  void closingWithGraceLetsWhatWaitsFinish() throws InterruptedException {
    occupy();
    lane.submit(until(FAR), heard::add);
    Thread.ofVirtual().start(released::countDown);
    lane.close(Duration.ofSeconds(10));
    assertThat(List.copyOf(heard)).containsExactly(GRANTED);
  }
}
