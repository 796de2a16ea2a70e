package io.sallyport.detect.remote;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets a bounded number of calls in at a time, and a bounded number wait, first come, first served.
 * No thread waits: who is let in later is told by the call that leaves. Safe on every thread.
 */
final class Places {
  private final int insideMax;
  private final int waitingMax;
  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private int inside;

  Places(int insideMax, int waitingMax) {
    this.insideMax = insideMax;
    this.waitingMax = waitingMax;
  }

  /**
   * Asks to be let in. Whoever is let in calls {@link #leave()} once; whoever gives up cancels.
   *
   * @return complete when it is the caller's turn
   * @throws UnavailableException {@code OVERLOAD} when too many wait
   */
  synchronized CompletableFuture<Void> enter() throws UnavailableException {
    if (inside < insideMax) {
      inside++;
      return CompletableFuture.completedFuture(null);
    }
    if (waiting.size() >= waitingMax) {
      throw new UnavailableException(Cause.OVERLOAD, "too many calls wait for the remote");
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    waiting.add(turn);
    var _ =
        turn.whenComplete(
            (_, gaveUp) -> {
              if (gaveUp != null) {
                forget(turn);
              }
            });
    return turn;
  }

  private synchronized void forget(CompletableFuture<Void> turn) {
    waiting.remove(turn);
  }

  /** Gives the place to the next that has not given up. */
  void leave() {
    for (CompletableFuture<Void> next = next(); next != null; next = next()) {
      if (next.complete(null)) {
        return;
      }
    }
  }

  private synchronized @Nullable CompletableFuture<Void> next() {
    CompletableFuture<Void> next = waiting.poll();
    if (next == null) {
      inside--;
    }
    return next;
  }

  synchronized int inside() {
    return inside;
  }

  synchronized int waiting() {
    return waiting.size();
  }
}
