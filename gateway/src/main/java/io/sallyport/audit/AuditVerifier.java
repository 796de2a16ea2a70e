package io.sallyport.audit;

import io.sallyport.audit.VerifyResult.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Walks a whole log and compares every row with what it should be.
 *
 * <p>Reads only, beside a running gateway or after a killed one, page by page: memory stays the
 * same however long the log is, and the writer's WAL is never held for longer than a page. Rows are
 * looked at on all cores, their links in order.
 */
public final class AuditVerifier {
  private static final int PAGE_ROWS = 4_000;
  private static final int PAGE_BYTES = 16 << 20;

  private final Connection connection;
  private final LongConsumer progress;
  private Receipt head = Chain.GENESIS;
  private long rows;
  private long categories;

  private AuditVerifier(Connection connection, LongConsumer progress) {
    this.connection = connection;
    this.progress = progress;
  }

  /**
   * Verifies the log in a data directory.
   *
   * @param progress told the number of rows done now and then
   * @throws AuditStoreException when there is no log there, or it is not of this version
   */
  public static VerifyResult verify(Path dataDir, LongConsumer progress) {
    try (Connection connection = AuditDatabase.reader(dataDir)) {
      return new AuditVerifier(connection, progress).verify();
    } catch (SQLException e) {
      throw AuditDatabase.unreadable(dataDir.resolve(AuditDatabase.FILE), e);
    }
  }

  private VerifyResult verify() {
    try {
      long after = Long.MIN_VALUE;
      for (List<StoredRow> page = page(after); !page.isEmpty(); page = page(after)) {
        Optional<VerifyResult> broken = check(page);
        if (broken.isPresent()) {
          return broken.get();
        }
        after = page.getLast().sequence();
        progress.accept(rows);
      }
      return strayCategories() ? broken(head.sequence(), Fault.CATEGORIES) : whole();
    } catch (SQLException e) {
      return broken(head.sequence() + 1, Fault.UNREADABLE);
    }
  }

  private List<StoredRow> page(long after) throws SQLException {
    String sql = "SELECT " + StoredRow.COLUMNS + " FROM event WHERE seq > ? ORDER BY seq LIMIT ?";
    List<StoredRow> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, after);
      statement.setInt(2, PAGE_ROWS);
      try (ResultSet row = statement.executeQuery()) {
        int bytes = 0;
        while (bytes < PAGE_BYTES && row.next()) {
          StoredRow stored = new StoredRow(row);
          bytes += stored.size();
          page.add(stored);
        }
      }
    }
    return page;
  }

  private Optional<VerifyResult> check(List<StoredRow> page) throws SQLException {
    List<Optional<Fault>> own =
        IntStream.range(0, page.size()).parallel().mapToObj(i -> page.get(i).ownFault()).toList();
    try (PreparedStatement category =
        connection.prepareStatement(
            "SELECT 1 FROM event_category WHERE category = ? AND time = ? AND seq = ?")) {
      for (int i = 0; i < page.size(); i++) {
        StoredRow row = page.get(i);
        Optional<Fault> fault = row.linkFault(head);
        if (fault.isEmpty()) {
          fault = own.get(i);
        }
        if (fault.isEmpty()) {
          fault = categoryFault(row, category);
        }
        if (fault.isPresent()) {
          return Optional.of(broken(row.sequence(), fault.get()));
        }
        head = new Receipt(row.sequence(), HexFormat.of().formatHex(row.hash()));
        rows++;
      }
    }
    return Optional.empty();
  }

  private Optional<Fault> categoryFault(StoredRow row, PreparedStatement lookup)
      throws SQLException {
    for (String category : row.categories()) {
      lookup.setString(1, category);
      lookup.setLong(2, row.time());
      lookup.setLong(3, row.sequence());
      try (ResultSet found = lookup.executeQuery()) {
        if (!found.next()) {
          return Optional.of(Fault.CATEGORIES);
        }
      }
      categories++;
    }
    return Optional.empty();
  }

  /** True when the table has more than the rows asked for (all were found), or rows of no event. */
  private boolean strayCategories() throws SQLException {
    try (PreparedStatement count =
        connection.prepareStatement(
            """
            SELECT count(*) FROM event_category c
            WHERE c.seq <= ? OR NOT EXISTS (SELECT 1 FROM event e WHERE e.seq = c.seq)\
            """)) {
      count.setLong(1, head.sequence());
      try (ResultSet row = count.executeQuery()) {
        return row.next() && row.getLong(1) != categories;
      }
    }
  }

  private VerifyResult whole() {
    return new VerifyResult.Whole(rows, head);
  }

  private VerifyResult broken(long sequence, Fault fault) {
    return new VerifyResult.Broken(rows, head, sequence, fault);
  }
}
