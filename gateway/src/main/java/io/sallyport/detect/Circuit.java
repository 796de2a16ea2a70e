package io.sallyport.detect;

import java.util.BitSet;

/**
 * The circuit breaker of one model: pure bookkeeping over times that are handed in. Guarded by the
 * lane's lock.
 *
 * <p>Closed, it counts which of the last runs failed, and opens when enough of them did, or at once
 * when a run hangs. Open, it lets nobody in until a delay has passed. Then one run at a time tries
 * the model: an answer closes the circuit, a failure opens it again for twice as long. The delay is
 * back at its first value once a whole window of runs went by without opening. While a run hangs,
 * nobody tries: each try might cost another thread.
 */
final class Circuit {
  private final CircuitRule rule;
  private final BitSet failed;
  private CircuitState state = CircuitState.CLOSED;
  private int next;
  private int seen;
  private long delayNanos;
  private long untilNanos;
  private boolean probing;
  private int hanging;

  Circuit(CircuitRule rule) {
    this.rule = rule;
    this.failed = new BitSet(rule.window());
    this.delayNanos = rule.delay().toNanos();
  }

  CircuitState state() {
    return state;
  }

  /** Whether a run may begin now. */
  boolean admits(long nowNanos) {
    return switch (state) {
      case CLOSED -> true;
      case HALF_OPEN -> !probing && hanging == 0;
      case OPEN -> hanging == 0 && nowNanos - untilNanos >= 0;
    };
  }

  /** Notes that a run which {@link #admits} let in begins; true when it is a try. */
  boolean begin() {
    if (state == CircuitState.CLOSED) {
      return false;
    }
    state = CircuitState.HALF_OPEN;
    probing = true;
    return true;
  }

  /**
   * Notes the end of a run. What began before the circuit opened and ends after says nothing more.
   *
   * @param probe what {@link #begin} said of it
   */
  void end(boolean probe, RunOutcome outcome, long nowNanos) {
    if (probe) {
      endProbe(outcome, nowNanos);
    } else if (state == CircuitState.CLOSED && outcome != RunOutcome.UNTOLD) {
      count(outcome == RunOutcome.FAILED, nowNanos);
    }
  }

  private void endProbe(RunOutcome outcome, long nowNanos) {
    probing = false;
    if (state != CircuitState.HALF_OPEN) {
      return;
    }
    switch (outcome) {
      case ANSWERED -> close();
      case FAILED -> open(nowNanos);
      case UNTOLD -> {}
    }
  }

  private void count(boolean failure, long nowNanos) {
    failed.set(next, failure);
    next = (next + 1) % rule.window();
    seen = Math.min(seen + 1, rule.window());
    if (failed.cardinality() >= rule.failures()) {
      open(nowNanos);
    } else if (seen == rule.window()) {
      delayNanos = rule.delay().toNanos();
    }
  }

  /** Notes that a run hangs beyond all deadlines: its thread is lost. */
  void hangs(boolean probe, long nowNanos) {
    hanging++;
    if (probe) {
      probing = false;
    }
    if (state != CircuitState.OPEN) {
      open(nowNanos);
    }
  }

  /** Notes that a run which hung has come back. */
  void returned() {
    hanging--;
  }

  /** Another version of the model begins afresh; runs of the old one that hang still do. */
  void reset() {
    close();
    probing = false;
    delayNanos = rule.delay().toNanos();
  }

  private void open(long nowNanos) {
    state = CircuitState.OPEN;
    untilNanos = nowNanos + delayNanos;
    delayNanos = Math.min(2 * delayNanos, rule.delayMax().toNanos());
  }

  private void close() {
    state = CircuitState.CLOSED;
    failed.clear();
    next = 0;
    seen = 0;
  }
}
