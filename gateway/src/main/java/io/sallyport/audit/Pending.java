package io.sallyport.audit;

import java.util.concurrent.CompletableFuture;

/** One event on its way to the writer, encoded already, with the receipt its sender waits for. */
final class Pending {
  final EventColumns columns;
  final byte[] body;
  final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  final long sinceNanos;

  private Pending(EventColumns columns, byte[] body, long sinceNanos) {
    this.columns = columns;
    this.body = body;
    this.sinceNanos = sinceNanos;
  }

  /**
   * @throws IllegalArgumentException when the event has no canonical form
   */
  static Pending of(AuditEvent event, long nowNanos) {
    byte[] body = AuditCodec.encode(event);
    return new Pending(EventColumns.of(event), body, nowNanos);
  }
}
