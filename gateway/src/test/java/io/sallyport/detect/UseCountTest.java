package io.sallyport.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UseCountTest {
  private final AtomicInteger closed = new AtomicInteger();
  private final UseCount uses = new UseCount(closed::incrementAndGet);

  @Test
  void closesOnceAfterTheLastUser() {
    assertThat(uses.enter()).isTrue();
    uses.leave();
    assertThat(closed).hasValue(0);
    uses.leave();
    assertThat(closed).hasValue(1);
    assertThat(uses.enter()).isFalse();
    assertThatThrownBy(uses::leave).isInstanceOf(IllegalStateException.class);
    assertThat(closed).hasValue(1);
  }

  /** Whoever got in finds it open, however the threads meet. */
  @Test
  void nobodyIsInsideWhenItCloses() throws Exception {
    for (int round = 0; round < 200; round++) {
      AtomicBoolean open = new AtomicBoolean(true);
      AtomicInteger inside = new AtomicInteger();
      UseCount count =
          new UseCount(
              () -> {
                assertThat(inside).hasValue(0);
                open.set(false);
              });
      List<FutureTask<Void>> users = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        FutureTask<Void> user = new FutureTask<>(() -> use(count, open, inside), null);
        users.add(user);
        Thread.ofPlatform().start(user);
      }
      count.leave();
      for (FutureTask<Void> user : users) {
        user.get();
      }
      assertThat(open).isFalse();
    }
  }

  private static void use(UseCount count, AtomicBoolean open, AtomicInteger inside) {
    while (count.enter()) {
      inside.incrementAndGet();
      assertThat(open).isTrue();
      inside.decrementAndGet();
      count.leave();
    }
  }

  @Test
  void aHeldDetectorKeepsItsModelOpenWhileItWorks() throws Exception {
    HeldDetector<String> held = new HeldDetector<>(new Closing(), uses);
    assertThat(held.inspect(Stage.PROMPT, "a house", 0)).hasSize(1);
    assertThat(closed).as("the maker left during the work").hasValue(1);
    assertThatThrownBy(() -> held.inspect(Stage.PROMPT, "a house", 0))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TIMEOUT));
  }

  @Test
  void aHeldDetectorIsLeftWhenItThrows() {
    HeldDetector<String> held = new HeldDetector<>(ScriptedDetectorThatThrows.INSTANCE, uses);
    assertThatThrownBy(() -> held.inspect(Stage.PROMPT, "a house", 0))
        .isInstanceOf(IllegalStateException.class);
    uses.leave();
    assertThat(closed).hasValue(1);
  }

  /** Its owner lets go while it works. */
  private final class Closing implements Detector<String> {
    @Override
    public String name() {
      return "closing";
    }

    @Override
    public Set<Stage> stages() {
      return Set.of(Stage.PROMPT);
    }

    @Override
    public Set<String> labels() {
      return Set.of("label");
    }

    @Override
    public String digest() {
      return "0".repeat(64);
    }

    @Override
    public List<Signal> inspect(Stage stage, String sample, long deadlineNanos) {
      uses.leave();
      assertThat(closed).hasValue(0);
      return List.of(new Signal.Score("closing", stage, "label", 0.5));
    }
  }

  private enum ScriptedDetectorThatThrows implements Detector<String> {
    INSTANCE;

    @Override
    public Set<Stage> stages() {
      return Set.of(Stage.PROMPT);
    }

    @Override
    public Set<String> labels() {
      return Set.of();
    }

    @Override
    public String digest() {
      return "";
    }

    @Override
    public List<Signal> inspect(Stage stage, String sample, long deadlineNanos) {
      throw new IllegalStateException("as scripted");
    }
  }
}
