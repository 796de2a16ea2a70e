package io.sallyport.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of {@code audit.db}, version {@value #VERSION}.
 *
 * <p>Indexes end in the time (and, as SQLite's do, in the sequence), so that a search by any one of
 * them reads newest first without sorting. Those on verdict are partial: nearly every row allows,
 * and those are found by time. Categories have a table of their own, written only for rows that
 * have any.
 */
final class AuditSchema {
  static final int VERSION = 1;

  /** The condition of the partial indexes; a query must repeat it word for word to use them. */
  static final String MARKED = "verdict IN ('flag', 'block')";

  /** The condition of the index on the rare kinds. */
  static final String UNDECIDED = "kind <> 'decided'";

  private static final Map<String, String> OBJECTS =
      new TreeMap<>(
          Map.of(
              "event",
              """
              CREATE TABLE event (
                seq INTEGER PRIMARY KEY,
                time INTEGER NOT NULL,
                kind TEXT NOT NULL,
                request_id TEXT NOT NULL,
                caller TEXT NOT NULL,
                subject TEXT NOT NULL,
                dialect TEXT NOT NULL,
                route TEXT NOT NULL,
                stage TEXT NOT NULL,
                verdict TEXT NOT NULL,
                would_be TEXT NOT NULL,
                categories TEXT NOT NULL,
                rules TEXT NOT NULL,
                prev BLOB NOT NULL,
                hash BLOB NOT NULL,
                body BLOB NOT NULL
              ) STRICT\
              """,
              "event_category",
              """
              CREATE TABLE event_category (
                category TEXT NOT NULL,
                time INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                PRIMARY KEY (category, time, seq)
              ) STRICT, WITHOUT ROWID\
              """,
              "event_time",
              "CREATE INDEX event_time ON event (time)",
              "event_stage",
              "CREATE INDEX event_stage ON event (stage, time)",
              "event_caller",
              "CREATE INDEX event_caller ON event (caller, time)",
              "event_request",
              "CREATE INDEX event_request ON event (request_id)",
              "event_kind",
              "CREATE INDEX event_kind ON event (kind, time) WHERE " + UNDECIDED,
              "event_verdict",
              "CREATE INDEX event_verdict ON event (verdict, time) WHERE " + MARKED,
              "event_caller_verdict",
              "CREATE INDEX event_caller_verdict ON event (caller, verdict, time) WHERE "
                  + MARKED));

  private AuditSchema() {}

  /**
   * Makes the tables in an empty file, and checks them in any other.
   *
   * @throws AuditStoreException when the file is of another version or not a log
   */
  static void createOrCheck(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (version(statement) == 0 && present(statement).isEmpty()) {
        create(statement);
      }
    }
    check(connection);
  }

  /**
   * @throws AuditStoreException when the file is of another version or not a log
   */
  static void check(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = version(statement);
      if (version > VERSION) {
        throw new AuditStoreException(
            "audit.db has schema version "
                + version
                + ", this gateway knows "
                + VERSION
                + ": it was written by a newer gateway; use that one");
      }
      if (version != VERSION || !present(statement).equals(OBJECTS)) {
        throw new AuditStoreException(
            "audit.db does not have the tables of schema version "
                + VERSION
                + ": it is not an audit log, or someone changed its tables, indexes or triggers");
      }
    }
  }

  private static void create(Statement statement) throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
    for (String name : new String[] {"event", "event_category"}) {
      statement.execute(OBJECTS.get(name));
    }
    for (Map.Entry<String, String> object : OBJECTS.entrySet()) {
      if (object.getValue().startsWith("CREATE INDEX")) {
        statement.execute(object.getValue());
      }
    }
    mark(statement);
    statement.execute("COMMIT");
  }

  /** Writes the version; a write of one page, which also serves to see whether writing works. */
  static void mark(Statement statement) throws SQLException {
    statement.execute("PRAGMA user_version = " + VERSION);
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static Map<String, String> present(Statement statement) throws SQLException {
    Map<String, String> objects = new TreeMap<>();
    String sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        objects.put(rows.getString(1), rows.getString(2));
      }
    }
    return objects;
  }
}
