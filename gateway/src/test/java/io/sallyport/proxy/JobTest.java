package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobTest {
  private static Signal score(String label, double value) {
    return new Signal.Score("words", Stage.PROMPT, label, value);
  }

  private static Signal match(int distance) {
    return new Signal.Match("hashes", Stage.INPUT_IMAGE, "bank", distance);
  }

  private static Decision decision() {
    return new Decision(
        Stage.PROMPT,
        "default",
        "0".repeat(64),
        Verdict.BLOCK,
        Verdict.BLOCK,
        List.of(),
        new Evidence(List.of(), List.of(), Set.of()));
  }

  @Test
  void ofTwoOfOneIdTheStrongestSignalsCount() {
    Signal gone = new Signal.Unavailable("words", Stage.PROMPT, Cause.TIMEOUT);
    Job first = Job.of(List.of(score("dog", 0.2), score("cat", 0.9), match(3)));
    Job next = Job.of(List.of(score("dog", 0.6), score("cat", 0.1), match(7), gone));

    assertThat(first.and(next).signals())
        .containsExactlyInAnyOrder(score("dog", 0.6), score("cat", 0.9), match(3), gone);
    assertThat(next.and(first).signals())
        .containsExactlyInAnyOrderElementsOf(first.and(next).signals());
  }

  @Test
  void howeverOftenAnIdIsChosenItsSignalsStayFew() {
    Job job = Job.of(List.of());
    for (int i = 0; i < 1000; i++) {
      job = job.and(Job.of(List.of(score("dog", i / 1000.0), score("cat", 1 - i / 1000.0))));
    }
    assertThat(job.signals()).containsExactly(score("dog", 0.999), score("cat", 1));
  }

  @Test
  void whatTheUpstreamHasIsNotRefused() {
    Job refused = new Job(List.of(), Optional.of(new Job.Refused(decision(), "req_1")));
    Job made = Job.of(List.of());

    assertThat(refused.and(refused).refused()).isPresent();
    assertThat(refused.and(made).refused()).isEmpty();
    assertThat(made.and(refused).refused()).isEmpty();
  }
}
