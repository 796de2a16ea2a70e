package io.sallyport.audit;

import java.util.concurrent.CompletableFuture;

/** One event on its way to the writer, encoded already, with the receipt its sender waits for. */
final class Pending {
  final EventColumns columns;
  final byte[] body;
  final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  final long sinceNanos;

  /** True when it may wait a little for others to share its commit. */
  final boolean patient;

  private Pending(EventColumns columns, byte[] body, long sinceNanos, boolean patient) {
    this.columns = columns;
    this.body = body;
    this.sinceNanos = sinceNanos;
    this.patient = patient;
  }

  /**
   * @throws IllegalArgumentException when the event has no canonical form
   */
  static Pending of(AuditEvent event, long nowNanos, boolean patient) {
    byte[] body = AuditCodec.encode(event);
    return new Pending(EventColumns.of(event), body, nowNanos, patient);
  }
}
