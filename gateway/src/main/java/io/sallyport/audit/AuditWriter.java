package io.sallyport.audit;

import io.sallyport.audit.AuditUnavailableException.Reason;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: takes all that waits, commits it as one batch, hands out receipts.
 *
 * <p>While the store fails it keeps trying, each batch anew, and once a second without one: a
 * gateway that is not ready gets no traffic, and must find back without it. Nothing but the end of
 * the log ends this thread; whatever is thrown fails the batch at hand.
 */
final class AuditWriter implements Runnable {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AuditStore store;
  private final AppendQueue queue;
  private final int batchRows;
  private final AuditListener listener;
  private volatile boolean healthy = true;
  private volatile long giveUpNanos;
  private volatile boolean closing;

  AuditWriter(AuditStore store, AppendQueue queue, int batchRows, AuditListener listener) {
    this.store = store;
    this.queue = queue;
    this.batchRows = batchRows;
    this.listener = listener;
  }

  /** True when the last thing written was committed. */
  boolean healthy() {
    return healthy;
  }

  /** Ends the thread when the queue is drained, or at the latest then. */
  void finishBy(long nanoTime) {
    giveUpNanos = nanoTime;
    closing = true;
    queue.close();
  }

  @Override
  public void run() {
    try {
      while (!queue.exhausted() && !late()) {
        step();
      }
    } catch (InterruptedException endNow) {
      Thread.currentThread().interrupt();
    } finally {
      queue.close();
      healthy = false;
      abortRest();
      store.close();
    }
  }

  private boolean late() {
    return closing && System.nanoTime() - giveUpNanos >= 0;
  }

  private void step() throws InterruptedException {
    List<Pending> batch = queue.take(batchRows, IDLE_NANOS);
    if (!batch.isEmpty()) {
      write(batch);
    } else if (!healthy) {
      probe();
    }
  }

  private void write(List<Pending> batch) {
    long begun = System.nanoTime();
    List<Receipt> receipts;
    try {
      receipts = store.append(batch);
    } catch (SQLException | RuntimeException | Error e) {
      fail(batch, e);
      return;
    }
    healthy = true;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).receipt.complete(receipts.get(i));
    }
    tell(() -> listener.committed(batch.size(), System.nanoTime() - begun));
  }

  private void probe() {
    try {
      store.probe();
      healthy = true;
    } catch (SQLException | RuntimeException | Error e) {
      fail(List.of(), e);
    }
  }

  private void fail(List<Pending> batch, Throwable cause) {
    healthy = false;
    store.close();
    abort(batch, Reason.FAILED, "the audit log cannot write: " + cause.getMessage(), cause);
  }

  private void abortRest() {
    try {
      while (!queue.exhausted()) {
        abort(
            queue.take(batchRows, 0),
            Reason.CLOSED,
            "the audit log was closed before it came to this",
            null);
      }
    } catch (InterruptedException cannotWait) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort(
      List<Pending> batch, Reason reason, String message, @Nullable Throwable cause) {
    var failure = new AuditUnavailableException(reason, message, cause);
    batch.forEach(pending -> pending.receipt.completeExceptionally(failure));
    tell(() -> listener.failed(failure, batch.size()));
  }

  /** A listener that throws must not cost a decision its record. */
  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException broken) {
      // Its contract forbids this, and there is nobody left to tell.
    }
  }
}
