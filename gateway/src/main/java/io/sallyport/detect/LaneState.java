package io.sallyport.detect;

import io.sallyport.detect.Turnstile.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, who runs, and whose turn it is: the lane without its threads. Guarded by the lane's
 * lock.
 *
 * <p>A task waits in {@code ready} for a thread, or in the line of a model for a place there; both
 * count as waiting. A task that has begun is never refused for want of room, so that there may be
 * as many more waiting as there are threads.
 */
final class LaneState {
  /** Tasks that a full queue is looked through for dead ones, for each that meets it full. */
  private static final int LOOKS = 64;

  private final int queueMax;
  private final FairQueue ready = new FairQueue();
  private final Forecast forecast;
  private final Turnstiles turnstiles;
  private final Callers callers = new Callers(this::forget);
  private final Refusals refusals = new Refusals();
  private long order;
  private long floorNanos;
  private long looks;
  private long expectedNanos;
  private int waiting;
  private int running;
  private int freed;

  /**
   * @param queueMax tasks that may wait
   * @param threads how many serve them
   * @param changes hears, under the lock, of every circuit that opens, is tried or closes
   */
  LaneState(int queueMax, int threads, CircuitRule rule, Consumer<CircuitChange> changes) {
    this.queueMax = queueMax;
    this.forecast = new Forecast(ready, threads);
    this.turnstiles = new Turnstiles(rule, changes, this::free);
  }

  /** Lets a task into the queue; false when it is refused, for want of room or of time. */
  boolean admit(Ticket ticket, long nowNanos) {
    Account account = callers.of(ticket.caller);
    if (forecast.tooLate(ticket, account, expectedNanos, nowNanos)) {
      refusals.refuse(ticket, LaneRefusal.TOO_LATE);
      return false;
    }
    if (waiting >= queueMax && !makeRoom(account, nowNanos)) {
      refusals.refuse(ticket, LaneRefusal.FULL);
      return false;
    }
    ticket.expectedNanos = ticket.pace.expectedNanos();
    if (account.idle()) {
      account.servedNanos = Math.max(account.servedNanos, floorNanos);
    }
    ticket.account = account;
    ticket.sinceNanos = nowNanos;
    ticket.order = order++;
    enqueue(ticket, ready);
    return true;
  }

  /** Drops what is dead, or the last task of the caller that holds most. */
  private boolean makeRoom(Account newcomer, long nowNanos) {
    looks += LOOKS;
    if (looks >= waiting) {
      looks = 0;
      sweep(nowNanos);
    }
    if (waiting < queueMax) {
      return true;
    }
    Account fullest = callers.fullest();
    if (fullest == null || fullest.waiting <= newcomer.waiting + 1) {
      return false;
    }
    Ticket last = ready.latest(fullest);
    if (last == null) {
      return false;
    }
    drop(last, ready, LaneRefusal.PUSHED_OUT, nowNanos);
    return true;
  }

  /** Drops every task that nobody waits for any more. */
  void sweep(long nowNanos) {
    for (FairQueue queue : queues()) {
      List<Ticket> dead = new ArrayList<>();
      queue.forEach(
          ticket -> {
            if (ticket.over(nowNanos)) {
              dead.add(ticket);
            }
          });
      dead.forEach(ticket -> drop(ticket, queue, ticket.reason(), nowNanos));
    }
  }

  /** Drops everything that waits, as the lane closes. */
  void dropAll(long nowNanos) {
    while (waiting > 0) {
      for (FairQueue queue : queues()) {
        List<Ticket> all = new ArrayList<>();
        queue.forEach(all::add);
        all.forEach(ticket -> drop(ticket, queue, LaneRefusal.CLOSING, nowNanos));
      }
    }
  }

  private List<FairQueue> queues() {
    List<FairQueue> queues = new ArrayList<>(turnstiles.lines());
    queues.add(ready);
    return queues;
  }

  private void drop(Ticket ticket, FairQueue queue, LaneRefusal reason, long nowNanos) {
    queue.remove(ticket);
    refuse(ticket, reason, nowNanos);
    refusals.toTell(ticket);
  }

  /** Takes a task that stands in no queue any more off the books. */
  private void refuse(Ticket ticket, LaneRefusal reason, long nowNanos) {
    unqueued(ticket);
    refusals.refuse(ticket, reason);
    turnstiles.leave(ticket, RunOutcome.UNTOLD, nowNanos);
  }

  /** The task whose turn it is, on the books as running unless it is refused; none when none. */
  @Nullable Ticket next(long nowNanos) {
    floorNanos = Math.max(floorNanos, ready.leastServedNanos());
    Ticket ticket = ready.take();
    if (ticket == null) {
      return null;
    }
    if (ticket.over(nowNanos)) {
      refuse(ticket, ticket.reason(), nowNanos);
      return ticket;
    }
    if (ready.size() > 0 && ticket.hopeless(nowNanos)) {
      ticket.pace.givenUp();
      refuse(ticket, LaneRefusal.TOO_LATE, nowNanos);
      return ticket;
    }
    unqueued(ticket);
    running++;
    ticket.owner().running++;
    ticket.grantedNanos = nowNanos;
    return ticket;
  }

  /** Notes that a running task has given its thread back, and a place that it forgot to leave. */
  void finished(Ticket ticket, long nowNanos) {
    giveBack(ticket, nowNanos);
    learn(ticket, nowNanos);
    turnstiles.leave(ticket, RunOutcome.UNTOLD, nowNanos);
  }

  /** A run that was broken off, or hung, says nothing about the next one. */
  private static void learn(Ticket ticket, long nowNanos) {
    if (!ticket.over(nowNanos)) {
      ticket.pace.took(ticket.usedNanos);
    } else if (ticket.reason() == LaneRefusal.EXPIRED && !ticket.lost) {
      ticket.pace.overran(ticket.usedNanos);
    }
  }

  private void giveBack(Ticket ticket, long nowNanos) {
    running--;
    ticket.owner().running--;
    ticket.usedNanos += nowNanos - ticket.grantedNanos;
    ticket.owner().charge(nowNanos - ticket.grantedNanos, floorNanos);
  }

  /** Lets a running task into a model; on {@link Entry#WAIT} it has given its thread back. */
  Entry enter(ModelUse use, Ticket ticket, long nowNanos) {
    Entry entry = turnstiles.enter(use, ticket, nowNanos);
    if (entry == Entry.WAIT) {
      giveBack(ticket, nowNanos);
      enqueue(ticket, turnstiles.waitingFor(use));
    }
    return entry;
  }

  /** Lets a running task out of the model that it is in. */
  void leave(Ticket ticket, RunOutcome outcome, long nowNanos) {
    turnstiles.leave(ticket, outcome, nowNanos);
  }

  /** Notes that a running task hangs. */
  void hangs(Ticket ticket, long nowNanos) {
    turnstiles.hangs(ticket, nowNanos);
  }

  private void enqueue(Ticket ticket, FairQueue queue) {
    waiting++;
    ticket.owner().waiting++;
    expectedNanos += ticket.expectedNanos;
    queue.add(ticket);
  }

  /** Takes a task that has left its queue off the books. */
  private void unqueued(Ticket ticket) {
    waiting--;
    ticket.owner().waiting--;
    expectedNanos -= ticket.expectedNanos;
  }

  private void forget(Account account) {
    queues().forEach(queue -> queue.forget(account));
  }

  /** Tasks in the queue, and those that wait for a model. */
  int waiting() {
    return waiting;
  }

  int running() {
    return running;
  }

  private void free(Ticket ticket) {
    ready.add(ticket);
    freed++;
  }

  /** How many tasks need wait for their models no longer, since the last call. */
  int freed() {
    int count = freed;
    freed = 0;
    return count;
  }

  Callers callers() {
    return callers;
  }

  /** How long the oldest of those that wait has waited; 0 when none does. */
  long oldestAgeNanos(long nowNanos) {
    long[] oldest = {0};
    for (FairQueue queue : queues()) {
      queue.forEach(ticket -> oldest[0] = Math.max(oldest[0], nowNanos - ticket.sinceNanos));
    }
    return oldest[0];
  }

  Refusals refusals() {
    return refusals;
  }

  List<ModelLoad> models() {
    return turnstiles.loads();
  }
}
