package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.audit.AuditUnavailableException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogFailureTest {
  @TempDir Path temp;

  private AuditLog open(Path dataDir, Saboteur.Deed deed) {
    return AuditLog.open(
        dataDir,
        Saboteur.source(() -> AuditDatabase.writer(dataDir, Long.MAX_VALUE), deed),
        Logs.OPTIONS,
        AuditListener.NONE);
  }

  /** After Sunlight's TestSequenceErrors: every step fails once, with its effect lost or kept. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whichever_step_fails_nothing_acknowledged_is_lost_and_the_log_goes_on(boolean persisted)
      throws Exception {
    int step = 0;
    int openings = 0;
    AtomicBoolean fired = new AtomicBoolean(true);
    while (fired.get()) {
      fired.set(false);
      Path dataDir = temp.resolve("step-" + ++step);
      AtomicInteger left = new AtomicInteger(step);
      Saboteur.Deed deed =
          call -> {
            if (left.decrementAndGet() != 0) {
              return call.proceed();
            }
            fired.set(true);
            if (persisted) {
              call.proceed();
            }
            throw new SQLException("sabotaged " + call.name());
          };
      List<Receipt> acknowledged = new ArrayList<>();
      try (AuditLog log = open(dataDir, deed)) {
        for (int i = 1; i <= 2; i++) {
          tryAppend(log, i, acknowledged);
        }
        left.set(Integer.MAX_VALUE);
        Receipt after = Logs.await(log.append(Events.allowed(3)));
        acknowledged.add(after);
        assertThat(log.healthy()).isTrue();
      } catch (AuditStoreException atOpening) {
        assertThat(fired).isTrue();
        openings++;
        acknowledged.addAll(Logs.fill(dataDir, 2));
      }
      assertThat(acknowledged).as("step %s", step).isNotEmpty();
      Logs.requireKept(dataDir, acknowledged);
    }
    assertThat(step).as("steps, so that the loop is known to have broken them").isGreaterThan(60);
    assertThat(openings).isGreaterThan(10);
  }

  private static void tryAppend(AuditLog log, int number, List<Receipt> acknowledged) {
    try {
      acknowledged.add(Logs.await(log.append(Events.allowed(number))));
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(AuditUnavailableException.class);
      assertThat(((AuditUnavailableException) e.getCause()).reason()).isEqualTo(Reason.FAILED);
    }
  }

  @Test
  void a_commit_that_failed_and_yet_persisted_is_acknowledged_to_nobody_and_built_upon()
      throws Exception {
    AtomicBoolean armed = new AtomicBoolean(true);
    Saboteur.Deed deed =
        call -> {
          Object result = call.proceed();
          if (call.name().equals("commit") && armed.getAndSet(false)) {
            throw new SQLException("the answer got lost");
          }
          return result;
        };
    try (AuditLog log = open(temp, deed)) {
      assertThat(Logs.failure(log.append(Events.allowed(1)))).isEqualTo(Reason.FAILED);
      assertThat(Logs.await(log.append(Events.allowed(2))).sequence()).isEqualTo(2);
    }
    Logs.requireWhole(temp, 2);
  }

  /** A frame that a failed sync left behind may vanish in a power cut, and all that follows it. */
  @Test
  void after_a_failure_nothing_is_acknowledged_until_the_wal_is_settled() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Saboteur.Deed deed =
        call -> {
          if (call.name().equals("commit") && broken.getAndSet(false)) {
            throw new SQLException("sync failed");
          }
          return call.proceed();
        };
    try (AuditLog log = open(temp, deed)) {
      Logs.await(log.append(Events.allowed(1)));
      try (Connection reader = AuditDatabase.reader(temp);
          var statement = reader.createStatement()) {
        statement.execute("BEGIN");
        statement.executeQuery("SELECT count(*) FROM event").close();
        Logs.await(log.append(Events.allowed(2)));

        broken.set(true);
        assertThat(Logs.failure(log.append(Events.allowed(3)))).isEqualTo(Reason.FAILED);
        assertThat(Logs.failure(log.append(Events.allowed(4)))).isEqualTo(Reason.FAILED);
        statement.execute("COMMIT");
      }
      assertThat(Logs.await(log.append(Events.allowed(5))).sequence()).isEqualTo(3);
    }
    Logs.requireWhole(temp, 3);
  }

  @Test
  void the_writer_syncs_at_every_commit() throws Exception {
    try (Connection writer = AuditDatabase.writer(temp, Long.MAX_VALUE);
        var statement = writer.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA synchronous").getInt(1)).as("FULL").isEqualTo(2);
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
    }
  }

  @Test
  void an_idle_log_finds_back_without_traffic() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Saboteur.Deed deed =
        call -> {
          if (broken.get()) {
            throw new SQLException("disk gone");
          }
          return call.proceed();
        };
    try (AuditLog log = open(temp, deed)) {
      broken.set(true);
      assertThat(Logs.failure(log.append(Events.allowed(1)))).isEqualTo(Reason.FAILED);
      assertThat(log.healthy()).isFalse();
      broken.set(false);
      Logs.until("the log is healthy", log::healthy);
      assertThat(Logs.await(log.append(Events.allowed(2))).sequence()).isEqualTo(1);
    }
  }

  @Test
  void whatever_is_thrown_the_writer_goes_on() {
    AtomicInteger commits = new AtomicInteger();
    Saboteur.Deed deed =
        call -> {
          if (call.name().equals("commit")) {
            switch (commits.incrementAndGet()) {
              case 1 -> throw new IllegalStateException("a bug");
              case 2 -> throw new OutOfMemoryError("made up");
              default -> {}
            }
          }
          return call.proceed();
        };
    try (AuditLog log = open(temp, deed)) {
      assertThat(Logs.failure(log.append(Events.allowed(1)))).isEqualTo(Reason.FAILED);
      assertThat(Logs.failure(log.append(Events.allowed(2)))).isEqualTo(Reason.FAILED);
      assertThat(Logs.await(log.append(Events.allowed(3))).sequence()).isEqualTo(1);
    }
    Logs.requireWhole(temp, 1);
  }

  @Test
  void a_database_that_someone_else_locks_fails_and_comes_back() throws Exception {
    try (AuditLog log = Logs.open(temp)) {
      Logs.await(log.append(Events.allowed(1)));
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("audit.db"));
          var statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertThat(Logs.failure(log.append(Events.allowed(2)))).isEqualTo(Reason.FAILED);
        statement.execute("ROLLBACK");
      }
      assertThat(Logs.await(log.append(Events.allowed(3))).sequence()).isEqualTo(2);
    }
    Logs.requireWhole(temp, 2);
  }

  @Test
  void at_the_size_bound_appends_fail_and_nothing_acknowledged_is_lost() {
    var small = new AuditLog.Options(1_000, 16 << 20, 100, Duration.ofSeconds(10), 400L << 10);
    List<Receipt> acknowledged = new ArrayList<>();
    try (AuditLog log = AuditLog.open(temp, small, AuditListener.NONE)) {
      appendUntilFailure(log, acknowledged);
      assertThat(log.healthy()).isFalse();
    }
    assertThat(acknowledged).hasSizeGreaterThan(50);
    Logs.requireKept(temp, acknowledged);

    acknowledged.addAll(Logs.fill(temp, 10));
    Logs.requireKept(temp, acknowledged);
  }

  @Test
  void on_a_full_disk_appends_fail_and_when_there_is_room_again_the_log_finds_back()
      throws Exception {
    Path disk = mounted("size=8m");
    try {
      Path filler = disk.resolve("filler");
      Files.write(filler, new byte[4 << 20]);
      Path dataDir = disk.resolve("data");
      List<Receipt> acknowledged = new ArrayList<>();
      try (AuditLog log = Logs.open(dataDir)) {
        appendUntilFailure(log, acknowledged);
        assertThat(log.healthy()).isFalse();
        assertThat(Logs.failure(log.append(big(0)))).isEqualTo(Reason.FAILED);

        Files.delete(filler);
        Logs.until("the log is healthy", log::healthy);
        acknowledged.add(Logs.await(log.append(big(1))));
      }
      assertThat(acknowledged).hasSizeGreaterThan(5);
      Logs.requireKept(dataDir, acknowledged);
    } finally {
      run("umount", disk.toString());
    }
  }

  private static void appendUntilFailure(AuditLog log, List<Receipt> acknowledged) {
    for (int i = 1; i < 10_000; i++) {
      try {
        acknowledged.add(Logs.await(log.append(i % 10 == 0 ? big(i) : Events.allowed(i))));
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(AuditUnavailableException.class);
        return;
      }
    }
    throw new AssertionError("the disk never got full");
  }

  private static AuditEvent big(int number) {
    return new AuditEvent.Lifecycle(
        Events.TIME, "started", Map.of("number", number + "x".repeat(20_000)));
  }

  @Test
  void on_a_read_only_disk_no_log_opens_and_an_old_one_verifies() throws Exception {
    Path disk = mounted("size=8m");
    try {
      Logs.fill(disk, 3);
      run("mount", "-o", "remount,ro", disk.toString());
      assertThatThrownBy(() -> Logs.open(disk))
          .isInstanceOf(AuditStoreException.class)
          .hasMessageContaining("Read-only file system");
      Logs.requireWhole(disk, 3);
      assertThat(new AuditSearch(disk).search(AuditQuery.newest(10))).hasSize(3);
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void a_data_directory_that_is_a_file_is_refused() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> Logs.open(file))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("data directory");
  }

  @Test
  void a_missing_log_is_named_by_the_readers_and_not_made() {
    Path nowhere = temp.resolve("nowhere");
    assertThatThrownBy(() -> Logs.verify(nowhere))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("no audit log in");
    assertThatThrownBy(() -> new AuditSearch(nowhere).search(AuditQuery.newest(1)))
        .isInstanceOf(AuditStoreException.class);
    assertThat(nowhere).doesNotExist();
  }

  private Path mounted(String options) throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()) == 0,
        "skipped: only root can mount the small disk that this test fills");
    return disk;
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
