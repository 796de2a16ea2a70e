package io.sallyport.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One open connection that appends to the chain, and the head it appends to.
 *
 * <p>After an exception it must be closed and not used again: what of the batch is on the disk is
 * only known to whoever opens the file anew.
 */
final class AuditAppender implements AutoCloseable {
  /** Rows at the end whose links are checked at each opening; a few milliseconds at most. */
  private static final int TAIL_ROWS = 100;

  private static final String INSERT =
      """
      INSERT INTO event (seq, time, kind, request_id, caller, subject, dialect, route, stage,
        verdict, would_be, categories, rules, prev, hash, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;

  private final Connection connection;
  private final PreparedStatement rows;
  private final PreparedStatement categories;
  private Receipt head;

  /**
   * Takes the connection over; makes the tables when the file is new.
   *
   * @throws AuditStoreException when the file is not a log of this version, or its end is not whole
   */
  AuditAppender(Connection connection) throws SQLException {
    this.connection = connection;
    AuditSchema.createOrCheck(connection);
    head = checkedTail(connection);
    rows = connection.prepareStatement(INSERT);
    categories = connection.prepareStatement("INSERT INTO event_category VALUES (?, ?, ?)");
  }

  /** Appends the batch in one transaction; when this returns, it is durable. */
  List<Receipt> append(List<Pending> batch) throws SQLException {
    List<Receipt> receipts = new ArrayList<>(batch.size());
    connection.setAutoCommit(false);
    Receipt last = head;
    for (Pending pending : batch) {
      Receipt next = Chain.next(last, pending.body);
      add(pending, last, next);
      receipts.add(next);
      last = next;
    }
    rows.executeBatch();
    categories.executeBatch();
    connection.commit();
    head = last;
    connection.setAutoCommit(true);
    return receipts;
  }

  /** Writes and syncs one page, to see whether writing works. */
  void probe() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      AuditSchema.mark(statement);
    }
  }

  /**
   * Moves the whole WAL into the database and empties it. After a failed sync the kernel may call
   * pages clean that never reached the disk; a later commit on top of such frames would be lost
   * with them in a power cut. Written and synced anew to the database, they are durable.
   */
  void settle() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      if (result.next() && result.getInt(1) != 0) {
        throw new SQLException("a reader holds the WAL, which cannot be settled yet");
      }
    }
  }

  /** Rolls back what is not committed. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void add(Pending pending, Receipt last, Receipt next) throws SQLException {
    EventColumns columns = pending.columns;
    rows.setLong(1, next.sequence());
    rows.setLong(2, columns.time());
    rows.setString(3, columns.kind());
    rows.setString(4, columns.requestId());
    rows.setString(5, columns.caller());
    rows.setString(6, columns.subject());
    rows.setString(7, columns.dialect());
    rows.setString(8, columns.route());
    rows.setString(9, columns.stage());
    rows.setString(10, columns.verdict());
    rows.setString(11, columns.wouldBe());
    rows.setString(12, columns.joinedCategories());
    rows.setString(13, columns.rules());
    rows.setBytes(14, Chain.bytes(last.hash()));
    rows.setBytes(15, Chain.bytes(next.hash()));
    rows.setBytes(16, pending.body);
    rows.addBatch();
    for (String category : columns.categories()) {
      categories.setString(1, category);
      categories.setLong(2, columns.time());
      categories.setLong(3, next.sequence());
      categories.addBatch();
    }
  }

  private static Receipt checkedTail(Connection connection) throws SQLException {
    String sql =
        "SELECT seq, prev, hash, body FROM event WHERE seq > (SELECT max(seq) FROM event) - "
            + TAIL_ROWS
            + " ORDER BY seq";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      Receipt last = Chain.GENESIS;
      while (row.next()) {
        // What the first of these rows follows is believed; the verifier looks at all.
        Receipt before =
            last.sequence() > 0
                ? last
                : new Receipt(row.getLong(1) - 1, HexFormat.of().formatHex(row.getBytes(2)));
        last = requireNext(before, row);
      }
      return last;
    }
  }

  private static Receipt requireNext(Receipt before, ResultSet row) throws SQLException {
    Receipt next = Chain.next(before, row.getBytes(4));
    if (row.getLong(1) != next.sequence()
        || !Arrays.equals(row.getBytes(2), Chain.bytes(before.hash()))
        || !Arrays.equals(row.getBytes(3), Chain.bytes(next.hash()))) {
      throw new AuditStoreException(
          "audit.db: row "
              + row.getLong(1)
              + " does not follow from the one before it; see `sallyport audit verify`");
    }
    return next;
  }
}
