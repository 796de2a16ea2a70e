package io.sallyport.detect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lane's threads: how many there should be, what each works on, which hang, and who takes the
 * place of one that does. Everything but {@link Member#run} is called under the lane's lock.
 */
final class Crew {
  /** A thread of the lane. */
  static final class Member extends Thread {
    /** The task that has this thread; none while it waits for one. */
    @Nullable Ticket ticket;

    private boolean lost;

    private Member(String name, Runnable work) {
      super(null, work, name, 0, false);
      setDaemon(true);
    }

    /** The task that has this thread. */
    Ticket task() {
      Ticket task = ticket;
      if (task == null) {
        throw new IllegalStateException("the task has given its thread back");
      }
      return task;
    }
  }

  private final String name;
  private final LaneOptions options;
  private final LaneMonitor monitor;
  private final List<Member> members = new ArrayList<>();
  private int hired;
  private boolean closing;

  Crew(String name, LaneOptions options, LaneMonitor monitor) {
    this.name = name;
    this.options = options;
    this.monitor = monitor;
  }

  /** The member that the calling thread is. */
  static Member self() {
    if (Thread.currentThread() instanceof Member self) {
      return self;
    }
    throw new IllegalStateException("not a thread of the lane");
  }

  /** Starts threads until there are enough, or as many as there may be. */
  void hire() {
    while (wants()) {
      Member member = new Member("lane-" + name + "-" + hired++, this::serve);
      members.add(member);
      member.start();
    }
  }

  private boolean wants() {
    return !closing
        && able() < options.threads()
        && members.size() < options.threads() + options.spareThreads();
  }

  /** What a member does all its life. */
  private void serve() {
    Member self = self();
    for (Ticket ticket = take(self); ticket != null; ticket = take(self)) {
      LaneMonitor.hear(ticket);
    }
  }

  /** Ends the member's last task and waits for the next; none when the member should end. */
  private @Nullable Ticket take(Member self) {
    monitor.lock();
    try {
      finish(self);
      Ticket ticket = able() > options.threads() ? null : await();
      if (ticket == null) {
        members.remove(self);
        monitor.threadEnded();
      } else if (ticket.refusal == null) {
        self.ticket = ticket;
      }
      return ticket;
    } finally {
      monitor.unlockAndTell();
    }
  }

  private void finish(Member self) {
    Ticket last = self.ticket;
    if (last != null) {
      monitor.state.finished(last, monitor.now());
      self.ticket = null;
    }
    if (self.lost) {
      self.lost = false;
      monitor.news(LaneListener::threadReturned);
    }
  }

  private @Nullable Ticket await() {
    while (true) {
      Ticket ticket = monitor.state.next(monitor.now());
      if (ticket != null || closing) {
        return ticket;
      }
      monitor.awaitWork();
    }
  }

  /** Gives up members whose task is far beyond its deadline, and hires others in their place. */
  void giveUpHanging(long nowNanos) {
    long most = options.lostAfter().toNanos();
    for (Member member : members()) {
      Ticket ticket = member.ticket;
      if (ticket != null && !member.lost && nowNanos - ticket.deadlineNanos >= most) {
        member.lost = true;
        monitor.state.hangs(ticket, nowNanos);
        boolean replaced = wants();
        monitor.news(hears -> hears.threadLost(replaced));
        hire();
      }
    }
  }

  /** Members that do not hang. */
  int able() {
    return members.size() - lost();
  }

  /** Members that hang. */
  int lost() {
    int lost = 0;
    for (Member member : members) {
      lost += member.lost ? 1 : 0;
    }
    return lost;
  }

  /** Members end once nothing is ready, and nobody is hired any more. */
  void closing() {
    closing = true;
    monitor.wakeAll();
  }

  boolean isClosing() {
    return closing;
  }

  /** Waits until every member that does not hang has ended, for so long at most. */
  void awaitEnd(long nanos) {
    long left = nanos;
    try {
      while (able() > 0 && left > 0) {
        left = monitor.awaitEnded(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those that have not ended. */
  List<Member> members() {
    return List.copyOf(members);
  }
}
