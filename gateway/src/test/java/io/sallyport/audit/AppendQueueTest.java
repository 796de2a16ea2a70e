package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AppendQueueTest {
  private static final long LONG = TimeUnit.HOURS.toNanos(1);

  private static Pending event(int number, boolean patient) {
    return Pending.of(Events.allowed(number), System.nanoTime(), patient);
  }

  /** Takes on a thread of its own, and returns once that thread waits. */
  private static CompletableFuture<List<Pending>> takeAndWait(AppendQueue queue) throws Exception {
    CompletableFuture<List<Pending>> batch = new CompletableFuture<>();
    Thread taker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    batch.complete(queue.take(10, LONG));
                  } catch (InterruptedException e) {
                    batch.completeExceptionally(e);
                  }
                });
    Poll.until("the taker waits", () -> taker.getState() == Thread.State.TIMED_WAITING);
    return batch;
  }

  @Test
  void a_patient_event_waits_for_one_that_is_not_and_goes_with_it() throws Exception {
    AppendQueue queue = new AppendQueue(10, 1 << 20, LONG);
    Pending patient = event(1, true);
    Pending urgent = event(2, false);
    queue.offer(patient);
    CompletableFuture<List<Pending>> batch = takeAndWait(queue);

    assertThat(batch).isNotDone();
    queue.offer(urgent);

    assertThat(batch.get()).containsExactly(patient, urgent);
    assertThat(queue.depth()).as("being written").isEqualTo(2);
  }

  @Test
  void a_patient_event_without_company_goes_alone_in_the_end() throws Exception {
    AppendQueue queue = new AppendQueue(10, 1 << 20, TimeUnit.MILLISECONDS.toNanos(1));
    CompletableFuture<List<Pending>> batch = takeAndWait(queue);
    Pending patient = event(1, true);
    queue.offer(patient);

    assertThat(batch.get()).containsExactly(patient);
  }

  @Test
  void closing_ends_the_patience() throws Exception {
    AppendQueue queue = new AppendQueue(10, 1 << 20, LONG);
    queue.offer(event(1, true));
    CompletableFuture<List<Pending>> batch = takeAndWait(queue);
    queue.close();

    assertThat(batch.get()).hasSize(1);
    assertThat(queue.exhausted()).isTrue();
  }
}
