package io.sallyport.detect;

import io.sallyport.detect.Turnstile.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The ways into all models. Guarded by the lane's lock. */
final class Turnstiles {
  private final CircuitRule rule;
  private final Consumer<CircuitChange> changes;
  private final Consumer<Ticket> freed;
  private final Map<String, Turnstile> byModel = new LinkedHashMap<>();

  /**
   * @param changes hears of every circuit that opens, is tried or closes
   * @param freed takes those that waited for a model and need wait no longer
   */
  Turnstiles(CircuitRule rule, Consumer<CircuitChange> changes, Consumer<Ticket> freed) {
    this.rule = rule;
    this.changes = changes;
    this.freed = freed;
  }

  /**
   * Lets a task into a model; on {@link Entry#WAIT} the task is to be put into {@link #waitingFor}.
   */
  Entry enter(ModelUse use, Ticket ticket, long nowNanos) {
    Turnstile turnstile = byModel.computeIfAbsent(use.model(), _ -> new Turnstile(use, rule));
    CircuitState before = turnstile.state();
    turnstile.follow(use);
    Entry entry = turnstile.enter(ticket, nowNanos);
    settle(turnstile, before);
    return entry;
  }

  /** The line of those that wait for a model. */
  FairQueue waitingFor(ModelUse use) {
    Turnstile turnstile = byModel.get(use.model());
    if (turnstile == null) {
      throw new IllegalStateException("nobody entered " + use.model());
    }
    return turnstile.waiting;
  }

  /** Lets a task out of the model that it is in, if it is in one. */
  void leave(Ticket ticket, RunOutcome outcome, long nowNanos) {
    Turnstile turnstile = ticket.inside;
    if (turnstile != null) {
      CircuitState before = turnstile.state();
      turnstile.leave(ticket, outcome, nowNanos);
      settle(turnstile, before);
    }
  }

  /** Notes that a running task hangs: in its model, if it is in one. */
  void hangs(Ticket ticket, long nowNanos) {
    ticket.lost = true;
    Turnstile turnstile = ticket.inside;
    if (turnstile != null) {
      CircuitState before = turnstile.state();
      turnstile.hangs(ticket, nowNanos);
      settle(turnstile, before);
    }
  }

  /** After any change of a turnstile: tells of its circuit, and moves on who waited for it. */
  private void settle(Turnstile turnstile, CircuitState before) {
    if (turnstile.state() != before) {
      changes.accept(new CircuitChange(turnstile.model, turnstile.state()));
    }
    for (Ticket next = turnstile.release(); next != null; next = turnstile.release()) {
      freed.accept(next);
    }
  }

  /** The lines of those that wait, a line for each model. */
  List<FairQueue> lines() {
    return byModel.values().stream().map(turnstile -> turnstile.waiting).toList();
  }

  /** Every model that was ever asked for. */
  List<ModelLoad> loads() {
    List<ModelLoad> loads = new ArrayList<>();
    for (Turnstile it : byModel.values()) {
      loads.add(new ModelLoad(it.model, it.inside(), it.waiting.size(), it.state()));
    }
    return loads;
  }
}
