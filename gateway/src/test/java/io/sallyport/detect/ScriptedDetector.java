package io.sallyport.detect;

import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A detector that does what a test says, and counts how often it was asked. */
final class ScriptedDetector implements Detector<String> {
  /** What it does when asked. */
  interface Script {
    List<Signal> play(Stage stage, String prepared) throws Exception;
  }

  final AtomicInteger asked = new AtomicInteger();
  private final String name;
  private final Set<Stage> stages;
  private final Script script;
  private final Supplier<Optional<ModelUse>> model;

  private Cost cost = Cost.MODEL;
  private boolean advisory;

  private ScriptedDetector(
      String name, Set<Stage> stages, Script script, Supplier<Optional<ModelUse>> model) {
    this.name = name;
    this.stages = stages;
    this.script = script;
    this.model = model;
  }

  ScriptedDetector costing(Cost other) {
    cost = other;
    return this;
  }

  ScriptedDetector asAdvice() {
    advisory = true;
    return this;
  }

  @Override
  public Cost cost() {
    return cost;
  }

  @Override
  public boolean advisory() {
    return advisory;
  }

  static ScriptedDetector that(String name, Script script) {
    return new ScriptedDetector(name, Set.of(Stage.PROMPT), script, Optional::empty);
  }

  static ScriptedDetector scoring(String name, double value) {
    return that(name, (stage, prepared) -> List.of(score(name, value)));
  }

  /** Sits in a call that no interrupt ends, like native code, until released. */
  static ScriptedDetector hanging(String name, CountDownLatch entered, CountDownLatch released) {
    return that(
        name,
        (stage, prepared) -> {
          entered.countDown();
          boolean waiting = true;
          while (waiting) {
            try {
              released.await();
              waiting = false;
            } catch (InterruptedException e) {
              // Deaf, on purpose.
            }
          }
          return List.of(score(name, 1));
        });
  }

  ScriptedDetector at(Set<Stage> others) {
    return new ScriptedDetector(name, others, script, model);
  }

  /** The same, asking a model. */
  ScriptedDetector over(ModelUse use) {
    return new ScriptedDetector(name, stages, script, () -> Optional.of(use));
  }

  /** The same, not even able to say which model it asks. */
  ScriptedDetector overNothingKnown() {
    return new ScriptedDetector(
        name,
        stages,
        script,
        () -> {
          throw new IllegalStateException("scripted");
        });
  }

  static Signal score(String name, double value) {
    return new Signal.Score(name, Stage.PROMPT, "dog", value);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return stages;
  }

  @Override
  public Set<String> labels() {
    return Set.of("dog");
  }

  @Override
  public Optional<ModelUse> model() {
    return model.get();
  }

  @Override
  public String digest() {
    return "digest-of-" + name;
  }

  @Override
  public List<Signal> inspect(Stage stage, String prepared, long deadlineNanos)
      throws UnavailableException {
    asked.incrementAndGet();
    try {
      return script.play(stage, prepared);
    } catch (UnavailableException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
