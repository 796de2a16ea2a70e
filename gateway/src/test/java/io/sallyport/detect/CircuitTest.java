package io.sallyport.detect;

import static io.sallyport.detect.CircuitState.CLOSED;
import static io.sallyport.detect.CircuitState.HALF_OPEN;
import static io.sallyport.detect.CircuitState.OPEN;
import static io.sallyport.detect.RunOutcome.ANSWERED;
import static io.sallyport.detect.RunOutcome.FAILED;
import static io.sallyport.detect.RunOutcome.UNTOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.signal.Cause;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitTest {
  /** Opens at three failures among four runs; tried after 100 ns, 200, 400 and so on to 500. */
  private static final CircuitRule RULE =
      new CircuitRule(4, 3, Duration.ofNanos(100), Duration.ofNanos(500));

  private final Circuit circuit = new Circuit(RULE);
  private long now = Long.MAX_VALUE - 50;

  private void run(RunOutcome... outcomes) {
    for (RunOutcome outcome : outcomes) {
      assertThat(circuit.admits(now)).isTrue();
      circuit.end(circuit.begin(), outcome, now);
    }
  }

  private void breakIt() {
    run(FAILED, FAILED, FAILED);
    assertThat(circuit.state()).isEqualTo(OPEN);
  }

  @Test
  void opensWhenEnoughOfTheLastRunsFailed() {
    run(FAILED, FAILED, ANSWERED, ANSWERED, FAILED, FAILED);
    assertThat(circuit.state()).isEqualTo(CLOSED);
    run(ANSWERED, FAILED);
    assertThat(circuit.state()).isEqualTo(OPEN);
  }

  @Test
  void failuresThatFellOutOfTheWindowAreForgotten() {
    for (int i = 0; i < 20; i++) {
      run(FAILED, ANSWERED, FAILED, ANSWERED);
    }
    assertThat(circuit.state()).isEqualTo(CLOSED);
  }

  @Test
  void runsThatSayNothingCountForNothing() {
    run(FAILED, UNTOLD, UNTOLD, UNTOLD, UNTOLD, FAILED);
    assertThat(circuit.state()).isEqualTo(CLOSED);
    run(FAILED);
    assertThat(circuit.state()).isEqualTo(OPEN);
  }

  @Test
  void openItAdmitsNobodyUntilTheDelayHasPassedAndThenOneAtATime() {
    breakIt();
    now += 99;
    assertThat(circuit.admits(now)).isFalse();
    now += 1;
    assertThat(circuit.admits(now)).isTrue();
    assertThat(circuit.begin()).isTrue();
    assertThat(circuit.state()).isEqualTo(HALF_OPEN);
    assertThat(circuit.admits(now)).isFalse();
  }

  @Test
  void aTryThatIsAnsweredClosesIt() {
    breakIt();
    now += 100;
    run(ANSWERED);
    assertThat(circuit.state()).isEqualTo(CLOSED);
    run(FAILED, FAILED);
    assertThat(circuit.state()).as("what was before is forgotten").isEqualTo(CLOSED);
  }

  @Test
  void aTryThatSaysNothingLeavesTheNextOneToTry() {
    breakIt();
    now += 100;
    run(UNTOLD);
    assertThat(circuit.state()).isEqualTo(HALF_OPEN);
    run(ANSWERED);
    assertThat(circuit.state()).isEqualTo(CLOSED);
  }

  @Test
  void everyFailedTryDoublesTheDelayUpToItsMaximum() {
    breakIt();
    for (long delay : new long[] {100, 200, 400, 500, 500}) {
      now += delay - 1;
      assertThat(circuit.admits(now)).as("before %d", delay).isFalse();
      now += 1;
      run(FAILED);
      assertThat(circuit.state()).isEqualTo(OPEN);
    }
  }

  @Test
  void theDelayIsBackWhereItWasAfterAWindowOfRunsWithoutOpening() {
    breakIt();
    now += 100;
    run(ANSWERED);
    breakIt();
    now += 199;
    assertThat(circuit.admits(now)).as("not a whole window yet").isFalse();
    now += 1;
    run(ANSWERED, ANSWERED, ANSWERED, ANSWERED, ANSWERED);
    breakIt();
    now += 100;
    assertThat(circuit.admits(now)).isTrue();
  }

  @Test
  void whatBeganBeforeItOpenedSaysNothingAfter() {
    boolean early = circuit.begin();
    breakIt();
    circuit.end(early, ANSWERED, now);
    assertThat(circuit.state()).isEqualTo(OPEN);
    now += 100;
    assertThat(circuit.begin()).isTrue();
    circuit.end(early, ANSWERED, now);
    assertThat(circuit.state()).as("only the try itself closes it").isEqualTo(HALF_OPEN);
  }

  @Test
  void aRunThatHangsOpensItAtOnceAndWhileItHangsNobodyTries() {
    circuit.begin();
    circuit.hangs(false, now);
    assertThat(circuit.state()).isEqualTo(OPEN);
    now += 10_000;
    assertThat(circuit.admits(now)).isFalse();
    circuit.returned();
    assertThat(circuit.admits(now)).isTrue();
  }

  @Test
  void aTryThatHangsIsAFailedTry() {
    breakIt();
    now += 100;
    assertThat(circuit.begin()).isTrue();
    circuit.hangs(true, now);
    assertThat(circuit.state()).isEqualTo(OPEN);
    circuit.returned();
    now += 199;
    assertThat(circuit.admits(now)).isFalse();
    now += 1;
    run(ANSWERED);
    assertThat(circuit.state()).isEqualTo(CLOSED);
  }

  @Test
  void anotherVersionBeginsAfresh() {
    breakIt();
    now += 100;
    run(FAILED);
    circuit.reset();
    assertThat(circuit.state()).isEqualTo(CLOSED);
    breakIt();
    now += 100;
    assertThat(circuit.admits(now)).as("the delay too").isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "CRASH, 0, FAILED",
    "BAD_OUTPUT, 0, FAILED",
    "TIMEOUT, 99, UNTOLD",
    "TIMEOUT, 100, FAILED",
    "OVERLOAD, 100, UNTOLD",
    "UNDECODABLE, 100, UNTOLD",
    "UNSUPPORTED, 100, UNTOLD",
    "TOO_LARGE, 100, UNTOLD",
    "MISSING, 100, UNTOLD",
    "CIRCUIT_OPEN, 100, UNTOLD",
  })
  void onlyWhatIsTheModelsOwnFaultCountsAgainstIt(Cause cause, long worked, RunOutcome outcome) {
    assertThat(RunOutcome.of(cause, worked, 100)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"0,1,1,1", "4,0,1,1", "4,5,1,1", "4,1,0,1", "4,1,2,1"})
  void aRuleWithoutSenseIsRefused(int window, int failures, long delay, long most) {
    assertThatThrownBy(
            () ->
                new CircuitRule(
                    window, failures, Duration.ofSeconds(delay), Duration.ofSeconds(most)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
