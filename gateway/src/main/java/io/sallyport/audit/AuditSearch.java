package io.sallyport.audit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds rows of a log in one data directory, beside a running gateway or after a killed one.
 *
 * <p>Reads only. Each call opens a connection of its own and blocks on the disk; any thread may
 * call, none of an event loop. All methods throw {@link AuditStoreException} when there is no log
 * or it cannot be read.
 */
public final class AuditSearch {
  private static final int EXPORT_PAGE = 500;

  private final Path dataDir;

  public AuditSearch(Path dataDir) {
    this.dataDir = dataDir;
  }

  /**
   * One page of rows by the event's time, newest first, and of one time the later in the log first.
   *
   * @throws IllegalArgumentException when {@code before} is no row of the log
   */
  public List<AuditRow> search(AuditQuery query) {
    try (Connection connection = AuditDatabase.reader(dataDir)) {
      long time = placeOf(connection, query.before());
      return page(
          connection, SearchSql.newestFirst(query.filters(), time, query.before(), query.limit()));
    } catch (SQLException e) {
      throw AuditDatabase.unreadable(dataDir.resolve(AuditDatabase.FILE), e);
    }
  }

  /**
   * Gives every row that passes the filters, oldest first, that was in the log at the beginning.
   * Holds one small page at a time, and no lock while the sink is at work.
   *
   * @param sink what it throws ends the export and comes out of here
   * @return how many rows it was given
   */
  public long export(List<AuditFilter> filters, Consumer<AuditRow> sink) {
    try (Connection connection = AuditDatabase.reader(dataDir)) {
      long last = lastSequence(connection);
      long given = 0;
      long time = Long.MIN_VALUE;
      long sequence = Long.MIN_VALUE;
      List<AuditRow> page;
      do {
        SearchSql sql = SearchSql.oldestFirst(filters, time, sequence, last, EXPORT_PAGE);
        page = page(connection, sql);
        page.forEach(sink);
        given += page.size();
        if (!page.isEmpty()) {
          sequence = page.getLast().sequence();
          time = timeOf(connection, sequence);
        }
      } while (page.size() == EXPORT_PAGE);
      return given;
    } catch (SQLException e) {
      throw AuditDatabase.unreadable(dataDir.resolve(AuditDatabase.FILE), e);
    }
  }

  private static long placeOf(Connection connection, long before) throws SQLException {
    return before == AuditQuery.NEWEST ? Long.MAX_VALUE : timeOf(connection, before);
  }

  private static long timeOf(Connection connection, long sequence) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT time FROM event WHERE seq = ?")) {
      statement.setLong(1, sequence);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException("no row " + sequence + " in the log");
        }
        return row.getLong(1);
      }
    }
  }

  private static long lastSequence(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(seq) FROM event")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static List<AuditRow> page(Connection connection, SearchSql sql) throws SQLException {
    List<AuditRow> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      List<Object> values = sql.values();
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          page.add(row(row));
        }
      }
    }
    return page;
  }

  private static AuditRow row(ResultSet row) throws SQLException {
    return new AuditRow(
        row.getLong(1),
        hex(row.getBytes(2)),
        hex(row.getBytes(3)),
        new String(row.getBytes(4), StandardCharsets.UTF_8));
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
