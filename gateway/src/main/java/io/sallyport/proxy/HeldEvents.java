package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.dialect.EventFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a stream of events holds: its memory in the shared budget, and the events that wait. Lives
 * on the stream's event loop.
 */
final class HeldEvents {
  private final Limits limits;
  private final ByteBudget budget;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private Steps.Images images = Steps.Images.NONE;
  private final Deque<Runnable> fetched = new ArrayDeque<>();
  private long bytes;
  private long taken;

  HeldEvents(Limits limits, ByteBudget budget) {
    this.limits = limits;
    this.budget = budget;
  }

  private record Waiting(EventFrame frame, boolean preview) {}

  /** Takes room for bytes that arrived; false when there is none. */
  boolean take(long count) {
    if (!budget.take(count)) {
      return false;
    }
    taken += count;
    return true;
  }

  /** Gives room back. */
  void give(long count) {
    budget.give(count);
    taken -= count;
  }

  /** Keeps images that were fetched until they have been judged. */
  void keep(Runnable release) {
    fetched.add(release);
  }

  /** Gives back what was fetched: its verdict is there. */
  void judged() {
    fetched.forEach(Runnable::run);
    fetched.clear();
  }

  /** Gives back whatever is still taken. */
  void release() {
    judged();
    give(taken);
    waiting.clear();
    images = Steps.Images.NONE;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Lets an event wait; false when that would be too much.
   *
   * @param more its images
   */
  boolean add(EventFrame frame, Steps.Images more, boolean preview) {
    bytes += frame.length();
    images = images.and(more);
    waiting.add(new Waiting(frame, preview));
    return bytes <= limits.replyBytes() && images.count() <= limits.images();
  }

  /** The images of all that waits. */
  Steps.Images images() {
    return images;
  }

  /** The next in order, which waits no longer; empty when there is none. */
  Optional<EventFrame> poll() {
    Waiting next = waiting.poll();
    if (next == null) {
      images = Steps.Images.NONE;
      bytes = 0;
      return Optional.empty();
    }
    return Optional.of(next.frame());
  }

  /** The next that is no preview: nothing came that the previews were of. */
  Optional<EventFrame> pollPlain() {
    while (!waiting.isEmpty() && waiting.peek().preview()) {
      waiting.poll();
    }
    return poll();
  }
}
