package io.sallyport.detect;

import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A detector whose answer comes from another machine. {@link DetectorPanel} sends its question off
 * as soon as the sample is prepared, and no thread waits for the answer.
 *
 * @param <S> as for every detector
 */
public interface AwaitedDetector<S> extends Detector<S> {
  /**
   * Sends the question. Runs on a lane thread and does not wait; it may compute, as tokenizers do.
   *
   * @param deadlineNanos on {@link System#nanoTime()}'s clock; the answer is there then, or failed
   * @return what {@link #inspect} would return; fails with {@link UnavailableException} when there
   *     is no answer. Cancelling it ends the call
   * @throws UnavailableException when the question cannot even be asked
   */
  CompletableFuture<List<Signal>> ask(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException;

  /** Asks and waits, for callers that have a thread to spare. */
  @Override
  default List<Signal> inspect(Stage stage, S sample, long deadlineNanos)
      throws UnavailableException {
    CompletableFuture<List<Signal>> answer = ask(stage, sample, deadlineNanos);
    try {
      return answer.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrap(e) instanceof UnavailableException known
          ? known
          : new UnavailableException(Cause.CRASH, String.valueOf(unwrap(e).getClass().getName()));
    } catch (TimeoutException e) {
      throw new UnavailableException(Cause.TIMEOUT, "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException(Cause.TIMEOUT, "interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  /** What a failed stage failed with, without the wrappers that stages put around it. */
  static Throwable unwrap(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
