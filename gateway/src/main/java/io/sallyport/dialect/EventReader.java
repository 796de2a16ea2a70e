package io.sallyport.dialect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the events of one stream, in order, each as a reply of its own: images at claimed places
 * are found, and nothing else may look like one. So it does not matter what an event calls itself.
 *
 * <p>Belongs to one stream and to one thread at a time; nothing is thrown for any bytes.
 */
public final class EventReader {
  private final List<EventRule> rules;
  private final ReadLimits limits;
  private final boolean dropPreviews;
  private final SpreadText spread = new SpreadText();

  EventReader(List<EventRule> rules, ReadLimits limits, boolean dropPreviews) {
    this.rules = rules;
    this.limits = limits;
    this.dropPreviews = dropPreviews;
  }

  /** Reads the next block of the stream. */
  public EventReading read(EventFrame frame) {
    Optional<EventFields> fields = EventFields.of(frame);
    if (fields.isEmpty()) {
      return new EventReading.Malformed();
    }
    return fields.get().said() ? event(fields.get()) : new EventReading.Comment();
  }

  private EventReading event(EventFields event) {
    Map<String, Set<String>> members = members(event);
    for (EventRule rule : rules) {
      if (rule.claims(event, members)) {
        return read(rule, event);
      }
    }
    return new EventReading.Unreadable(Defect.NOT_JUDGED, "event");
  }

  private Map<String, Set<String>> members(EventFields event) {
    boolean asked =
        rules.stream().anyMatch(rule -> rule.match() instanceof EventRule.Match.Members);
    return asked && event.isObject() ? TopMembers.of(event.data(), limits.depth()) : Map.of();
  }

  private EventReading read(EventRule rule, EventFields event) {
    return switch (rule.action()) {
      case DROP -> new EventReading.Dropped();
      case PREVIEW -> dropPreviews ? new EventReading.Dropped() : json(rule, event, true);
      case JUDGE -> json(rule, event, false);
      case PASS -> pass(rule, event);
    };
  }

  private EventReading pass(EventRule rule, EventFields event) {
    if (rule.match() instanceof EventRule.Match.Literal) {
      return new EventReading.Plain();
    }
    return event.isText()
        ? told(event, TextReply.read(event.data(), event.data().length), false)
        : json(rule, event, false);
  }

  private EventReading json(EventRule rule, EventFields event, boolean preview) {
    byte[] data = event.data();
    return told(event, new ReplyReader(data, data.length, rule.reply(), limits).read(), preview);
  }

  private EventReading told(EventFields event, Reading reading, boolean preview) {
    return switch (reading) {
      case Reading.Unreadable(var defect, var where) -> new EventReading.Unreadable(defect, where);
      case Reading.Parts parts -> {
        if (spread.joinsToAnImage(parts.texts())) {
          yield new EventReading.Unreadable(Defect.UNCLAIMED_IMAGE, "");
        }
        yield parts.images().isEmpty() && parts.links().isEmpty()
            ? new EventReading.Plain()
            : new EventReading.Images(event.data(), parts.images(), parts.links(), preview);
      }
    };
  }
}
