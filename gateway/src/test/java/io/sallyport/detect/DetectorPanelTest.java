package io.sallyport.detect;

import static io.sallyport.detect.ScriptedDetector.hanging;
import static io.sallyport.detect.ScriptedDetector.score;
import static io.sallyport.detect.ScriptedDetector.scoring;
import static io.sallyport.detect.ScriptedDetector.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class DetectorPanelTest {
  private static final Sample DOG = new Sample.Text(Stage.PROMPT, "a dog");
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final AtomicLong clock = new AtomicLong(1_000);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger prepared = new AtomicInteger();
  private final List<DetectorRun> runs = Collections.synchronizedList(new ArrayList<>());
  private final Cancellation cancellation = new Cancellation();
  private InferenceLane lane = new InferenceLane("test", 1, 4, clock::get);

  @AfterEach
  void release() {
    released.countDown();
    lane.close();
  }

  private void realClock() {
    lane.close();
    lane = new InferenceLane("test", 1, 4, System::nanoTime);
  }

  private DetectorPanel panel(ScriptedDetector... detectors) {
    return panel(
        sample -> {
          prepared.incrementAndGet();
          return ((Sample.Text) sample).value();
        },
        detectors);
  }

  private DetectorPanel panel(Preparer<String> preparer, ScriptedDetector... detectors) {
    Bench<String> bench = new Bench<>(Sample.Text.class, preparer, Arrays.asList(detectors));
    return new DetectorPanel(lane, List.of(bench), runs::add);
  }

  private CompletableFuture<List<Signal>> start(DetectorPanel panel, long nanos, String... wanted) {
    return panel
        .inspect(
            "acme", new LinkedHashSet<>(List.of(wanted)), DOG, lane.now() + nanos, cancellation)
        .toCompletableFuture();
  }

  private List<Signal> ask(DetectorPanel panel, String... wanted) throws Exception {
    return start(panel, HOUR, wanted).get(10, TimeUnit.SECONDS);
  }

  private static Signal missing(String name, Cause cause) {
    return new Signal.Unavailable(name, Stage.PROMPT, cause);
  }

  private List<String> results() {
    return List.copyOf(runs).stream().map(run -> run.detector() + "=" + run.result()).toList();
  }

  @Test
  void everyWantedDetectorIsAskedInTurnOnWhatWasPreparedOnce() throws Exception {
    ScriptedDetector idle = scoring("c", 1);
    DetectorPanel panel =
        panel(
            that("a", (stage, text) -> List.of(score("a", text.equals("a dog") ? 0.9 : 0))),
            scoring("b", 0.2),
            idle);
    assertThat(ask(panel, "b", "a")).containsExactly(score("a", 0.9), score("b", 0.2));
    assertThat(prepared).hasValue(1);
    assertThat(idle.asked).hasValue(0);
    assertThat(results()).containsExactly("prepare=ok", "a=ok", "b=ok");
  }

  /** Hands out its sample, and notes when it gets it back. */
  private static final class Lender implements Preparer<String> {
    final AtomicInteger back = new AtomicInteger();
    final CountDownLatch given = new CountDownLatch(1);

    @Override
    public String prepare(Sample sample) {
      return "x";
    }

    @Override
    public void release(String prepared) {
      back.incrementAndGet();
      given.countDown();
    }
  }

  @Test
  void whatWasPreparedIsReleasedAfterTheLastRound() throws Exception {
    Lender lender = new Lender();
    List<Integer> backWhenAsked = Collections.synchronizedList(new ArrayList<>());
    ScriptedDetector broken =
        that(
            "a",
            (stage, text) -> {
              backWhenAsked.add(lender.back.get());
              throw new IllegalStateException("broken");
            });
    ScriptedDetector second =
        that(
            "b",
            (stage, text) -> {
              backWhenAsked.add(lender.back.get());
              return List.of(score("b", 1));
            });
    Inquiry inquiry =
        panel(lender, broken, second).inquiry("acme", DOG, lane.now() + HOUR, cancellation);
    for (String name : List.of("a", "b")) {
      inquiry.ask(Set.of(name)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    assertThat(lender.back).hasValue(0);
    inquiry.close();
    assertThat(lender.given.await(10, TimeUnit.SECONDS)).isTrue();
    inquiry.close();
    assertThat(backWhenAsked).containsExactly(0, 0);
    assertThat(lender.back).hasValue(1);
  }

  @Test
  void whatASlowDetectorLooksAtIsNotReleasedBeforeItIsBack() throws Exception {
    realClock();
    Lender lender = new Lender();
    DetectorPanel panel = panel(lender, hanging("a", entered, released));
    var answers = start(panel, TimeUnit.MILLISECONDS.toNanos(50), "a");
    assertThat(answers.get(10, TimeUnit.SECONDS)).containsExactly(missing("a", Cause.TIMEOUT));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(lender.back).hasValue(0);
    released.countDown();
    assertThat(lender.given.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatWasRefusedHoldsNothingBack() throws Exception {
    Lender lender = new Lender();
    DetectorPanel panel = panel(lender, scoring("a", 1), scoring("b", 1));
    Inquiry inquiry = panel.inquiry("acme", DOG, lane.now() + HOUR, cancellation);
    inquiry.ask(Set.of("a")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    cancellation.cancel();
    inquiry.ask(Set.of("b")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    inquiry.close();
    assertThat(lender.given.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anInquiryPreparesOnceForAllItsRounds() throws Exception {
    ScriptedDetector second = that("b", (stage, text) -> List.of(score("b", 0.7)));
    DetectorPanel panel = panel(scoring("a", 0.5), second);
    Inquiry inquiry = panel.inquiry("acme", DOG, lane.now() + HOUR, cancellation);
    assertThat(inquiry.ask(Set.of("a")).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .containsExactly(score("a", 0.5));
    assertThat(second.asked).hasValue(0);
    assertThat(inquiry.ask(Set.of("b", "nobody")).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .containsExactly(score("b", 0.7), missing("nobody", Cause.MISSING));
    assertThat(prepared).hasValue(1);
    assertThat(results()).containsExactly("prepare=ok", "a=ok", "nobody=missing", "b=ok");
  }

  @Test
  void whatCannotBeJudgedIsLookedAtOnceForAllRounds() throws Exception {
    DetectorPanel panel =
        panel(
            sample -> {
              prepared.incrementAndGet();
              throw new UnavailableException(Cause.TOO_LARGE, "scripted");
            },
            scoring("a", 0.5),
            scoring("b", 0.5));
    Inquiry inquiry = panel.inquiry("acme", DOG, lane.now() + HOUR, cancellation);
    for (String name : List.of("a", "b")) {
      assertThat(inquiry.ask(Set.of(name)).toCompletableFuture().get(10, TimeUnit.SECONDS))
          .containsExactly(missing(name, Cause.TOO_LARGE));
    }
    assertThat(prepared).hasValue(1);
  }

  @Test
  void allRoundsOfAnInquiryShareOneDeadline() throws Exception {
    ScriptedDetector late = scoring("b", 1);
    DetectorPanel panel = panel(scoring("a", 0.5), late);
    Inquiry inquiry = panel.inquiry("acme", DOG, lane.now() + HOUR, cancellation);
    inquiry.ask(Set.of("a")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    clock.addAndGet(HOUR);
    assertThat(inquiry.ask(Set.of("b")).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .containsExactly(missing("b", Cause.TIMEOUT));
    assertThat(late.asked).hasValue(0);
  }

  @Test
  void cheapDetectorsAreAskedFirst() throws Exception {
    DetectorPanel panel =
        panel(
            scoring("far", 0.1).costing(Cost.REMOTE),
            scoring("model", 0.2),
            scoring("list", 0.3).costing(Cost.LOOKUP));
    assertThat(ask(panel, "far", "model", "list"))
        .containsExactly(score("list", 0.3), score("model", 0.2), score("far", 0.1));
    assertThat(panel.costs()).isEqualTo(Map.of("list", 0, "model", 1, "far", 2));
  }

  @Test
  void anAdvisoryDetectorIsKnownByItsName() {
    DetectorPanel panel = panel(scoring("a", 0.5), scoring("b", 0.5).asAdvice());
    assertThat(panel.advisory(Set.of("a", "b", "nobody"))).containsExactly("b");
    assertThat(panel.advisory(Set.of("a"))).isEmpty();
  }

  @Test
  void aDetectorThatHasNoAnswerSaysWhyAndTheOthersGoOn() throws Exception {
    DetectorPanel panel =
        panel(
            that(
                "a",
                (stage, text) -> {
                  throw new UnavailableException(Cause.TOO_LARGE, "513 tokens");
                }),
            scoring("b", 0.2));
    assertThat(ask(panel, "a", "b"))
        .containsExactly(missing("a", Cause.TOO_LARGE), score("b", 0.2));
    assertThat(results()).containsExactly("prepare=ok", "a=too_large", "b=ok");
    assertThat(runs.get(1).detail()).isEqualTo("513 tokens");
  }

  static Stream<Arguments> crashes() {
    ScriptedDetector.Script runtime =
        (stage, text) -> {
          throw new IllegalStateException(text);
        };
    ScriptedDetector.Script missingClass =
        (stage, text) -> {
          throw new NoClassDefFoundError("x/Y");
        };
    ScriptedDetector.Script assertion =
        (stage, text) -> {
          throw new AssertionError(text);
        };
    return Stream.of(
        arguments("exception", runtime),
        arguments("missing class", missingClass),
        arguments("assertion", assertion),
        arguments("stack overflow", (ScriptedDetector.Script) (s, text) -> List.of(deep(0))),
        arguments(
            "array too large",
            (ScriptedDetector.Script) (s, text) -> List.of(score("a", new byte[huge()].length))));
  }

  private static int huge() {
    return Integer.MAX_VALUE;
  }

  private static Signal deep(int depth) {
    return depth < 0 ? score("a", 0) : deep(Math.abs(depth + 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("crashes")
  void aDetectorThatCrashesIsOneSamplesTroubleOnly(String kind, ScriptedDetector.Script script)
      throws Exception {
    DetectorPanel panel = panel(that("a", script), scoring("b", 0.2));
    assertThat(ask(panel, "a", "b")).containsExactly(missing("a", Cause.CRASH), score("b", 0.2));
    assertThat(results()).containsExactly("prepare=ok", "a=crash", "b=ok");
    assertThat(runs.get(1).detail()).isNotEmpty().doesNotContain("a dog");
  }

  static Stream<Arguments> wrongAnswers() {
    Signal good = score("a", 0.5);
    return Stream.of(
        arguments("null", null),
        arguments("none", List.of()),
        arguments("a null among them", Arrays.asList(good, null)),
        arguments("another's name", List.of(good, score("b", 0.5))),
        arguments("another stage", List.of(new Signal.Score("a", Stage.OUTPUT_IMAGE, "dog", 0.5))),
        arguments(
            "a label not declared", List.of(new Signal.Score("a", Stage.PROMPT, "beach", 0.5))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongAnswers")
  void anAnswerThatIsWrongIsNoAnswer(String kind, List<Signal> wrong) throws Exception {
    DetectorPanel panel = panel(that("a", (stage, text) -> wrong), scoring("b", 0.2));
    assertThat(ask(panel, "a", "b"))
        .containsExactly(missing("a", Cause.BAD_OUTPUT), score("b", 0.2));
    assertThat(results()).containsExactly("prepare=ok", "a=bad_output", "b=ok");
  }

  @Test
  void aDetectorMayItselfSayThatItHasNoAnswer() throws Exception {
    DetectorPanel panel =
        panel(that("a", (stage, text) -> List.of(missing("a", Cause.UNSUPPORTED))));
    assertThat(ask(panel, "a")).containsExactly(missing("a", Cause.UNSUPPORTED));
    assertThat(results()).containsExactly("prepare=ok", "a=unsupported");
  }

  @Test
  void aSampleThatCannotBePreparedIsUnavailableToAll() throws Exception {
    ScriptedDetector a = scoring("a", 1);
    DetectorPanel panel =
        panel(
            sample -> {
              throw new UnavailableException(Cause.UNDECODABLE, "truncated");
            },
            a,
            scoring("b", 1));
    assertThat(ask(panel, "a", "b"))
        .containsExactly(missing("a", Cause.UNDECODABLE), missing("b", Cause.UNDECODABLE));
    assertThat(a.asked).hasValue(0);
    assertThat(results()).containsExactly("prepare=undecodable", "a=undecodable", "b=undecodable");
  }

  @Test
  void aPreparationThatCrashesIsACrashOfAll() throws Exception {
    DetectorPanel panel =
        panel(
            sample -> {
              throw new StackOverflowError();
            },
            scoring("a", 1));
    assertThat(ask(panel, "a")).containsExactly(missing("a", Cause.CRASH));
  }

  @Test
  void aHangingDetectorEndsAtTheDeadlineWithTheAnswersThereAre() throws Exception {
    realClock();
    DetectorPanel panel =
        panel(scoring("a", 0.1), hanging("b", entered, released), scoring("c", 0.3));
    var answer = start(panel, TimeUnit.MILLISECONDS.toNanos(500), "a", "b", "c");
    List<Signal> signals = answer.get(10, TimeUnit.SECONDS);
    assertThat(released.getCount()).as("still hanging").isEqualTo(1);
    assertThat(signals)
        .containsExactly(score("a", 0.1), missing("b", Cause.TIMEOUT), missing("c", Cause.TIMEOUT));
    assertThat(results()).containsExactly("prepare=ok", "a=ok", "b=timeout", "c=timeout");
  }

  @Test
  void aLateAnswerIsDropped() throws Exception {
    realClock();
    DetectorPanel panel = panel(hanging("a", entered, released), scoring("b", 0.2));
    var answer = start(panel, TimeUnit.MILLISECONDS.toNanos(50), "a");
    List<Signal> signals = answer.get(10, TimeUnit.SECONDS);
    released.countDown();
    assertThat(ask(panel, "b")).as("the thread is free again").hasSize(1);
    assertThat(signals).containsExactly(missing("a", Cause.TIMEOUT));
    assertThat(results()).containsExactly("prepare=ok", "a=timeout", "prepare=ok", "b=ok");
  }

  @Test
  void noDetectorStartsAfterTheDeadline() throws Exception {
    ScriptedDetector second = scoring("b", 1);
    DetectorPanel panel =
        panel(
            that(
                "a",
                (stage, text) -> {
                  clock.addAndGet(2 * HOUR);
                  return List.of(score("a", 0.1));
                }),
            second);
    assertThat(ask(panel, "a", "b")).containsExactly(score("a", 0.1), missing("b", Cause.TIMEOUT));
    assertThat(second.asked).hasValue(0);
    assertThat(runs.getLast().workNanos()).as("it never worked").isZero();
  }

  @Test
  void nothingStartsOnceNobodyWaits() throws Exception {
    ScriptedDetector second = scoring("b", 1);
    DetectorPanel panel =
        panel(
            that(
                "a",
                (stage, text) -> {
                  cancellation.cancel();
                  return List.of(score("a", 0.1));
                }),
            second);
    assertThat(ask(panel, "a", "b")).containsExactly(score("a", 0.1), missing("b", Cause.TIMEOUT));
    assertThat(second.asked).hasValue(0);
    assertThat(ask(panel, "a", "b"))
        .containsExactly(missing("a", Cause.TIMEOUT), missing("b", Cause.TIMEOUT));
  }

  @Test
  void aFullLaneIsOverloadForEveryDetector() throws Exception {
    DetectorPanel panel = panel(hanging("a", entered, released), scoring("b", 1));
    start(panel, HOUR, "a");
    entered.await();
    for (int i = 0; i < lane.load().queueMax(); i++) {
      start(panel, HOUR, "b");
    }
    var refused = start(panel, HOUR, "a", "b");
    assertThat(refused).isCompleted();
    assertThat(refused.get())
        .containsExactly(missing("a", Cause.OVERLOAD), missing("b", Cause.OVERLOAD));
    assertThat(results()).endsWith("a=overload", "b=overload");
  }

  @Test
  void aSampleThatWaitsTooLongTimesOutInTheQueue() throws Exception {
    realClock();
    ScriptedDetector waiting = scoring("b", 1);
    DetectorPanel panel = panel(hanging("a", entered, released), waiting);
    start(panel, HOUR, "a");
    entered.await();
    var late = start(panel, TimeUnit.MILLISECONDS.toNanos(30), "b");
    assertThat(late.get(10, TimeUnit.SECONDS)).containsExactly(missing("b", Cause.TIMEOUT));
    DetectorRun run = runs.getLast();
    assertThat(run.queueNanos()).isPositive();
    assertThat(run.workNanos()).isZero();
    released.countDown();
    lane.close(java.time.Duration.ofSeconds(10));
    assertThat(waiting.asked).hasValue(0);
  }

  @Test
  void closingInFlightAnswersEverybody() throws Exception {
    realClock();
    DetectorPanel panel = panel(hanging("a", entered, released), scoring("b", 1));
    var running = start(panel, TimeUnit.MILLISECONDS.toNanos(150), "a");
    entered.await();
    var queued = start(panel, HOUR, "b");
    lane.close();
    assertThat(queued.get(10, TimeUnit.SECONDS)).containsExactly(missing("b", Cause.OVERLOAD));
    assertThat(running.get(10, TimeUnit.SECONDS)).containsExactly(missing("a", Cause.TIMEOUT));
    assertThat(start(panel, HOUR, "b").get(10, TimeUnit.SECONDS))
        .containsExactly(missing("b", Cause.OVERLOAD));
  }

  @Test
  void aNameThatThePanelDoesNotKnowIsExpectedEverywhereAndMissing() throws Exception {
    DetectorPanel panel = panel(scoring("a", 0.1));
    Set<String> policy = Set.of("a", "gone");
    assertThat(panel.expected(Stage.PROMPT, policy)).containsExactlyInAnyOrder("a", "gone");
    assertThat(panel.expected(Stage.OUTPUT_IMAGE, policy)).containsExactly("gone");
    assertThat(panel.digests(policy)).isEqualTo(Map.of("a", "digest-of-a"));
    assertThat(ask(panel, "a", "gone"))
        .containsExactly(score("a", 0.1), missing("gone", Cause.MISSING));
    assertThat(results()).contains("gone=missing");
  }

  @Test
  void aDetectorThatDoesNotLookAtTheStageIsMissingThere() throws Exception {
    ScriptedDetector elsewhere = scoring("a", 1).at(Set.of(Stage.OUTPUT_IMAGE));
    assertThat(ask(panel(elsewhere), "a")).containsExactly(missing("a", Cause.MISSING));
    assertThat(elsewhere.asked).hasValue(0);
  }

  @Test
  void aKindOfSampleWithoutABenchIsMissingToAll() throws Exception {
    Sample image = new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.allocate(1));
    assertThat(
            panel(scoring("a", 1))
                .inspect("acme", Set.of("a"), image, HOUR, cancellation)
                .toCompletableFuture()
                .get())
        .containsExactly(new Signal.Unavailable("a", Stage.OUTPUT_IMAGE, Cause.MISSING));
  }

  @Test
  void whoWantsNothingGetsNothingWithoutTroublingTheLane() {
    lane.close();
    assertThat(start(panel(scoring("a", 1)), HOUR)).isCompletedWithValue(List.of());
    assertThat(prepared).hasValue(0);
  }

  @Test
  void aListenerThatThrowsBreaksNoCheck() throws Exception {
    Bench<String> bench = new Bench<>(Sample.Text.class, sample -> "x", List.of(scoring("a", 0.1)));
    DetectorPanel panel =
        new DetectorPanel(
            lane,
            List.of(bench),
            run -> {
              throw new IllegalStateException("scripted");
            });
    assertThat(ask(panel, "a", "gone"))
        .containsExactly(score("a", 0.1), missing("gone", Cause.MISSING));
  }

  @Test
  void namesAndKindsAreUnique() {
    assertThatThrownBy(() -> panel(scoring("a", 1), scoring("a", 1)))
        .hasMessage("two detectors named a");
    Bench<String> bench = new Bench<>(Sample.Text.class, sample -> "x", List.of());
    assertThatThrownBy(() -> new DetectorPanel(lane, List.of(bench, bench), runs::add))
        .hasMessage("two benches for Text");
  }

  /**
   * Whatever detectors do, each sample gets an answer about each wanted detector, and only that.
   */
  @Test
  void underLoadEverySampleGetsOneAnswerPerDetector() throws Exception {
    lane.close();
    lane = new InferenceLane("load", 3, 40, System::nanoTime);
    SplittableRandom seeded = new SplittableRandom(20261122);
    DetectorPanel panel =
        panel(
            scoring("a", 0.5),
            that(
                "b",
                (stage, text) -> {
                  Thread.yield();
                  throw new IllegalStateException("scripted");
                }),
            that(
                "c",
                (stage, text) -> {
                  Thread.sleep(0, 200_000);
                  return List.of(score("c", 1));
                }));
    List<Thread> callers = new ArrayList<>();
    List<CompletableFuture<List<Signal>>> answers = Collections.synchronizedList(new ArrayList<>());
    for (int caller = 0; caller < 4; caller++) {
      SplittableRandom random = seeded.split();
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 150; i++) {
                      answers.add(start(panel, random.nextLong(1, 3_000_000), "a", "b", "c"));
                      Thread.yield();
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(answers).hasSize(600);
    for (var answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS))
          .extracting(Signal::detector)
          .containsExactly("a", "b", "c");
    }
    assertThat(runs).filteredOn(run -> !run.detector().equals("prepare")).hasSize(1800);
  }
}
