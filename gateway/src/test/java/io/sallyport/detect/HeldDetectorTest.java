package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeldDetectorTest {
  private static final long HOUR = 3_600_000_000_000L;

  private final AtomicInteger closed = new AtomicInteger();
  private final UseCount uses = new UseCount(closed::incrementAndGet);

  /** Answers when told so. */
  private static final class Elsewhere implements AwaitedDetector<String> {
    final CompletableFuture<List<Signal>> answer = new CompletableFuture<>();

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
      return "0".repeat(64);
    }

    @Override
    public Cost cost() {
      return Cost.REMOTE;
    }

    @Override
    public boolean advisory() {
      return true;
    }

    @Override
    public CompletableFuture<List<Signal>> ask(Stage stage, String sample, long deadlineNanos) {
      return answer;
    }
  }

  /** One that is forgotten here would have the default's answer: an advisory model would block. */
  @Test
  void everyQuestionIsPassedOn() {
    for (Class<?> wrapper : List.of(HeldDetector.class, HeldErrand.class)) {
      for (Method question : Detector.class.getMethods()) {
        if (Modifier.isStatic(question.getModifiers())) {
          continue;
        }
        boolean asked = wrapper == HeldErrand.class && question.getName().equals("inspect");
        assertThat(asked || declares(wrapper, question))
            .as("%s passes %s on", wrapper.getSimpleName(), question.getName())
            .isTrue();
      }
    }
  }

  private static boolean declares(Class<?> wrapper, Method question) {
    for (Method own : wrapper.getDeclaredMethods()) {
      if (own.getName().equals(question.getName())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whatIsAskedElsewhereStaysAwaitedAndIsHeldUntilItsAnswerIsThere() throws Exception {
    Elsewhere elsewhere = new Elsewhere();
    Detector<String> held = HeldDetector.of(elsewhere, uses);
    assertThat(held.cost()).isEqualTo(Cost.REMOTE);
    assertThat(held.advisory()).isTrue();
    assertThat(held.name()).isEqualTo("elsewhere");

    AwaitedDetector<String> awaited = (AwaitedDetector<String>) held;
    CompletableFuture<List<Signal>> answer = awaited.ask(Stage.PROMPT, "a dog", HOUR);
    uses.leave();
    assertThat(closed).hasValue(0);

    elsewhere.answer.complete(List.of(new Signal.Score("elsewhere", Stage.PROMPT, "dog", 0.5)));
    assertThat(answer.get()).hasSize(1);
    assertThat(closed).hasValue(1);
    assertThatThrownBy(() -> awaited.ask(Stage.PROMPT, "a dog", HOUR))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TIMEOUT));
  }
}
