package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.Turnstile.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whose turn it is, who is refused, and who waits for a model: without threads, by hand. */
class LaneStateTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long FAR = 3_600_000 * MS;
  private static final Consumer<Turn> DEAF = turn -> {};

  private final List<CircuitChange> changes = new ArrayList<>();
  private final LaneState state = lane(1_000);
  private final List<Ticket> all = new ArrayList<>();
  private long now = 1_000;

  private LaneState lane(int queueMax) {
    return new LaneState(
        queueMax,
        1,
        new CircuitRule(2, 2, Duration.ofMillis(1), Duration.ofMillis(8)),
        changes::add);
  }

  private Ticket ticket(String caller, long deadlineMs) {
    return ticket(caller, deadlineMs, new Cancellation());
  }

  private Ticket ticket(String caller, long deadlineMs, Cancellation cancellation) {
    long deadline = now + deadlineMs * MS;
    return new Ticket(caller, deadline, deadline, new Pace(), cancellation, DEAF);
  }

  private Ticket admit(LaneState lane, String caller, long deadlineMs) {
    Ticket ticket = ticket(caller, deadlineMs);
    assertThat(lane.admit(ticket, now)).as("%s is let in", caller).isTrue();
    all.add(ticket);
    return ticket;
  }

  private Ticket admit(String caller, long deadlineMs) {
    return admit(state, caller, deadlineMs);
  }

  /** Takes the next task and keeps its thread for so long; whose it was. */
  private String serve(long millis) {
    Ticket ticket = state.next(now);
    now += millis * MS;
    state.finished(ticket, now);
    return ticket.caller;
  }

  @Test
  void theEarliestDeadlineGoesFirstWhoeverAsks() {
    Ticket late = admit("a", 300);
    Ticket soon = admit("b", 100);
    Ticket middle = admit("a", 200);
    Ticket tie = admit("c", 100);
    assertThat(List.of(state.next(now), state.next(now), state.next(now), state.next(now)))
        .containsExactly(soon, tie, middle, late);
    assertThat(state.next(now)).isNull();
  }

  /** B's deadline is later than every one of A's, so by deadlines alone B would come last. */
  @Test
  void aCallerThatFloodsTheLaneDoesNotStarveAnother() {
    for (int i = 0; i < 500; i++) {
      admit("a", 10_000);
    }
    admit("b", 20_000);
    long since = now;
    while (!serve(3).equals("b")) {
      assertThat(now - since)
          .as("thread time that A got before B")
          .isLessThanOrEqualTo(FairQueue.SLACK_NANOS + 3 * MS);
    }
  }

  @Test
  void threadTimeIsSharedEvenlyHoweverLongTheTasks() {
    for (int i = 0; i < 400; i++) {
      admit("long", 100_000);
      admit("short", 200_000);
    }
    long[] served = new long[2];
    for (int i = 0; i < 300; i++) {
      Ticket ticket = state.next(now);
      boolean isLong = ticket.caller.equals("long");
      long took = (isLong ? 10 : 2) * MS;
      now += took;
      state.finished(ticket, now);
      served[isLong ? 0 : 1] += took;
    }
    assertThat(Math.abs(served[0] - served[1]))
        .isLessThanOrEqualTo(FairQueue.SLACK_NANOS + 10 * MS);
  }

  @Test
  void nobodySavesUpTurnsByStayingAway() {
    admit("b", 10);
    serve(1);
    for (int i = 0; i < 500; i++) {
      admit("a", 50_000);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(serve(10)).isEqualTo("a");
    }
    for (int i = 0; i < 100; i++) {
      admit("b", 40_000);
    }
    int ofB = 0;
    for (int i = 0; i < 50; i++) {
      ofB += serve(10).equals("b") ? 1 : 0;
    }
    assertThat(ofB).as("of 50 turns, level from here on").isBetween(22, 30);
  }

  @Test
  void aRunThatTookAnHourShutsItsCallerOutForSecondsOnly() {
    admit("a", FAR);
    admit("b", 2 * FAR);
    Ticket hung = state.next(now);
    now += FAR;
    state.finished(hung, now);
    for (int i = 0; i < 1_000 - 1; i++) {
      admit(i % 2 == 0 ? "a" : "b", i % 2 == 0 ? 2_000_000 : 3_000_000);
    }
    long since = now;
    while (!serve(100).equals("a")) {
      assertThat(now - since).isLessThanOrEqualTo(Account.DEBT_MAX_NANOS + 100 * MS);
    }
  }

  @Test
  void beyondItsBoundCallersShareOneAccount() {
    LaneState lane = lane(10_000);
    for (int i = 0; i < Callers.MAX + 50; i++) {
      admit(lane, "caller-" + i, 100);
    }
    assertThat(lane.callers().active()).isEqualTo(Callers.MAX + 1);
    assertThat(lane.callers().most()).isEqualTo(50);
  }

  @Test
  void idleCallersMakeRoomForOthers() {
    LaneState lane = lane(10);
    for (int i = 0; i < 3 * Callers.MAX; i++) {
      Ticket mine = admit(lane, "caller-" + i, 100);
      assertThat(lane.next(now)).isSameAs(mine);
      lane.finished(mine, now);
    }
    admit(lane, "one", 100);
    admit(lane, "two", 100);
    assertThat(lane.callers().active()).isEqualTo(2);
    assertThat(lane.callers().most()).isEqualTo(1);
  }

  @Test
  void aCallerAloneMayFillTheQueueAndIsThenRefusedItself() {
    LaneState lane = lane(4);
    for (int i = 0; i < 4; i++) {
      admit(lane, "a", 100);
    }
    assertThat(lane.admit(ticket("a", 1), now)).isFalse();
    assertThat(lane.waiting()).isEqualTo(4);
  }

  @Test
  void aFullQueueMakesRoomForANewcomerAtTheCostOfWhoHoldsMost() {
    LaneState lane = lane(4);
    admit(lane, "a", 100);
    Ticket last = admit(lane, "a", 400);
    admit(lane, "a", 200);
    Ticket other = admit(lane, "a", 300);
    admit(lane, "b", 900);
    assertThat(lane.refusals().unheard()).containsExactly(last);
    assertThat(last.refusal).isEqualTo(LaneRefusal.PUSHED_OUT);
    admit(lane, "b", 900);
    assertThat(lane.refusals().unheard()).containsExactly(other);
    assertThat(lane.admit(ticket("b", 1), now)).as("two each is even").isFalse();
    assertThat(lane.admit(ticket("a", 1), now)).isFalse();
    admit(lane, "c", 900);
    assertThat(lane.waiting()).isEqualTo(4);
  }

  @Test
  void whatIsDeadLeavesAFullQueueBeforeAnybodyIsRefused() {
    LaneState lane = lane(3);
    Cancellation left = new Cancellation();
    Ticket cancelled = ticket("a", 500, left);
    assertThat(lane.admit(cancelled, now)).isTrue();
    Ticket expired = admit(lane, "a", 10);
    admit(lane, "a", 500);
    now += 10 * MS;
    left.cancel();
    admit(lane, "a", 500);
    admit(lane, "a", 500);
    assertThat(lane.refusals().unheard()).containsExactlyInAnyOrder(cancelled, expired);
    assertThat(cancelled.refusal).isEqualTo(LaneRefusal.CANCELLED);
    assertThat(expired.refusal).isEqualTo(LaneRefusal.EXPIRED);
    assertThat(lane.admit(ticket("a", 500), now)).isFalse();
  }

  @Test
  void aTaskThatDiedInTheQueueCostsItsCallerNothing() {
    Ticket dead = admit("a", 1);
    admit("a", 100);
    now += MS;
    assertThat(state.next(now)).isSameAs(dead);
    assertThat(dead.refusal).isEqualTo(LaneRefusal.EXPIRED);
    assertThat(state.running()).isZero();
    assertThat(state.waiting()).isEqualTo(1);
  }

  private ModelUse model(int threads) {
    return new ModelUse("m", "v1", threads, Duration.ofSeconds(1));
  }

  private Ticket running(String caller, long deadlineMs) {
    Ticket ticket = admit(caller, deadlineMs);
    assertThat(state.next(now)).isSameAs(ticket);
    return ticket;
  }

  @Test
  void noMoreTasksAreInAModelThanItsCardAllowsAndTheNextIsTheEarliestDeadline() {
    Ticket first = running("a", 900);
    Ticket second = running("a", 800);
    Ticket third = running("a", 700);
    assertThat(state.enter(model(1), first, now)).isEqualTo(Entry.IN);
    assertThat(state.enter(model(1), second, now)).isEqualTo(Entry.WAIT);
    assertThat(state.enter(model(1), third, now)).isEqualTo(Entry.WAIT);
    assertThat(state.running()).as("who waits gives its thread back").isEqualTo(1);
    assertThat(state.models()).containsExactly(new ModelLoad("m", 1, 2, CircuitState.CLOSED));
    assertThat(state.next(now)).as("neither may go on").isNull();

    state.leave(first, RunOutcome.ANSWERED, now);
    assertThat(state.freed()).isEqualTo(1);
    assertThat(state.next(now)).isSameAs(third);
    assertThat(state.next(now)).isNull();
    assertThat(state.enter(model(1), third, now)).as("its place was kept").isEqualTo(Entry.IN);
    state.finished(third, now);
    assertThat(state.next(now)).as("a place that was forgotten is free too").isSameAs(second);
  }

  @Test
  void fairnessHoldsInTheLineOfAModelToo() {
    Ticket inside = running("x", 100);
    state.enter(model(1), inside, now);
    for (int i = 0; i < 60; i++) {
      state.enter(model(1), running("a", 10_000), now);
    }
    state.enter(model(1), running("b", 20_000), now);
    state.leave(inside, RunOutcome.ANSWERED, now);
    state.finished(inside, now);
    long since = now;
    while (true) {
      Ticket next = state.next(now);
      assertThat(state.enter(model(1), next, now)).isEqualTo(Entry.IN);
      now += 5 * MS;
      state.leave(next, RunOutcome.ANSWERED, now);
      state.finished(next, now);
      if (next.caller.equals("b")) {
        break;
      }
      assertThat(now - since).isLessThanOrEqualTo(FairQueue.SLACK_NANOS + 15 * MS);
    }
  }

  @Test
  void aWiderCardLetsInWhoWaits() {
    Ticket first = running("a", 900);
    Ticket second = running("a", 800);
    state.enter(model(1), first, now);
    state.enter(model(1), second, now);
    assertThat(state.enter(model(3), running("a", 700), now)).isEqualTo(Entry.IN);
    assertThat(state.next(now)).isSameAs(second);
  }

  @Test
  void aTaskThatDiesWhileItWaitsForAModelFreesItsPlaceInLine() {
    Ticket first = running("a", 900);
    state.enter(model(1), first, now);
    Ticket dies = running("a", 10);
    state.enter(model(1), dies, now);
    now += 10 * MS;
    state.sweep(now);
    assertThat(state.refusals().unheard()).containsExactly(dies);
    assertThat(state.waiting()).isZero();
    state.leave(first, RunOutcome.ANSWERED, now);
    assertThat(state.models()).containsExactly(new ModelLoad("m", 0, 0, CircuitState.CLOSED));
  }

  @Test
  void aTaskThatDiesWithAPlaceKeptForItHandsThePlaceOn() {
    Ticket first = running("a", 900);
    state.enter(model(1), first, now);
    Ticket dies = running("a", 10);
    state.enter(model(1), dies, now);
    Ticket next = running("a", 900);
    state.enter(model(1), next, now);
    state.leave(first, RunOutcome.ANSWERED, now);
    now += 10 * MS;
    assertThat(state.next(now)).isSameAs(dies);
    assertThat(dies.refusal).isEqualTo(LaneRefusal.EXPIRED);
    assertThat(state.next(now)).isSameAs(next);
    assertThat(state.enter(model(1), next, now)).isEqualTo(Entry.IN);
  }

  private void breakTheModel() {
    for (int i = 0; i < 2; i++) {
      Ticket ticket = running("a", 900);
      assertThat(state.enter(model(1), ticket, now)).isEqualTo(Entry.IN);
      state.leave(ticket, RunOutcome.FAILED, now);
      state.finished(ticket, now);
    }
  }

  @Test
  void whenAModelBreaksWhoeverWaitsForItIsToldSo() {
    Ticket ok = running("a", 900);
    state.enter(model(1), ok, now);
    state.leave(ok, RunOutcome.FAILED, now);
    state.enter(model(1), ok, now);
    Ticket waiting = running("a", 900);
    assertThat(state.enter(model(1), waiting, now)).isEqualTo(Entry.WAIT);
    state.leave(ok, RunOutcome.FAILED, now);
    assertThat(changes).containsExactly(new CircuitChange("m", CircuitState.OPEN));
    assertThat(state.next(now)).isSameAs(waiting);
    assertThat(state.enter(model(1), waiting, now)).isEqualTo(Entry.BROKEN);
  }

  @Test
  void aBrokenModelIsTriedByOneTaskAndTheOthersDoNotWait() {
    breakTheModel();
    Ticket probe = running("a", 900);
    assertThat(state.enter(model(1), probe, now)).isEqualTo(Entry.BROKEN);
    now += MS;
    assertThat(state.enter(model(1), probe, now)).isEqualTo(Entry.IN);
    assertThat(state.enter(model(1), running("a", 900), now)).isEqualTo(Entry.BROKEN);
    state.leave(probe, RunOutcome.ANSWERED, now);
    assertThat(changes)
        .extracting(CircuitChange::state)
        .containsExactly(CircuitState.OPEN, CircuitState.HALF_OPEN, CircuitState.CLOSED);
  }

  @Test
  void aTryThatIsForgottenLeavesTheModelToTheNext() {
    breakTheModel();
    now += MS;
    Ticket probe = running("a", 900);
    assertThat(state.enter(model(1), probe, now)).isEqualTo(Entry.IN);
    state.finished(probe, now);
    assertThat(state.enter(model(1), running("a", 900), now)).isEqualTo(Entry.IN);
  }

  @Test
  void aPlaceThatWasKeptInAModelThatBrokeIsNoWayIn() {
    ModelUse two = model(2);
    Ticket first = running("a", 900);
    Ticket second = running("a", 900);
    Ticket kept = running("a", 900);
    state.enter(two, first, now);
    state.enter(two, second, now);
    state.enter(two, kept, now);
    state.leave(first, RunOutcome.FAILED, now);
    state.leave(second, RunOutcome.FAILED, now);
    assertThat(state.next(now)).isSameAs(kept);
    assertThat(state.enter(two, kept, now)).isEqualTo(Entry.BROKEN);
    assertThat(state.models()).containsExactly(new ModelLoad("m", 0, 0, CircuitState.OPEN));
  }

  @Test
  void anotherVersionOfABrokenModelIsAskedAtOnce() {
    breakTheModel();
    ModelUse next = new ModelUse("m", "v2", 1, Duration.ofSeconds(1));
    assertThat(state.enter(next, running("a", 900), now)).isEqualTo(Entry.IN);
    assertThat(changes.getLast()).isEqualTo(new CircuitChange("m", CircuitState.CLOSED));
  }

  @Test
  void aRunThatHangsKeepsItsPlaceAndBreaksItsModel() {
    Ticket hung = running("a", 900);
    state.enter(model(2), hung, now);
    state.hangs(hung, now);
    now += 100 * MS;
    assertThat(state.enter(model(2), running("a", 900), now)).isEqualTo(Entry.BROKEN);
    state.leave(hung, RunOutcome.ANSWERED, now);
    assertThat(state.enter(model(2), running("a", 900), now)).as("the try").isEqualTo(Entry.IN);
  }

  @Test
  void closingDropsWhateverWaitsAndGivesNothingAway() {
    Ticket inside = running("a", 900);
    state.enter(model(1), inside, now);
    Ticket parked = running("a", 900);
    state.enter(model(1), parked, now);
    Ticket queued = admit("b", 900);
    state.dropAll(now);
    assertThat(state.refusals().unheard()).containsExactlyInAnyOrder(parked, queued);
    assertThat(state.waiting()).isZero();
    assertThat(parked.refusal).isEqualTo(LaneRefusal.CLOSING);
  }

  /** Whatever happens in whatever order, the books are right and nobody is lost. */
  @Test
  void theBooksBalanceWhateverHappens() {
    for (long seed = 0; seed < 40; seed++) {
      new Rounds(seed).play();
    }
  }

  private final class Rounds {
    private final SplittableRandom random;
    private final LaneState lane = lane(20);
    private final List<Ticket> runs = new ArrayList<>();
    private final List<Ticket> inside = new ArrayList<>();
    private int admitted;
    private int refused;
    private int finished;

    Rounds(long seed) {
      random = new SplittableRandom(seed);
    }

    void play() {
      for (int step = 0; step < 2_000; step++) {
        now += random.nextLong(2 * MS);
        step();
        refused += lane.refusals().unheard().size();
        assertThat(lane.waiting()).isBetween(0, 20 + 4);
        assertThat(lane.running()).isEqualTo(runs.size()).isLessThanOrEqualTo(4);
        assertThat(inside).hasSizeLessThanOrEqualTo(2);
        assertThat(admitted - refused - finished).isEqualTo(lane.waiting() + lane.running());
      }
      lane.dropAll(now);
      refused += lane.refusals().unheard().size();
      runs.forEach(ticket -> lane.finished(ticket, now));
      assertThat(admitted).isEqualTo(refused + finished + runs.size());
      assertThat(lane.waiting() + lane.running() + lane.callers().active()).isZero();
      assertThat(lane.models()).allMatch(model -> model.running() == 0 && model.waiting() == 0);
    }

    private void step() {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> submit();
        case 3 -> take();
        case 4 -> enter();
        default -> end();
      }
    }

    private void submit() {
      Cancellation cancellation = new Cancellation();
      if (random.nextInt(8) == 0) {
        cancellation.cancel();
      }
      String caller = "c" + random.nextInt(4);
      admitted += lane.admit(ticket(caller, random.nextLong(1, 30), cancellation), now) ? 1 : 0;
    }

    private void take() {
      Ticket ticket = runs.size() < 4 ? lane.next(now) : null;
      if (ticket != null && ticket.refusal != null) {
        refused++;
      } else if (ticket != null) {
        runs.add(ticket);
      }
    }

    private void enter() {
      for (Ticket ticket : List.copyOf(runs)) {
        if (!inside.contains(ticket)) {
          switch (lane.enter(model(2), ticket, now)) {
            case IN -> inside.add(ticket);
            case WAIT -> runs.remove(ticket);
            case BROKEN -> {}
          }
          return;
        }
      }
    }

    private void end() {
      if (runs.isEmpty()) {
        return;
      }
      Ticket ticket = runs.remove(random.nextInt(runs.size()));
      if (inside.remove(ticket) && random.nextInt(3) > 0) {
        lane.leave(ticket, random.nextBoolean() ? RunOutcome.ANSWERED : RunOutcome.FAILED, now);
      }
      lane.finished(ticket, now);
      finished++;
    }
  }
}
