package io.sallyport.detect;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait, a line for each caller. Guarded by the lane's lock.
 *
 * <p>The rule: of the callers whose thread time is within {@link #SLACK_NANOS} of the least served
 * one's, the task that is due first goes first. So deadlines rule while callers are about even, and
 * nobody gets more than the slack ahead of another that waits. Within one caller deadlines alone
 * rule. (Eligibility by service received and deadlines among the eligible is the shape of Stoica
 * and Abdel-Wahab's <i>Earliest Eligible Virtual Deadline First</i>, 1995, with real deadlines in
 * place of virtual ones.)
 *
 * <p>Adding and taking cost a look at each caller that waits, and a logarithm of one caller's line.
 */
final class FairQueue {
  /** How much thread time one caller may have had more than another that waits. */
  static final long SLACK_NANOS = 50_000_000L;

  /** The tasks of one caller. */
  private static final class Line {
    private final Account account;
    private final DeadlineHeap<Ticket> tickets = new DeadlineHeap<>();

    Line(Account account) {
      this.account = account;
    }
  }

  private final Map<Account, Line> lines = new IdentityHashMap<>();
  private final List<Line> waiting = new ArrayList<>();
  private int size;

  int size() {
    return size;
  }

  void add(Ticket ticket) {
    Line line = lines.computeIfAbsent(ticket.owner(), Line::new);
    if (line.tickets.isEmpty()) {
      waiting.add(line);
    }
    line.tickets.add(ticket);
    size++;
  }

  /** Takes the task whose turn it is; none when none waits. */
  @Nullable Ticket take() {
    long least = leastServedNanos();
    Ticket first = null;
    for (Line line : waiting) {
      Ticket head = line.tickets.peek();
      boolean eligible = line.account.servedNanos - least <= SLACK_NANOS;
      if (head != null && eligible && (first == null || head.before(first))) {
        first = head;
      }
    }
    if (first != null) {
      remove(first);
    }
    return first;
  }

  /** What the least served caller that waits here had; 0 when none waits. */
  long leastServedNanos() {
    long least = waiting.isEmpty() ? 0 : Long.MAX_VALUE;
    for (Line line : waiting) {
      least = Math.min(least, line.account.servedNanos);
    }
    return least;
  }

  /** Takes out a task that waits here. */
  void remove(Ticket ticket) {
    Line line = lines.get(ticket.owner());
    if (line != null && ticket.place != DeadlineHeap.NOWHERE) {
      line.tickets.remove(ticket);
      size--;
      if (line.tickets.isEmpty()) {
        waiting.remove(line);
      }
    }
  }

  /** What those of the account's tasks that are due before a newcomer are expected to take. */
  long expectedBefore(Ticket newcomer, Account account) {
    Line line = lines.get(account);
    long[] all = {0};
    if (line != null) {
      line.tickets.forEach(
          ticket -> all[0] += ticket.dueNanos - newcomer.dueNanos > 0 ? 0 : ticket.expectedNanos);
    }
    return all[0];
  }

  /** Every account that has something here. */
  void forEachAccount(Consumer<Account> action) {
    for (Line line : waiting) {
      action.accept(line.account);
    }
  }

  /** The caller's task that is due last. */
  @Nullable Ticket latest(Account account) {
    Line line = lines.get(account);
    return line == null ? null : line.tickets.latest();
  }

  void forEach(Consumer<Ticket> action) {
    for (Line line : waiting) {
      line.tickets.forEach(action);
    }
  }

  /** Drops the line of a caller that has nothing here. */
  void forget(Account account) {
    lines.remove(account);
  }
}
