package io.sallyport.detect;

import org.jspecify.annotations.Nullable;

/**
 * The way into one model: so many runs at once as its card allows, and none while its circuit is
 * open. Guarded by the lane's lock.
 */
final class Turnstile {
  /** What a task that asks to be let in is told. */
  enum Entry {
    /** It is in, and must leave. */
    IN,
    /** It waits; its thread goes on with something else, and its turn comes again. */
    WAIT,
    /** The model is broken. */
    BROKEN
  }

  final String model;
  final FairQueue waiting = new FairQueue();
  private final Circuit circuit;
  private String version;
  private int threads;
  private int inside;

  Turnstile(ModelUse use, CircuitRule rule) {
    this.model = use.model();
    this.circuit = new Circuit(rule);
    this.version = use.version();
    this.threads = use.threads();
  }

  /** Takes over what the use says now: a new version, another number of threads. */
  void follow(ModelUse use) {
    threads = use.threads();
    if (!version.equals(use.version())) {
      version = use.version();
      circuit.reset();
    }
  }

  CircuitState state() {
    return circuit.state();
  }

  int inside() {
    return inside;
  }

  private boolean full() {
    return threads != ModelUse.ALL_THREADS && inside >= threads;
  }

  /** Lets a task in, if that can be at once. A try of a broken model never waits for a place. */
  Entry enter(Ticket ticket, long nowNanos) {
    if (ticket.inside == this && circuit.state() == CircuitState.CLOSED) {
      return Entry.IN;
    }
    if (ticket.inside == this) {
      leave(ticket, RunOutcome.UNTOLD, nowNanos);
    }
    if (!circuit.admits(nowNanos)) {
      return Entry.BROKEN;
    }
    if (full()) {
      return circuit.state() == CircuitState.CLOSED ? Entry.WAIT : Entry.BROKEN;
    }
    ticket.probe = circuit.begin();
    place(ticket);
    return Entry.IN;
  }

  private void place(Ticket ticket) {
    inside++;
    ticket.inside = this;
  }

  /** Takes a task out, and its outcome into account. */
  void leave(Ticket ticket, RunOutcome outcome, long nowNanos) {
    inside--;
    ticket.inside = null;
    if (ticket.lost) {
      circuit.returned();
    } else {
      circuit.end(ticket.probe, outcome, nowNanos);
    }
    ticket.probe = false;
  }

  /** Notes that a task which is in hangs. */
  void hangs(Ticket ticket, long nowNanos) {
    circuit.hangs(ticket.probe, nowNanos);
    ticket.probe = false;
  }

  /**
   * The next of those that wait and need wait no longer: it has a place, or the model is broken and
   * it will be told so. None when the others must go on waiting.
   */
  @Nullable Ticket release() {
    boolean broken = circuit.state() != CircuitState.CLOSED;
    if (!broken && full()) {
      return null;
    }
    Ticket ticket = waiting.take();
    if (ticket != null && !broken) {
      place(ticket);
    }
    return ticket;
  }
}
