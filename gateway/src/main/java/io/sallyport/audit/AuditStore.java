package io.sallyport.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of the store, which recovers by itself.
 *
 * <p>After any failure the connection is given up, because nobody knows what of the batch is on the
 * disk. The next use opens anew and reads the head from the file: a batch that failed and yet
 * persisted is simply part of the chain, acknowledged to nobody. Opening after a crash, after a
 * failure and every morning is the same code.
 *
 * <p>Owned by one thread at a time: the one that opens it, then the writer.
 */
final class AuditStore implements AutoCloseable {
  /** Opens a connection as {@link AuditDatabase#writer} does; tests bring ones that break. */
  @FunctionalInterface
  interface Source {
    Connection open() throws SQLException;
  }

  private final Source source;
  private @Nullable AuditAppender current;

  AuditStore(Source source) {
    this.source = source;
  }

  /**
   * Opens the store for the first time.
   *
   * @throws AuditStoreException when the file is not a log of this version, or its end is not whole
   */
  void open() throws SQLException {
    current = opened();
  }

  /** Appends the batch; when this returns, it is durable. On an exception nothing is promised. */
  List<Receipt> append(List<Pending> batch) throws SQLException {
    return recovered().append(batch);
  }

  /** Writes and syncs one page, to see after a failure whether the store is back. */
  void probe() throws SQLException {
    recovered().probe();
  }

  /** Gives the connection up, after a failure or for good. */
  @Override
  public void close() {
    AuditAppender broken = current;
    current = null;
    closeQuietly(broken);
  }

  private AuditAppender recovered() throws SQLException {
    AuditAppender appender = current;
    if (appender == null) {
      appender = opened();
      current = appender;
      appender.settle();
    }
    return appender;
  }

  private AuditAppender opened() throws SQLException {
    Connection connection = source.open();
    try {
      return new AuditAppender(connection);
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable closeable) {
    if (closeable == null) {
      return;
    }
    try {
      closeable.close();
    } catch (Exception secondary) {
      // Either a failure was reported already, or all that matters is committed.
    }
  }
}
