package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {
  private static final int KIB = 1024;

  @Test
  void aFullBudgetIsOverloadUntilAShareComesBack() throws Exception {
    FrameBudget budget = new FrameBudget(10 * KIB, Duration.ZERO);
    FrameBudget.Share six = budget.take(6 * KIB, 0);
    budget.take(4 * KIB, 0);
    assertRefused(budget, 1, Cause.OVERLOAD);
    six.close();
    assertRefused(budget, 6 * KIB + 1, Cause.OVERLOAD);
    budget.take(6 * KIB, 0);
  }

  @Test
  void aFrameThatCanNeverFitIsTooLarge() {
    assertRefused(new FrameBudget(10 * KIB, Duration.ZERO), 10 * KIB + 1, Cause.TOO_LARGE);
    assertRefused(new FrameBudget(KIB, Duration.ZERO), Long.MAX_VALUE / 2, Cause.TOO_LARGE);
  }

  @Test
  void theWorstDecodesRunAlone() throws Exception {
    FrameBudget budget = new FrameBudget(10 * KIB, Duration.ZERO);
    try (FrameBudget.Share all = budget.take(KIB, 999 * KIB)) {
      assertThat(all.units()).isEqualTo(10);
      assertRefused(budget, 1, Cause.OVERLOAD);
    }
    FrameBudget.Share one = budget.take(KIB, 0);
    assertThatThrownBy(() -> budget.take(KIB, 999 * KIB)).hasMessageContaining("room");
    one.close();
    budget.take(KIB, 999 * KIB).close();
  }

  @Test
  void whoDoesNotWaitGetsWhatIsFreeOrNothing() throws Exception {
    FrameBudget budget = new FrameBudget(10 * KIB, Duration.ofMinutes(1));
    FrameBudget.Share six = budget.takeNow(6 * KIB).orElseThrow();
    assertThat(budget.takeNow(4 * KIB + 1)).isEmpty();
    assertThat(budget.takeNow(11 * KIB)).isEmpty();
    CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> takes(budget, 9));
    while (!six.free().hasQueuedThreads()) {
      Thread.onSpinWait();
    }
    assertThat(budget.takeNow(KIB)).as("before one who waits").isEmpty();
    six.close();
    assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean takes(FrameBudget budget, int kib) {
    try {
      budget.take(kib * KIB, 0);
      return true;
    } catch (UnavailableException e) {
      return false;
    }
  }

  @Test
  void aWaiterGetsTheShareThatComesBack() throws Exception {
    FrameBudget budget = new FrameBudget(KIB, Duration.ofMinutes(1));
    FrameBudget.Share held = budget.take(KIB, 0);
    CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> takes(budget));
    while (!held.free().hasQueuedThreads()) {
      Thread.onSpinWait();
    }
    held.close();
    assertThat(waiter.get()).isTrue();
  }

  @Test
  void anInterruptedWaiterIsOverloadAndStaysInterrupted() throws Exception {
    FrameBudget budget = new FrameBudget(KIB, Duration.ofMinutes(1));
    budget.take(KIB, 0);
    Thread.currentThread().interrupt();
    assertRefused(budget, KIB, Cause.OVERLOAD);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static boolean takes(FrameBudget budget) {
    try (FrameBudget.Share share = budget.take(KIB, 0)) {
      return share.units() == 1;
    } catch (UnavailableException e) {
      return false;
    }
  }

  private static void assertRefused(FrameBudget budget, long bytes, Cause cause) {
    UnavailableException refusal =
        catchThrowableOfType(UnavailableException.class, () -> budget.take(bytes, 0));
    assertThat(refusal).isNotNull();
    assertThat(refusal.why()).isEqualTo(cause);
  }
}
