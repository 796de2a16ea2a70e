package io.sallyport.audit;

/** Told how the log fares, for metrics and the operator's log. Must be quick and must not throw. */
public interface AuditListener {
  /** Hears nothing. */
  AuditListener NONE =
      new AuditListener() {
        @Override
        public void committed(int rows, long nanos) {}

        @Override
        public void failed(AuditUnavailableException failure, int rows) {}
      };

  /**
   * A batch is durable. Called on the writer thread.
   *
   * @param rows in the batch, at least 1
   * @param nanos that the write and its commit took
   */
  void committed(int rows, long nanos);

  /**
   * Events were not recorded. Called on the writer thread, or on the thread that appends when the
   * event did not even reach the queue.
   *
   * @param failure what their receipts carry; its message holds no content
   * @param rows how many events; 0 when the store was merely probed after a failure
   */
  void failed(AuditUnavailableException failure, int rows);
}
