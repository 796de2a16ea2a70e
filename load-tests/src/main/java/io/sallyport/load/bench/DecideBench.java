package io.sallyport.load.bench;

import io.sallyport.decide.Decider;
import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.policy.Condition;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Rule;
import io.sallyport.policy.UnavailableRule;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Judging a prompt by a policy of the usual size, when nothing is found. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBench {
  private static final Set<String> EXPECTED = Set.of("terms", "concepts");
  private static final int LABELS = 8;

  private final Policy policy =
      new Policy("bench", "0".repeat(64), EXPECTED, UnavailableRule.BLOCK, false, rules());
  private final Evidence evidence = new Evidence(List.of(), List.of(signals()));

  /** Signals to a decision. */
  @Benchmark
  public Decision decide() {
    return Decider.decide(policy, Stage.PROMPT, EXPECTED, evidence);
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      rules.add(rule("single-" + label, atLeast(label, 0.8)));
      Condition other = atLeast((label + 1) % LABELS, 0.3);
      rules.add(rule("joint-" + label, new Condition.All(List.of(atLeast(label, 0.4), other))));
    }
    return rules;
  }

  private static Rule rule(String id, Condition when) {
    Set<Stage> stages = Set.of(Stage.PROMPT);
    return new Rule(
        id, stages, Category.STAND_IN, when, Verdict.BLOCK, false, false, Disclosure.NONE);
  }

  private static Condition atLeast(int label, double score) {
    return new Condition.ScoreAtLeast(Optional.empty(), Optional.empty(), "label-" + label, score);
  }

  private static List<Signal> signals() {
    List<Signal> signals = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      for (String detector : EXPECTED) {
        signals.add(new Signal.Score(detector, Stage.PROMPT, "label-" + label, 0.1));
      }
    }
    return signals;
  }
}
