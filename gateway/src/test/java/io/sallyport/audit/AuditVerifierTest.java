package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sallyport.audit.VerifyResult.Fault;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditVerifierTest {
  private static final int ROWS = 20;
  private static final String COLUMNS =
      "time, kind, request_id, caller, subject, dialect, route, stage, verdict, would_be,"
          + " categories, rules, prev, hash, body";

  @TempDir Path dataDir;

  private Receipt head;

  /** Rows 7 and 14 have a category. */
  private void fill() {
    try (AuditLog log = Logs.open(dataDir)) {
      for (int i = 1; i <= ROWS; i++) {
        var request = Events.request("request-" + i, "studio");
        CompletionStage<Receipt> stage =
            log.append(
                i % 7 == 0
                    ? Events.blocked(
                        Events.TIME.plusMillis(i), request, Stage.PROMPT, Category.STAND_IN)
                    : Events.allowed(i));
        head = Logs.await(stage);
      }
    }
  }

  private void tamper(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("audit.db"));
        var statement = connection.createStatement()) {
      int changed = 0;
      for (String sql : statements) {
        changed += statement.executeUpdate(sql);
      }
      assertThat(changed).as("the tampering did something").isPositive();
    }
  }

  private void requireBroken(long sequence, Fault fault) {
    VerifyResult result = Logs.verify(dataDir);
    assertThat(result)
        .isInstanceOfSatisfying(
            VerifyResult.Broken.class,
            broken -> {
              assertThat(broken.sequence()).isEqualTo(sequence);
              assertThat(broken.fault()).isEqualTo(fault);
            });
    assertThat(result.ok()).isFalse();
    assertThat(result.summary()).startsWith("BROKEN at row " + sequence + ": ");
  }

  @Test
  void a_whole_log_is_whole_and_its_head_is_the_last_receipt() {
    fill();
    assertThat(Logs.verify(dataDir)).isEqualTo(new VerifyResult.Whole(ROWS, head));
    assertThat(Logs.verify(dataDir).summary()).isEqualTo("whole: 20 rows, head 20 " + head.hash());
  }

  @Test
  void an_empty_log_is_whole() {
    Logs.fill(dataDir, 0);
    assertThat(Logs.verify(dataDir)).isEqualTo(new VerifyResult.Whole(0, Chain.GENESIS));
  }

  static Stream<Arguments> tamperings() {
    return Stream.of(
        arguments(
            "a changed body",
            6,
            Fault.HASH,
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'allow', 'block') AS BLOB)"
                + " WHERE seq = 6"),
        arguments(
            "a changed hash", 6, Fault.HASH, "UPDATE event SET hash = zeroblob(32) WHERE seq = 6"),
        arguments("an emptied body", 6, Fault.HASH, "UPDATE event SET body = x'' WHERE seq = 6"),
        arguments("a removed row", 7, Fault.GAP, "DELETE FROM event WHERE seq = 6"),
        arguments("a removed head", 3, Fault.GAP, "DELETE FROM event WHERE seq < 3"),
        arguments(
            "a removed row, and the rest moved up",
            6,
            Fault.PREVIOUS,
            "DELETE FROM event WHERE seq = 6; UPDATE event SET seq = -seq WHERE seq > 6;"
                + "UPDATE event SET seq = -seq - 1 WHERE seq < 0"),
        arguments(
            "two rows exchanged",
            6,
            Fault.PREVIOUS,
            "UPDATE event SET seq = -1 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 8;"
                + "UPDATE event SET seq = 8 WHERE seq = -1"),
        arguments(
            "a row put in, and the rest moved down",
            6,
            Fault.PREVIOUS,
            "UPDATE event SET seq = -seq - 1 WHERE seq > 5; UPDATE event SET seq = -seq WHERE seq <"
                + " 0;INSERT INTO event SELECT 6, "
                + COLUMNS
                + " FROM event WHERE seq = 3"),
        arguments(
            "a row put before the first",
            0,
            Fault.GAP,
            "INSERT INTO event SELECT 0, " + COLUMNS + " FROM event WHERE seq = 3"),
        arguments(
            "a row repeated after the last",
            21,
            Fault.PREVIOUS,
            "INSERT INTO event SELECT 21, " + COLUMNS + " FROM event WHERE seq = 20"),
        arguments(
            "a category hidden from search",
            7,
            Fault.CATEGORIES,
            "DELETE FROM event_category WHERE seq = 7"),
        arguments(
            "a category moved in time",
            7,
            Fault.CATEGORIES,
            "UPDATE event_category SET time = time + 1 WHERE seq = 7"),
        arguments(
            "a category made up",
            20,
            Fault.CATEGORIES,
            "INSERT INTO event_category SELECT 'hate', time, seq FROM event WHERE seq = 6"),
        arguments(
            "a category of no row",
            20,
            Fault.CATEGORIES,
            "INSERT INTO event_category VALUES ('stand-in', 1, 1000)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tamperings")
  void tampering_is_found_where_it_was_done(String what, long sequence, Fault fault, String sql)
      throws Exception {
    fill();
    tamper(sql.split(";"));
    requireBroken(sequence, fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind",
        "request_id",
        "caller",
        "subject",
        "dialect",
        "route",
        "stage",
        "verdict",
        "would_be",
        "categories",
        "rules"
      })
  void a_column_that_disagrees_with_the_body_is_found(String column) throws Exception {
    fill();
    tamper("UPDATE event SET " + column + " = " + column + " || 'x' WHERE seq = 7");
    requireBroken(7, Fault.COLUMNS);
  }

  @Test
  void a_time_that_disagrees_with_the_body_is_found() throws Exception {
    fill();
    tamper("UPDATE event SET time = time - 1 WHERE seq = 6");
    requireBroken(6, Fault.COLUMNS);
  }

  @Test
  void a_body_that_is_no_event_is_found_even_under_a_right_hash() throws Exception {
    fill();
    byte[] body = "{\"v\":1}".getBytes(StandardCharsets.US_ASCII);
    Receipt before = headOf(ROWS - 1);
    Receipt forged = Chain.next(before, body);
    tamper(
        "UPDATE event SET body = CAST('{\"v\":1}' AS BLOB), hash = x'"
            + forged.hash()
            + "' WHERE seq = 20");
    requireBroken(ROWS, Fault.UNDECODABLE);
  }

  private Receipt headOf(long sequence) {
    return new AuditSearch(dataDir)
        .search(AuditQuery.newest(1).before(sequence + 1)).stream()
            .map(row -> new Receipt(row.sequence(), row.hash()))
            .findFirst()
            .orElseThrow();
  }

  /** The limit of a plain chain, stated so that nobody believes otherwise. */
  @Test
  void a_removed_tail_shows_only_in_the_head() throws Exception {
    fill();
    tamper("DELETE FROM event WHERE seq > 15");
    VerifyResult result = Logs.verify(dataDir);
    assertThat(result.ok()).isTrue();
    assertThat(result.head()).isNotEqualTo(head);
    assertThat(result.rows()).isEqualTo(15);
  }

  @Test
  void a_torn_file_is_broken_and_not_an_error() throws Exception {
    Logs.fill(dataDir, 400);
    try (RandomAccessFile file = new RandomAccessFile(dataDir.resolve("audit.db").toFile(), "rw")) {
      byte[] noise = new byte[4096];
      Arrays.fill(noise, (byte) 0xa5);
      // All but the pages of the schema and the first rows.
      for (long at = 40 * 4096; at + 4096 <= file.length(); at += 4096) {
        file.seek(at);
        file.write(noise);
      }
    }
    assertThat(Logs.verify(dataDir))
        .isInstanceOfSatisfying(
            VerifyResult.Broken.class,
            broken -> assertThat(broken.fault()).isEqualTo(Fault.UNREADABLE));
  }

  @Test
  void it_reads_more_than_one_page() {
    int rows = 4_500;
    try (AuditLog log = AuditLog.open(dataDir, AuditLog.Options.DEFAULTS, AuditListener.NONE)) {
      CompletionStage<Receipt> last = log.append(Events.allowed(1));
      for (int i = 2; i <= rows; i++) {
        last = log.append(Events.allowed(i));
      }
      head = Logs.await(last);
    }
    List<Long> progress = new ArrayList<>();
    assertThat(AuditVerifier.verify(dataDir, progress::add))
        .isEqualTo(new VerifyResult.Whole(rows, head));
    assertThat(progress).hasSizeGreaterThan(1).isSorted();
    assertThat(progress.getLast()).isEqualTo(rows);
  }

  @Test
  void it_runs_beside_a_live_writer() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicLong written = new AtomicLong();
    try (AuditLog log = Logs.open(dataDir)) {
      Thread traffic =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!enough.get()) {
                      Logs.await(log.append(Events.allowed(written.incrementAndGet())));
                    }
                  });
      long[] seen = {0};
      int[] growing = {0};
      Logs.until(
          "five runs saw new rows",
          () -> {
            VerifyResult result = Logs.verify(dataDir);
            assertThat(result.ok()).as(result.summary()).isTrue();
            growing[0] += result.rows() > seen[0] ? 1 : 0;
            seen[0] = result.rows();
            return growing[0] == 5;
          });
      enough.set(true);
      traffic.join();
    }
    Logs.requireWhole(dataDir, written.get());
  }
}
