package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a lane does with more work than it can do: without threads, on a clock of its own. */
class LaneOverloadTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Consumer<Turn> DEAF = turn -> {};

  private final Paces paces = new Paces();
  private final LaneState state = new LaneState(256, 1, CircuitRule.DEFAULTS, change -> {});
  private long now = 1_000;
  private int inTime;

  private Ticket prompt(String caller, long withinMs) {
    Sample sample = new Sample.Text(Stage.PROMPT, "a dog");
    return ticket(new Question(caller, sample, now + withinMs * MS, new Cancellation()));
  }

  private Ticket image(String caller, long withinMs) {
    Sample sample = new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.allocate(0));
    return ticket(new Question(caller, sample, now + withinMs * MS, new Cancellation()));
  }

  private Ticket ticket(Question question) {
    return new Ticket(
        question.caller(),
        question.deadlineNanos(),
        question.dueNanos(now),
        paces.of(question.sample().stage()),
        question.cancellation(),
        DEAF);
  }

  /** Serves one task that takes so long; what was served, when it ended in time. */
  private Ticket serve(long promptNanos, long imageNanos) {
    for (Ticket next = state.next(now); next != null; next = state.next(now)) {
      if (next.refusal == null) {
        boolean image = next.pace == paces.of(Stage.OUTPUT_IMAGE);
        now += image ? imageNanos : promptNanos;
        state.finished(next, now);
        return next;
      }
    }
    return null;
  }

  /** First without knowing how long a prompt takes, then for a minute at three times the speed. */
  @Test
  void anOverloadedLaneSpendsItsTimeOnAnswersInTime() {
    long start = now;
    long arrival = now;
    while (now - start < 60_000 * MS) {
      for (; arrival <= now; arrival += 10 * MS) {
        state.admit(prompt("a", 2_000), now);
      }
      Ticket served = serve(30 * MS, 0);
      if (served != null && served.deadlineNanos - now > 0) {
        inTime++;
      }
    }
    assertThat(inTime).as("of 2,000 that the lane could do").isGreaterThan(1_900);
    assertThat(state.refusals().counts().get(LaneRefusal.TOO_LATE)).isGreaterThan(3_000);
    assertThat(state.refusals().counts().get(LaneRefusal.FULL)).isZero();
  }

  /** Each prompt that is let in brings a picture later, which costs more than the prompt. */
  @Test
  void whatWasBegunIsFinishedBeforeMoreIsLetIn() {
    long start = now;
    long arrival = now;
    Deque<String> made = new ArrayDeque<>();
    while (now - start < 60_000 * MS) {
      for (; arrival <= now; arrival += 20 * MS) {
        state.admit(prompt("a", 2_000), now);
      }
      while (!made.isEmpty()) {
        state.admit(image(made.poll(), 10_000), now);
      }
      Ticket served = serve(20 * MS, 40 * MS);
      if (served != null && served.pace == paces.of(Stage.OUTPUT_IMAGE)) {
        inTime++;
      } else if (served != null && served.deadlineNanos - now > 0) {
        made.add("a");
      }
    }
    assertThat(inTime).as("pictures of 1,000 that the lane could do").isGreaterThan(940);
  }

  @Test
  void aBacklogOfOneCallerRefusesNobodyElse() {
    served(100 * MS);
    int admitted = 0;
    while (state.admit(prompt("flood", 2_000), now)) {
      admitted++;
    }
    assertThat(admitted).isBetween(15, 20);
    assertThat(state.admit(prompt("other", 2_000), now)).isTrue();
  }

  @Test
  void workThatIsDueLaterRefusesNobody() {
    served(100 * MS);
    for (int i = 0; i < 50; i++) {
      assertThat(state.admit(prompt("a", 60_000), now)).isTrue();
    }
    assertThat(state.admit(prompt("a", 500), now)).isTrue();
  }

  @Test
  void whoeverComesToAnEmptyLaneIsLetInHoweverLongTheLastOnesTook() {
    served(5_000 * MS);
    assertThat(state.admit(prompt("a", 100), now)).isTrue();
    assertThat(state.next(now).refusal).isNull();
  }

  @Test
  void aTaskThatCannotEndInTimeGivesWayToTheNext() {
    Ticket first = prompt("a", 200);
    Ticket second = prompt("a", 400);
    state.admit(first, now);
    state.admit(second, now);
    paces.of(Stage.PROMPT).took(100 * MS);
    now += 150 * MS;
    assertThat(state.next(now)).isSameAs(first);
    assertThat(first.refusal).isEqualTo(LaneRefusal.TOO_LATE);
    assertThat(state.next(now)).isSameAs(second);
    assertThat(second.refusal).isNull();
  }

  /** A wrong expectation would otherwise refuse everybody for ever. */
  @Test
  void anExpectationThatRefusesEverybodyShrinks() {
    Pace pace = new Pace();
    pace.took(60_000 * MS);
    for (int i = 0; i < 1_000; i++) {
      pace.givenUp();
    }
    assertThat(pace.expectedNanos()).isLessThan(MS);
  }

  private void served(long nanos) {
    state.admit(prompt("before", 60_000), now);
    serve(nanos, 0);
  }
}
