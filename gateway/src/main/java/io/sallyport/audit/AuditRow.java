package io.sallyport.audit;

import java.nio.charset.StandardCharsets;

/**
 * A row as search and export give it.
 *
 * @param sequence its number in the log
 * @param previous the chain hash of the row before, 64 lower-case hex digits
 * @param hash its own
 * @param body the canonical form of the event, as text
 */
public record AuditRow(long sequence, String previous, String hash, String body) {
  /**
   * The event.
   *
   * @throws UndecodableEventException when the body is not one: someone changed it
   */
  public AuditEvent event() {
    return AuditCodec.decode(body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The row as one line of JSON. The member {@code event} holds the canonical bytes as they are
   * hashed; it is null when the body is no event, so that nothing foreign gets into the line.
   */
  public String toJsonLine() {
    return "{\"seq\":"
        + sequence
        + ",\"prev\":\""
        + previous
        + "\",\"hash\":\""
        + hash
        + "\",\"event\":"
        + (decodable() ? body : "null")
        + "}";
  }

  private boolean decodable() {
    try {
      event();
      return true;
    } catch (UndecodableEventException changed) {
      return false;
    }
  }
}
