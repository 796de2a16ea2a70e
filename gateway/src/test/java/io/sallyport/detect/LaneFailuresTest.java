package io.sallyport.detect;

import static io.sallyport.detect.ScriptedDetector.hanging;
import static io.sallyport.detect.ScriptedDetector.score;
import static io.sallyport.detect.ScriptedDetector.scoring;
import static io.sallyport.detect.ScriptedDetector.that;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models that fail, hang or allow one run at a time, on a real lane with a clock by hand. */
@Timeout(30)
class LaneFailuresTest {
  private static final Sample DOG = new Sample.Text(Stage.PROMPT, "a dog");
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final CircuitRule RULE =
      new CircuitRule(4, 3, Duration.ofSeconds(1), Duration.ofSeconds(8));
  private static final ModelUse MODEL = new ModelUse("m", "v1", 0, Duration.ofSeconds(2));
  private static final ModelUse NARROW = new ModelUse("m", "v1", 1, Duration.ofSeconds(2));

  private final AtomicLong clock = new AtomicLong(1_000);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<DetectorRun> runs = Collections.synchronizedList(new ArrayList<>());
  private final List<String> news = Collections.synchronizedList(new ArrayList<>());
  private InferenceLane lane = lane(1, 1);

  private InferenceLane lane(int threads, int spares) {
    LaneListener listener =
        new LaneListener() {
          @Override
          public void circuit(CircuitChange change) {
            news.add(change.model() + " " + change.state().wire());
          }

          @Override
          public void threadLost(boolean replaced) {
            news.add(replaced ? "lost, replaced" : "lost");
          }

          @Override
          public void threadReturned() {
            news.add("returned");
          }
        };
    LaneOptions options = new LaneOptions(threads, 8, spares, Duration.ofSeconds(2), RULE);
    return new InferenceLane("failures", options, listener, clock::get);
  }

  @AfterEach
  void release() {
    released.countDown();
    lane.close();
  }

  private DetectorPanel panel(ScriptedDetector... detectors) {
    Bench<String> bench =
        new Bench<>(Sample.Text.class, sample -> "a dog", Arrays.asList(detectors));
    return new DetectorPanel(lane, List.of(bench), runs::add);
  }

  private CompletableFuture<List<Signal>> start(DetectorPanel panel, long nanos, String... wanted) {
    var names = new LinkedHashSet<>(List.of(wanted));
    return panel
        .inspect("acme", names, DOG, lane.now() + nanos, new Cancellation())
        .toCompletableFuture();
  }

  private List<Signal> ask(DetectorPanel panel, String... wanted) throws Exception {
    return start(panel, HOUR, wanted).get(10, TimeUnit.SECONDS);
  }

  private static Signal missing(String name, Cause cause) {
    return new Signal.Unavailable(name, Stage.PROMPT, cause);
  }

  private CircuitState circuit() {
    return lane.load().models().getFirst().circuit();
  }

  private static ScriptedDetector failing(String name) {
    return that(
        name,
        (stage, text) -> {
          throw new IllegalStateException("scripted");
        });
  }

  @Test
  void aModelThatFailsRepeatedlyIsLeftAloneAndAnswersAtOnce() throws Exception {
    ScriptedDetector broken = failing("a").over(MODEL);
    DetectorPanel panel = panel(broken, scoring("b", 0.2));
    for (int i = 0; i < 3; i++) {
      assertThat(ask(panel, "a", "b")).containsExactly(missing("a", Cause.CRASH), score("b", 0.2));
    }
    assertThat(ask(panel, "a", "b"))
        .containsExactly(missing("a", Cause.CIRCUIT_OPEN), score("b", 0.2));
    assertThat(broken.asked).hasValue(3);
    assertThat(runs.get(runs.size() - 2).result()).isEqualTo("circuit_open");
    assertThat(runs.get(runs.size() - 2).workNanos()).isZero();
    assertThat(news).containsExactly("m open");
  }

  @Test
  void oneLiveRunTriesItAfterTheDelayAndAnAnswerBringsItBack() throws Exception {
    AtomicBoolean well = new AtomicBoolean();
    ScriptedDetector mended =
        that(
                "a",
                (stage, text) -> {
                  if (well.get()) {
                    return List.of(score("a", 0.9));
                  }
                  throw new UnavailableException(Cause.BAD_OUTPUT, "scripted");
                })
            .over(MODEL);
    DetectorPanel panel = panel(mended);
    for (int i = 0; i < 4; i++) {
      ask(panel, "a");
    }
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(ask(panel, "a")).containsExactly(missing("a", Cause.BAD_OUTPUT));
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    well.set(true);
    assertThat(ask(panel, "a"))
        .as("twice the delay")
        .containsExactly(missing("a", Cause.CIRCUIT_OPEN));
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(ask(panel, "a")).containsExactly(score("a", 0.9));
    assertThat(circuit()).isEqualTo(CircuitState.CLOSED);
    assertThat(news).containsExactly("m open", "m half_open", "m open", "m half_open", "m closed");
  }

  @Test
  void aDetectorThatCannotSayWhichModelItAsksIsACrash() throws Exception {
    ScriptedDetector lost = scoring("a", 0.1).overNothingKnown();
    assertThat(ask(panel(lost, scoring("b", 0.2)), "a", "b"))
        .containsExactly(missing("a", Cause.CRASH), score("b", 0.2));
  }

  @Test
  void detectorsOverOneModelShareItsCircuit() throws Exception {
    ScriptedDetector other = scoring("b", 0.2).over(MODEL);
    DetectorPanel panel = panel(failing("a").over(MODEL), other);
    for (int i = 0; i < 3; i++) {
      ask(panel, "a");
    }
    assertThat(ask(panel, "b")).containsExactly(missing("b", Cause.CIRCUIT_OPEN));
    assertThat(other.asked).hasValue(0);
  }

  private ScriptedDetector slow(long workNanos) {
    return that(
            "a",
            (stage, text) -> {
              clock.addAndGet(workNanos);
              throw new UnavailableException(Cause.TIMEOUT, "scripted");
            })
        .over(MODEL);
  }

  /** An hour for the question, two seconds by the card: the card is what it overran. */
  @Test
  void aRunThatOverrunsItsOwnDeadlineCountsAgainstTheModel() throws Exception {
    DetectorPanel panel = panel(slow(TimeUnit.SECONDS.toNanos(2)));
    for (int i = 0; i < 3; i++) {
      ask(panel, "a");
    }
    assertThat(circuit()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void anAnswerThatComesAfterTheDeadlineCountsAgainstTheModelToo() throws Exception {
    ScriptedDetector late =
        that(
                "a",
                (stage, text) -> {
                  clock.addAndGet(2 * HOUR);
                  return List.of(score("a", 0.9));
                })
            .over(MODEL);
    DetectorPanel panel = panel(late);
    for (int i = 0; i < 3; i++) {
      ask(panel, "a");
    }
    assertThat(circuit()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aRunThatHadHardlyAnyTimeLeftDoesNot() throws Exception {
    DetectorPanel panel = panel(slow(TimeUnit.SECONDS.toNanos(2) - 1));
    for (int i = 0; i < 20; i++) {
      ask(panel, "a");
    }
    assertThat(circuit()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aSampleThatWaitedItsTimeAwayDoesNotCountEither() throws Exception {
    ScriptedDetector innocent = scoring("b", 0.5).over(MODEL);
    DetectorPanel panel = panel(hanging("a", entered, released), innocent);
    start(panel, HOUR, "a");
    entered.await();
    List<CompletableFuture<List<Signal>>> late = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      late.add(start(panel, TimeUnit.MILLISECONDS.toNanos(1), "b"));
    }
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    lane.look();
    for (var answer : late) {
      assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly(missing("b", Cause.TIMEOUT));
    }
    released.countDown();
    assertThat(ask(panel, "b")).containsExactly(score("b", 0.5));
    assertThat(innocent.asked).hasValue(1);
    assertThat(news).isEmpty();
  }

  @Test
  void aNarrowModelLetsOthersUseTheThreadMeanwhile() throws Exception {
    lane.close();
    lane = lane(2, 0);
    DetectorPanel panel =
        panel(
            hanging("a", entered, released).over(NARROW),
            scoring("b", 0.2).over(NARROW),
            scoring("c", 0.3));
    var first = start(panel, HOUR, "a");
    entered.await();
    var second = start(panel, HOUR, "b");
    assertThat(ask(panel, "c")).as("the other thread is free").containsExactly(score("c", 0.3));
    assertThat(second).isNotDone();
    assertThat(lane.load().models()).containsExactly(new ModelLoad("m", 1, 1, CircuitState.CLOSED));
    released.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS)).containsExactly(score("a", 1));
    assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly(score("b", 0.2));
  }

  @Test
  void whoeverNeedWaitNoLongerIsTakenByAnIdleThreadAtOnce() throws Exception {
    lane.close();
    lane = lane(2, 0);
    CountDownLatch second = new CountDownLatch(1);
    DetectorPanel panel =
        panel(
            hanging("a", entered, second).over(NARROW),
            hanging("x", new CountDownLatch(1), released),
            scoring("b", 0.2).over(NARROW));
    var first = start(panel, HOUR, "a", "x");
    entered.await();
    var waiting = start(panel, HOUR, "b");
    until(() -> lane.load().models().getFirst().waiting() == 1);
    second.countDown();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(score("b", 0.2));
    assertThat(first).as("its thread goes on elsewhere").isNotDone();
  }

  @Test
  void afterClosingNobodyBeginsToWaitForAModel() throws Exception {
    lane.close();
    lane = lane(2, 0);
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch there = new CountDownLatch(1);
    DetectorPanel panel =
        panel(
            hanging("a", entered, released).over(NARROW),
            hanging("b", there, second),
            scoring("c", 0.2).over(NARROW));
    start(panel, HOUR, "a");
    entered.await();
    var late = start(panel, HOUR, "b", "c");
    there.await();
    lane.close();
    second.countDown();
    assertThat(late.get(10, TimeUnit.SECONDS))
        .containsExactly(score("b", 1), missing("c", Cause.OVERLOAD));
  }

  private static void until(BooleanSupplier state) {
    while (!state.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatWaitsForAModelIsPreparedOnceAndGoesOnWhereItWas() throws Exception {
    lane.close();
    lane = lane(2, 0);
    ScriptedDetector before = scoring("b", 0.1);
    DetectorPanel panel =
        panel(
            hanging("a", entered, released).over(NARROW),
            before,
            scoring("c", 0.2).over(NARROW),
            scoring("d", 0.3));
    start(panel, HOUR, "a");
    entered.await();
    var waiting = start(panel, HOUR, "b", "c", "d");
    until(() -> lane.load().models().getFirst().waiting() == 1);
    released.countDown();
    assertThat(waiting.get(10, TimeUnit.SECONDS))
        .containsExactly(score("b", 0.1), score("c", 0.2), score("d", 0.3));
    assertThat(before.asked).hasValue(1);
    assertThat(runs).filteredOn(run -> run.detector().equals("prepare")).hasSize(2);
  }

  @Test
  void closingAnswersWhoeverWaitsForAModel() throws Exception {
    lane.close();
    lane = lane(2, 0);
    DetectorPanel panel =
        panel(hanging("a", entered, released).over(NARROW), scoring("b", 0.2).over(NARROW));
    start(panel, HOUR, "a");
    entered.await();
    var waiting = start(panel, HOUR, "b");
    until(() -> lane.load().models().getFirst().waiting() == 1);
    lane.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(missing("b", Cause.OVERLOAD));
  }

  /** Hangs in the lane's only thread until its task is so late that the thread is given up. */
  private DetectorPanel loseTheThread() throws Exception {
    DetectorPanel panel =
        panel(
            hanging("a", entered, released).over(MODEL),
            scoring("b", 0.2),
            scoring("c", 0.3).over(MODEL));
    start(panel, TimeUnit.SECONDS.toNanos(1), "a");
    entered.await();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(3) - 1);
    lane.look();
    assertThat(lane.load().threadsLost()).as("a moment too soon").isZero();
    clock.addAndGet(1);
    lane.look();
    assertThat(lane.load().threadsLost()).isEqualTo(1);
    return panel;
  }

  @Test
  void aThreadThatHangsIsReplacedAndItsModelLeftAlone() throws Exception {
    DetectorPanel panel = loseTheThread();
    assertThat(lane.load().threads()).isEqualTo(1);
    assertThat(ask(panel, "b", "c"))
        .containsExactly(score("b", 0.2), missing("c", Cause.CIRCUIT_OPEN));
    clock.addAndGet(HOUR);
    assertThat(ask(panel, "c"))
        .as("nobody tries a model that hangs")
        .containsExactly(missing("c", Cause.CIRCUIT_OPEN));
    assertThat(news).containsExactly("m open", "lost, replaced");
  }

  @Test
  void aThreadThatComesBackAfterAllMakesTheSpareOneSuperfluous() throws Exception {
    DetectorPanel panel = loseTheThread();
    released.countDown();
    until(() -> lane.load().threadsLost() == 0);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(ask(panel, "c")).as("the try").containsExactly(score("c", 0.3));
    assertThat(lane.load().threads()).isEqualTo(1);
    assertThat(news)
        .containsExactlyInAnyOrder(
            "m open", "lost, replaced", "returned", "m half_open", "m closed");
  }

  @Test
  void beyondTheSparesTheLaneGoesOnWithFewerThreads() throws Exception {
    lane.close();
    lane = lane(2, 1);
    CountDownLatch three = new CountDownLatch(3);
    ModelUse[] models = new ModelUse[3];
    ScriptedDetector[] hangs = new ScriptedDetector[3];
    for (int i = 0; i < 3; i++) {
      models[i] = new ModelUse("m" + i, "v1", 0, Duration.ofSeconds(2));
      hangs[i] = hanging("a" + i, three, released).over(models[i]);
    }
    DetectorPanel panel = panel(hangs);
    start(panel, TimeUnit.SECONDS.toNanos(1), "a0");
    start(panel, TimeUnit.SECONDS.toNanos(1), "a1");
    until(() -> three.getCount() == 1);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(3));
    lane.look();
    assertThat(lane.load().threads()).isEqualTo(1);
    assertThat(lane.load().threadsLost()).isEqualTo(2);
    start(panel, TimeUnit.SECONDS.toNanos(1), "a2");
    three.await();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(3));
    lane.look();
    assertThat(lane.load().threads()).isZero();
    assertThat(lane.load().threadsLost()).isEqualTo(3);
    assertThat(news)
        .filteredOn(it -> it.startsWith("lost"))
        .containsExactly("lost, replaced", "lost", "lost");
  }
}
