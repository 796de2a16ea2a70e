package io.sallyport.detect;

import static io.sallyport.detect.ScriptedDetector.score;
import static io.sallyport.detect.ScriptedDetector.scoring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Detectors whose answers come from elsewhere, beside detectors of this machine. */
@Timeout(30)
class AwaitedDetectorTest {
  private static final Sample DOG = new Sample.Text(Stage.PROMPT, "a dog");
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final InferenceLane lane = new InferenceLane("test", 1, 4, System::nanoTime);
  private final List<DetectorRun> runs = Collections.synchronizedList(new ArrayList<>());
  private final Cancellation cancellation = new Cancellation();

  @AfterEach
  void close() {
    lane.close();
  }

  /** A detector that a test answers for. */
  private static final class Elsewhere implements AwaitedDetector<String> {
    private final CompletableFuture<List<Signal>> answer = new CompletableFuture<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile String thread = "";
    private volatile boolean throwing;

    @Override
    public String name() {
      return "elsewhere";
    }

    @Override
    public Set<Stage> stages() {
      return Set.of(Stage.PROMPT);
    }

    @Override
    public Set<String> labels() {
      return Set.of("dog");
    }

    @Override
    public String digest() {
      return "digest";
    }

    @Override
    public CompletableFuture<List<Signal>> ask(Stage stage, String sample, long deadlineNanos)
        throws UnavailableException {
      thread = Thread.currentThread().getName();
      asked.countDown();
      if (throwing) {
        throw new UnavailableException(Cause.TOO_LARGE, "scripted");
      }
      return answer;
    }
  }

  @Test
  void holdsNoLaneThreadWhileItWaits() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    CompletableFuture<List<Signal>> waiting = start(HOUR, elsewhere);
    assertThat(elsewhere.asked.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(elsewhere.thread).startsWith("lane-test-");

    // The lane has one thread: an answer of another detector shows that it is free.
    assertThat(start(HOUR, scoring("here", 0.3)).get(10, TimeUnit.SECONDS))
        .containsExactly(score("here", 0.3));
    assertThat(waiting).isNotDone();
    elsewhere.answer.complete(List.of(score("elsewhere", 0.7)));
    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(score("elsewhere", 0.7));
  }

  @Test
  void joinsAnswersOfBothKindsOverOnePreparation() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    elsewhere.answer.complete(List.of(score("elsewhere", 0.7)));

    assertThat(start(HOUR, scoring("here", 0.3), elsewhere).get(10, TimeUnit.SECONDS))
        .containsExactlyInAnyOrder(score("here", 0.3), score("elsewhere", 0.7));
    assertThat(results()).containsExactlyInAnyOrder("prepare=ok", "here=ok", "elsewhere=ok");
  }

  @Test
  void isUnavailableAtTheDeadlineAndTheCallIsCancelled() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    CompletableFuture<List<Signal>> answers =
        start(TimeUnit.SECONDS.toNanos(3), scoring("here", 0.3), elsewhere);

    assertThat(answers.get(10, TimeUnit.SECONDS))
        .containsExactlyInAnyOrder(score("here", 0.3), missing(Cause.TIMEOUT));
    assertThat(results()).contains("elsewhere=timeout");
    // The answer goes out first: whoever waits for it does not wait for the cancelling.
    assertThat(elsewhere.answer)
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(CancellationException.class);
  }

  @Test
  void isUnavailableForTheReasonThatItGives() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    elsewhere.answer.completeExceptionally(new UnavailableException(Cause.OVERLOAD, "full"));

    assertThat(start(HOUR, elsewhere).get(10, TimeUnit.SECONDS))
        .containsExactly(missing(Cause.OVERLOAD));
    assertThat(results()).contains("elsewhere=overload");
  }

  @Test
  void survivesWhateverItThrows() throws Exception {
    Elsewhere broken = new Elsewhere();
    broken.answer.completeExceptionally(new StackOverflowError());
    Elsewhere refusing = new Elsewhere();
    refusing.throwing = true;

    assertThat(start(HOUR, broken).get(10, TimeUnit.SECONDS)).containsExactly(missing(Cause.CRASH));
    assertThat(start(HOUR, refusing).get(10, TimeUnit.SECONDS))
        .containsExactly(missing(Cause.TOO_LARGE));
  }

  @Test
  void isHeldToTheRulesOfEveryDetector() throws Exception {
    for (List<Signal> wrong :
        List.of(
            List.<Signal>of(),
            List.of(score("somebody-else", 1)),
            List.<Signal>of(new Signal.Score("elsewhere", Stage.PROMPT, "cat", 1)),
            List.<Signal>of(new Signal.Score("elsewhere", Stage.OUTPUT_IMAGE, "dog", 1)))) {
      Elsewhere elsewhere = new Elsewhere();
      elsewhere.answer.complete(wrong);

      assertThat(start(HOUR, elsewhere).get(10, TimeUnit.SECONDS))
          .containsExactly(missing(Cause.BAD_OUTPUT));
    }
  }

  @Test
  void isUnavailableAsTheSampleIs() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    Bench<String> bench =
        new Bench<>(
            Sample.Text.class,
            sample -> {
              throw new UnavailableException(Cause.UNDECODABLE, "scripted");
            },
            List.of(elsewhere));

    assertThat(start(new DetectorPanel(lane, List.of(bench), runs::add), HOUR, bench))
        .succeedsWithin(10, TimeUnit.SECONDS)
        .isEqualTo(List.of(missing(Cause.UNDECODABLE)));
    assertThat(elsewhere.asked.getCount()).isEqualTo(1);
  }

  @Test
  void isOverloadedWhenTheLaneIs() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    lane.close();

    assertThat(start(HOUR, elsewhere).get(10, TimeUnit.SECONDS))
        .containsExactly(missing(Cause.OVERLOAD));
  }

  @Test
  void isNotAskedWhenNobodyWaits() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    cancellation.cancel();

    assertThat(start(HOUR, elsewhere).get(10, TimeUnit.SECONDS))
        .containsExactly(missing(Cause.TIMEOUT));
    assertThat(elsewhere.asked.getCount()).isEqualTo(1);
  }

  /** The question may still be made of the sample when all else has ended. */
  @Test
  void keepsWhatWasPreparedForAQuestionThatIsUnderWay() throws Exception {
    List<String> released = Collections.synchronizedList(new ArrayList<>());
    Elsewhere elsewhere = new Elsewhere();
    DetectorPanel panel = panel(released, elsewhere, scoring("here", 0.3));
    CompletableFuture<List<Signal>> waiting = inspect(panel, "a dog", "here", "elsewhere");
    assertThat(elsewhere.asked.await(10, TimeUnit.SECONDS)).isTrue();

    // The lane has one thread: once it answers the third, it has left both samples before.
    inspect(panel, "a cat", "here").get(10, TimeUnit.SECONDS);
    inspect(panel, "a cow", "here").get(10, TimeUnit.SECONDS);
    assertThat(released).contains("a cat").doesNotContain("a dog");

    elsewhere.answer.complete(List.of(score("elsewhere", 0.7)));
    assertThat(waiting.get(10, TimeUnit.SECONDS)).hasSize(2);
    inspect(panel, "a hen", "here").get(10, TimeUnit.SECONDS);
    assertThat(released).doesNotContain("a dog");
  }

  /** A swap lets go of a version while its question is under way: it is closed after the answer. */
  @Test
  void aVersionThatIsSwappedOutIsClosedAfterItsLastAnswerAndAskedNoMore() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    UseCount uses = new UseCount(closed::countDown);
    Elsewhere elsewhere = new Elsewhere();
    DetectorPanel panel = panel(new ArrayList<>(), HeldDetector.of(elsewhere, uses));
    CompletableFuture<List<Signal>> waiting = inspect(panel, "a dog", "elsewhere");
    assertThat(elsewhere.asked.await(10, TimeUnit.SECONDS)).isTrue();

    uses.leave();
    assertThat(closed.getCount()).as("a question is under way").isEqualTo(1);
    elsewhere.answer.complete(List.of(score("elsewhere", 0.7)));

    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(score("elsewhere", 0.7));
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(inspect(panel, "a cat", "elsewhere").get(10, TimeUnit.SECONDS))
        .containsExactly(missing(Cause.TIMEOUT));
  }

  @Test
  void aVersionThatIsSwappedOutIsClosedWhenItsQuestionIsGivenUp() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    UseCount uses = new UseCount(closed::countDown);
    Elsewhere silent = new Elsewhere();
    DetectorPanel panel = panel(new ArrayList<>(), HeldDetector.of(silent, uses));
    CompletableFuture<List<Signal>> waiting =
        inspect(panel, TimeUnit.SECONDS.toNanos(2), "a dog", "elsewhere");
    uses.leave();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(missing(Cause.TIMEOUT));
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** A panel over texts as they are, that notes which it is told to release. */
  @SafeVarargs
  private DetectorPanel panel(List<String> released, Detector<String>... detectors) {
    Preparer<String> preparer =
        new Preparer<>() {
          @Override
          public String prepare(Sample sample) {
            return ((Sample.Text) sample).value();
          }

          @Override
          public void release(String prepared) {
            released.add(prepared);
          }
        };
    Bench<String> bench = new Bench<>(Sample.Text.class, preparer, List.of(detectors));
    return new DetectorPanel(lane, List.of(bench), runs::add);
  }

  private CompletableFuture<List<Signal>> inspect(
      DetectorPanel panel, String text, String... wanted) {
    return inspect(panel, HOUR, text, wanted);
  }

  private CompletableFuture<List<Signal>> inspect(
      DetectorPanel panel, long nanos, String text, String... wanted) {
    Sample sample = new Sample.Text(Stage.PROMPT, text);
    return panel
        .inspect("acme", Set.of(wanted), sample, lane.now() + nanos, cancellation)
        .toCompletableFuture();
  }

  @Test
  void canBeWaitedFor() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    elsewhere.answer.complete(List.of(score("elsewhere", 0.7)));
    assertThat(elsewhere.inspect(Stage.PROMPT, "a dog", System.nanoTime() + HOUR))
        .containsExactly(score("elsewhere", 0.7));

    Elsewhere silent = new Elsewhere();
    UnavailableException thrown =
        catchThrowableOfType(
            UnavailableException.class,
            () -> silent.inspect(Stage.PROMPT, "a dog", System.nanoTime() + 1_000_000));
    assertThat(thrown.why()).isEqualTo(Cause.TIMEOUT);
    assertThat(silent.answer).isCancelled();
  }

  @SafeVarargs
  private CompletableFuture<List<Signal>> start(long nanos, Detector<String>... detectors) {
    Bench<String> bench =
        new Bench<>(
            Sample.Text.class, sample -> ((Sample.Text) sample).value(), List.of(detectors));
    return start(new DetectorPanel(lane, List.of(bench), runs::add), nanos, bench);
  }

  private CompletableFuture<List<Signal>> start(
      DetectorPanel panel, long nanos, Bench<String> bench) {
    Set<String> names =
        bench.detectors().stream().map(Detector::name).collect(Collectors.toUnmodifiableSet());
    return panel
        .inspect("acme", names, DOG, lane.now() + nanos, cancellation)
        .toCompletableFuture();
  }

  private static Signal missing(Cause cause) {
    return new Signal.Unavailable("elsewhere", Stage.PROMPT, cause);
  }

  private List<String> results() {
    return List.copyOf(runs).stream().map(run -> run.detector() + "=" + run.result()).toList();
  }
}
