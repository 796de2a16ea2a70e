package io.sallyport.detect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Who was refused and why, counted, and who has not heard it yet. Guarded by the lane's lock. */
final class Refusals {
  private final long[] counts = new long[LaneRefusal.values().length];
  private final List<Ticket> unheard = new ArrayList<>();

  /** Refuses a task; whoever has it in hand tells it. */
  void refuse(Ticket ticket, LaneRefusal reason) {
    ticket.refusal = reason;
    counts[reason.ordinal()]++;
  }

  /** Remembers to tell a refused task that nobody has in hand. */
  void toTell(Ticket ticket) {
    unheard.add(ticket);
  }

  /** Those that are to be told, once each. */
  List<Ticket> unheard() {
    if (unheard.isEmpty()) {
      return List.of();
    }
    List<Ticket> all = List.copyOf(unheard);
    unheard.clear();
    return all;
  }

  /** Refusals so far by reason. */
  Map<LaneRefusal, Long> counts() {
    Map<LaneRefusal, Long> all = new EnumMap<>(LaneRefusal.class);
    for (LaneRefusal reason : LaneRefusal.values()) {
      all.put(reason, counts[reason.ordinal()]);
    }
    return all;
  }
}
