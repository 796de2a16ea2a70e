package io.sallyport.yaml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Turns the parser's events into values, as they come: nesting and size are cut off before a tree
 * exists, and an alias never expands, because it is refused where it stands.
 */
final class EventReader {
  private static final int DEPTH_MAX = 32;
  private static final int VALUES_MAX = 250_000;

  private final Iterator<Event> events;
  private final ScalarResolver resolver;
  private final Problems problems;
  private int values;

  EventReader(Iterator<Event> events, ScalarResolver resolver, Problems problems) {
    this.events = events;
    this.resolver = resolver;
    this.problems = problems;
  }

  /**
   * Reads the only document.
   *
   * @throws TooMuchException when it is nested too deep or holds too many values
   */
  Optional<YamlValue> document(String file) throws TooMuchException {
    events.next();
    if (events.next().getEventId() != Event.ID.DocumentStart) {
      problems.add(file, 0, "empty");
      return Optional.empty();
    }
    Event first = events.next();
    YamlValue root = value(first, Place.root(file, line(first)), 0);
    events.next();
    Event last = events.next();
    if (last.getEventId() != Event.ID.StreamEnd) {
      problems.add(file, line(last), "more than one document");
    }
    return Optional.of(root).filter(YamlValue::isReadable);
  }

  private YamlValue value(Event event, Place place, int depth) throws TooMuchException {
    if (depth > DEPTH_MAX) {
      throw new TooMuchException(place.line(), "nested deeper than " + DEPTH_MAX);
    }
    if (++values > VALUES_MAX) {
      throw new TooMuchException(place.line(), "more than " + VALUES_MAX + " values");
    }
    boolean plain = refuseExtras(event, place);
    Object read =
        switch (event) {
          case MappingStartEvent mapping -> map(place, depth);
          case CollectionStartEvent sequence -> list(place, depth);
          case ScalarEvent scalar when plain -> scalar(scalar, place);
          case Event other -> YamlValue.UNREADABLE;
        };
    return new YamlValue(place, plain ? read : YamlValue.UNREADABLE, problems);
  }

  /** False, with a problem, when the event carries an anchor, an alias or a tag. */
  private boolean refuseExtras(Event event, Place place) {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      problem(place, "anchors and aliases are not used here");
      return false;
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          case Event other -> Optional.empty();
        };
    if (tag.isPresent()) {
      problem(place, "tags are not used here");
    }
    return tag.isEmpty();
  }

  private Map<String, YamlValue> map(Place place, int depth) throws TooMuchException {
    Map<String, YamlValue> map = new LinkedHashMap<>();
    for (Event key = events.next(); !ends(key); key = events.next()) {
      String name = key(key, place, depth);
      Event next = events.next();
      Place at = place.entry(name, line(next));
      YamlValue value = value(next, at, depth + 1);
      if (map.putIfAbsent(name, value) != null) {
        problem(place.entry(name, line(key)), "duplicate key");
      }
    }
    return map;
  }

  private String key(Event event, Place place, int depth) throws TooMuchException {
    Place at = place.entry("?", line(event));
    if (event instanceof ScalarEvent key && !key.getValue().isEmpty()) {
      refuseExtras(event, at);
      return key.getValue();
    }
    problems.add(at.file(), at.line(), "a key must be plain text");
    value(event, at, depth + 1);
    return "?";
  }

  private List<YamlValue> list(Place place, int depth) throws TooMuchException {
    List<YamlValue> list = new ArrayList<>();
    for (Event item = events.next(); !ends(item); item = events.next()) {
      list.add(value(item, place.item(list.size(), line(item)), depth + 1));
    }
    return list;
  }

  private Object scalar(ScalarEvent scalar, Place place) {
    String text = scalar.getValue();
    Tag tag = resolver.resolve(text, scalar.getImplicit().canOmitTagInPlainScalar());
    try {
      if (tag.equals(Tag.BOOL)) {
        return Boolean.valueOf(text);
      }
      if (tag.equals(Tag.INT)) {
        return Long.valueOf(text);
      }
      if (tag.equals(Tag.FLOAT)) {
        return Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      problem(place, "not a plain decimal number: " + Place.shorten(text));
      return YamlValue.UNREADABLE;
    }
    if (tag.equals(Tag.NULL)) {
      problem(place, "no value");
      return YamlValue.UNREADABLE;
    }
    return text;
  }

  private void problem(Place place, String message) {
    String path = place.path();
    problems.add(place.file(), place.line(), path.isEmpty() ? message : path + ": " + message);
  }

  private static boolean ends(Event event) {
    return event.getEventId() == Event.ID.MappingEnd || event.getEventId() == Event.ID.SequenceEnd;
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** Ends the reading of a file that would cost too much. */
  static final class TooMuchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    TooMuchException(int line, String message) {
      super(message, null, false, false);
      this.line = line;
    }

    int line() {
      return line;
    }
  }
}
