package io.sallyport.audit;

import java.time.DateTimeException;
import java.util.Arrays;
import tools.jackson.core.JacksonException;

/**
 * The canonical form of events: one event, one spelling, and back without loss.
 *
 * <p>UTF-8 JSON that begins with {@code {"v":1,"kind":…}}, members in a fixed order, maps sorted by
 * key in UTF-16 order, doubles as the shortest decimal that reads back the same, times as ISO 8601
 * in UTC. These bytes are what the chain hashes and what an export holds. They carry keyed hashes,
 * never content.
 *
 * <p>Thread-safe: holds no state.
 */
public final class AuditCodec {
  /** The version of the form; stands in every event. */
  public static final int VERSION = 1;

  /** The most bytes an event may have: 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  private AuditCodec() {}

  /**
   * The event's canonical bytes.
   *
   * @throws IllegalArgumentException when it has none: over {@link #MAX_BYTES}, text that is not
   *     well-formed Unicode, or a time beyond what milliseconds can count
   */
  public static byte[] encode(AuditEvent event) {
    return EventEncoder.encode(event);
  }

  /**
   * The event with these canonical bytes.
   *
   * @throws UndecodableEventException for any other bytes, a second spelling of an event included
   */
  public static AuditEvent decode(byte[] bytes) {
    AuditEvent event;
    byte[] respelled;
    try {
      event = EventDecoder.decode(bytes);
      respelled = encode(event);
    } catch (JacksonException notJson) {
      throw new UndecodableEventException("not the JSON of an event");
    } catch (IllegalArgumentException | DateTimeException outOfRange) {
      throw new UndecodableEventException("a value out of range");
    }
    if (!Arrays.equals(bytes, respelled)) {
      throw new UndecodableEventException("not the canonical spelling");
    }
    return event;
  }
}
