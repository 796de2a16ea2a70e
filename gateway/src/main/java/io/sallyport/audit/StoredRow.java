package io.sallyport.audit;

import io.sallyport.audit.VerifyResult.Fault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row as it lies in the file, believed in nothing; safe to look at from any thread. */
final class StoredRow {
  /** The columns it needs, in its order. */
  static final String COLUMNS =
      "seq, prev, hash, body, time, kind, request_id, caller, subject, dialect, route, stage,"
          + " verdict, would_be, categories, rules";

  private static final int FIRST_TEXT = 6;
  private static final int TEXTS = 11;

  private final long sequence;
  private final byte[] previous;
  private final byte[] hash;
  private final byte[] body;
  private final long time;
  private final @Nullable String[] texts = new @Nullable String[TEXTS];

  StoredRow(ResultSet row) throws SQLException {
    sequence = row.getLong(1);
    previous = bytes(row, 2);
    hash = bytes(row, 3);
    body = bytes(row, 4);
    time = row.getLong(5);
    for (int i = 0; i < TEXTS; i++) {
      texts[i] = row.getString(FIRST_TEXT + i);
    }
  }

  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte[] value = row.getBytes(column);
    return value == null ? new byte[0] : value;
  }

  long sequence() {
    return sequence;
  }

  byte[] previous() {
    return previous;
  }

  byte[] hash() {
    return hash;
  }

  byte[] body() {
    return body;
  }

  int size() {
    return body.length + 512;
  }

  /** What is wrong with the row taken by itself; needs no other row. */
  Optional<Fault> ownFault() {
    if (!Arrays.equals(hash, Chain.hash(previous, sequence, body))) {
      return Optional.of(Fault.HASH);
    }
    try {
      return agrees(EventColumns.of(AuditCodec.decode(body)))
          ? Optional.empty()
          : Optional.of(Fault.COLUMNS);
    } catch (UndecodableEventException e) {
      return Optional.of(Fault.UNDECODABLE);
    }
  }

  /** What is wrong with the row as the one after {@code before}. */
  Optional<Fault> linkFault(Receipt before) {
    if (sequence != before.sequence() + 1) {
      return Optional.of(Fault.GAP);
    }
    return Arrays.equals(previous, Chain.bytes(before.hash()))
        ? Optional.empty()
        : Optional.of(Fault.PREVIOUS);
  }

  /**
   * The categories its column names; they are those of the body once {@link #ownFault} is empty.
   */
  List<String> categories() {
    String joined = texts[9];
    return joined == null || joined.isEmpty() ? List.of() : List.of(joined.split(" "));
  }

  long time() {
    return time;
  }

  private boolean agrees(EventColumns drawn) {
    String[] expected = {
      drawn.kind(),
      drawn.requestId(),
      drawn.caller(),
      drawn.subject(),
      drawn.dialect(),
      drawn.route(),
      drawn.stage(),
      drawn.verdict(),
      drawn.wouldBe(),
      drawn.joinedCategories(),
      drawn.rules()
    };
    return time == drawn.time() && Arrays.equals(texts, expected);
  }
}
