package io.sallyport.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer, bounded in rows and in bytes; the batch being written still counts.
 *
 * <p>A patient event waits for company until another one is not patient, or for a set time; it then
 * shares a commit that would have cost a sync of its own. It does not even wake the writer, who
 * looks for such events by itself.
 *
 * <p>Any thread offers, one thread takes. The lock is held for the time of a few list operations.
 */
final class AppendQueue {
  /** What became of an offer. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final int maxRows;
  private final long maxBytes;
  private final long patienceNanos;
  private List<Pending> inFlight = List.of();
  private long bytes;
  private int impatient;
  private boolean closed;

  /**
   * @param patienceNanos how long a patient event waits for company, and how often the taker looks
   *     for one: twice as long at most
   */
  AppendQueue(int maxRows, long maxBytes, long patienceNanos) {
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
    this.patienceNanos = patienceNanos;
  }

  Offer offer(Pending pending) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      if (waiting.size() + inFlight.size() >= maxRows || bytes + pending.body.length > maxBytes) {
        return Offer.FULL;
      }
      bytes += pending.body.length;
      impatient += pending.patient ? 0 : 1;
      waiting.add(pending);
      if (!pending.patient) {
        changed.signal();
      }
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /**
   * All that waits, up to {@code max}; the batch taken before is thereby done with. Waits while
   * there is nothing and the queue is open, at most {@code waitNanos}; then the batch is empty.
   * Waits for company where all that is there is patient.
   */
  List<Pending> take(int max, long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      inFlight.forEach(done -> bytes -= done.body.length);
      inFlight = List.of();
      long left = waitNanos;
      while (waiting.isEmpty() && !closed && left > 0) {
        long look = Math.min(left, patienceNanos);
        left -= look - changed.awaitNanos(look);
      }
      for (long more = patience(); more > 0; more = patience()) {
        changed.awaitNanos(more);
      }
      List<Pending> batch = new ArrayList<>(Math.min(max, waiting.size()));
      while (batch.size() < max && !waiting.isEmpty()) {
        Pending next = waiting.remove();
        impatient -= next.patient ? 0 : 1;
        batch.add(next);
      }
      inFlight = batch;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** How long what waits may still wait for company; 0 or less when it is to be taken now. */
  private long patience() {
    Pending oldest = waiting.peek();
    if (oldest == null || impatient > 0 || closed) {
      return 0;
    }
    return patienceNanos - (System.nanoTime() - oldest.sinceNanos);
  }

  /** Refuses every later offer; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** True when closed and empty: nothing will ever be taken again. */
  boolean exhausted() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  int depth() {
    lock.lock();
    try {
      return waiting.size() + inFlight.size();
    } finally {
      lock.unlock();
    }
  }

  /** How long the oldest event has waited; 0 when none does. */
  long oldestAgeNanos(long nowNanos) {
    lock.lock();
    try {
      Pending oldest = inFlight.isEmpty() ? waiting.peek() : inFlight.getFirst();
      return oldest == null ? 0 : Math.max(0, nowNanos - oldest.sinceNanos);
    } finally {
      lock.unlock();
    }
  }
}
