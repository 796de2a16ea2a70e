package io.sallyport.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** How connections to {@code audit.db} are made; the only place that knows SQLite's settings. */
final class AuditDatabase {
  static final String FILE = "audit.db";

  private static final int BUSY_MILLIS = 1_000;
  private static final int READER_BUSY_MILLIS = 5_000;
  private static final int PAGE_BYTES = 4096;
  private static final long MAX_PAGES = 4_294_967_294L;

  private AuditDatabase() {}

  /**
   * The connection that writes: WAL, and a commit returns only after the WAL is synced.
   *
   * @param maxFileBytes size that the file may reach
   */
  static Connection writer(Path directory, long maxFileBytes) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    // After one big batch or one long reader the WAL would keep its size for ever.
    config.setJournalSizeLimit(64 << 20);
    config.setCacheSize(-16_384);
    Connection connection = config.createConnection(url(directory));
    try (var statement = connection.createStatement()) {
      long pages = Math.clamp(maxFileBytes / PAGE_BYTES, 1, MAX_PAGES);
      statement.execute("PRAGMA max_page_count = " + pages);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * A connection that only reads, beside a running writer or after a killed one.
   *
   * @throws AuditStoreException when the directory holds no log that can be read
   */
  static Connection reader(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new AuditStoreException("no audit log in " + directory + ": " + FILE + " is missing");
    }
    try {
      return readable(url(directory));
    } catch (SQLException first) {
      if (Files.isWritable(directory) || holdsRows(directory.resolve(FILE + "-wal"))) {
        throw unreadable(file, first);
      }
      return immutable(directory, first);
    }
  }

  /** For a whole copy on a medium that cannot be written, not even with a reader's lock file. */
  private static Connection immutable(Path directory, SQLException first) {
    try {
      return readable(url(directory) + "?immutable=1");
    } catch (SQLException e) {
      e.addSuppressed(first);
      throw unreadable(directory.resolve(FILE), e);
    }
  }

  private static boolean holdsRows(Path wal) {
    return wal.toFile().length() > 0;
  }

  static AuditStoreException unreadable(Path file, SQLException e) {
    return new AuditStoreException("cannot read " + file + ": " + e.getMessage(), e);
  }

  private static Connection readable(String url) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(READER_BUSY_MILLIS);
    Connection connection = config.createConnection(url);
    try {
      AuditSchema.check(connection);
      return connection;
    } catch (SQLException | AuditStoreException e) {
      connection.close();
      throw e;
    }
  }

  private static String url(Path directory) {
    return "jdbc:sqlite:" + directory.resolve(FILE).toUri();
  }
}
