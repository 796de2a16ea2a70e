package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.Turnstile.Entry;
import io.sallyport.signal.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at once, on the real clock: nobody is lost, nobody hears twice, bounds hold. */
@Timeout(60)
class LaneStressTest {
  private static final int THREADS = 3;
  private static final int SUBMITTERS = 6;
  private static final int TASKS = 3_000;
  private static final ModelUse NARROW = new ModelUse("narrow", "v1", 1, Duration.ofSeconds(9));
  private static final ModelUse PAIR = new ModelUse("pair", "v1", 2, Duration.ofSeconds(9));

  private final InferenceLane lane = new InferenceLane("stress", THREADS, 64, System::nanoTime);
  private final AtomicIntegerArray heard = new AtomicIntegerArray(SUBMITTERS * TASKS);
  private final CountDownLatch ended = new CountDownLatch(SUBMITTERS * TASKS);
  private final AtomicInteger waits = new AtomicInteger();
  private final Load all = new Load();
  private final Load narrow = new Load();
  private final Load pair = new Load();

  /** How many are at it, and were at most. */
  private static final class Load {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void begin() {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void end() {
      now.decrementAndGet();
    }
  }

  /** A task that runs through two narrow models and may have to wait before each. */
  private final class Task implements Consumer<Turn> {
    private final int id;
    private int next;

    Task(int id) {
      this.id = id;
    }

    @Override
    public void accept(Turn turn) {
      switch (turn) {
        case Turn.Refused refused -> hear();
        case Turn.Granted granted -> run();
      }
    }

    private void run() {
      all.begin();
      while (next < 2) {
        boolean first = next == 0;
        all.end();
        Entry entry = lane.enter(first ? NARROW : PAIR);
        if (entry == Entry.WAIT) {
          waits.incrementAndGet();
          return;
        }
        all.begin();
        work(first ? narrow : pair);
        lane.leave(RunOutcome.ANSWERED);
        next++;
      }
      all.end();
      hear();
    }

    private void work(Load load) {
      load.begin();
      for (int i = id % 50; i > 0; i--) {
        Thread.onSpinWait();
      }
      load.end();
    }

    private void hear() {
      heard.incrementAndGet(id);
      ended.countDown();
    }
  }

  private void submit(int submitter) {
    SplittableRandom random = new SplittableRandom(submitter);
    for (int i = 0; i < TASKS; i++) {
      Cancellation cancellation = new Cancellation();
      long deadline = System.nanoTime() + random.nextLong(1, 200_000_000);
      Question question =
          new Question(
              "caller-" + submitter % 3,
              new Sample.Text(Stage.PROMPT, "a dog"),
              deadline,
              cancellation);
      lane.submit(question, new Task(submitter * TASKS + i));
      if (random.nextInt(10) == 0) {
        cancellation.cancel();
      }
      if (random.nextInt(16) == 0) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void everyTaskHearsExactlyOnceAndNoBoundIsPassed() throws Exception {
    List<Thread> submitters = new ArrayList<>();
    for (int i = 0; i < SUBMITTERS; i++) {
      int submitter = i;
      submitters.add(Thread.ofPlatform().start(() -> submit(submitter)));
    }
    for (Thread submitter : submitters) {
      submitter.join();
    }
    assertThat(ended.await(30, TimeUnit.SECONDS)).as("all are told in the end").isTrue();
    lane.close(Duration.ofSeconds(10));
    for (int i = 0; i < heard.length(); i++) {
      assertThat(heard.get(i)).as("task %d", i).isEqualTo(1);
    }
    assertThat(all.most.get()).isBetween(1, THREADS);
    assertThat(narrow.most.get()).isEqualTo(1);
    assertThat(pair.most.get()).isBetween(1, 2);
    LaneLoad load = lane.load();
    assertThat(load.waiting() + load.running() + load.callers()).isZero();
    assertThat(load.models()).allMatch(model -> model.running() == 0 && model.waiting() == 0);
    long refused = load.refusals().values().stream().mapToLong(Long::longValue).sum();
    assertThat(refused).as("some of them ran").isLessThan(heard.length());
    assertThat(waits.get()).as("some of them waited for a model").isPositive();
  }
}
