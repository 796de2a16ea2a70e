package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.audit.AuditUnavailableException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir Path dataDir;

  /** Holds every commit back until it is let go, and remembers the batches. */
  private final class Gate implements AuditListener {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    final List<Reason> failures = Collections.synchronizedList(new ArrayList<>());

    AuditLog open(AuditLog.Options options) {
      return AuditLog.open(
          dataDir,
          Saboteur.source(
              () -> AuditDatabase.writer(dataDir, Long.MAX_VALUE),
              call -> {
                if (call.name().equals("commit")) {
                  reached.countDown();
                  letGo.await();
                }
                return call.proceed();
              }),
          options,
          this);
    }

    @Override
    public void committed(int rows, long nanos) {
      batches.add(rows);
    }

    @Override
    public void failed(AuditUnavailableException failure, int rows) {
      failures.add(failure.reason());
    }
  }

  private static AuditLog.Options options(int queueRows, long queueBytes, int batchRows) {
    return new AuditLog.Options(
        queueRows, queueBytes, batchRows, Duration.ofSeconds(10), Long.MAX_VALUE);
  }

  @Test
  void receipts_count_from_one_and_carry_the_chain() {
    List<Receipt> receipts = Logs.fill(dataDir, 3);

    Receipt expected = Chain.GENESIS;
    for (int i = 1; i <= 3; i++) {
      expected = Chain.next(expected, AuditCodec.encode(Events.allowed(i)));
      assertThat(receipts.get(i - 1)).isEqualTo(expected);
    }
    Logs.requireWhole(dataDir, 3);
  }

  @Test
  void a_receipt_comes_only_after_the_commit() throws Exception {
    Gate gate = new Gate();
    try (AuditLog log = gate.open(Logs.OPTIONS)) {
      CompletionStage<Receipt> stage = log.append(Events.allowed(1));
      gate.reached.await();
      assertThat(stage.toCompletableFuture()).isNotDone();
      assertThat(rowsSeenByOthers()).isZero();
      assertThat(log.queueDepth()).isEqualTo(1);
      assertThat(log.oldestAgeNanos()).isPositive();

      gate.letGo.countDown();
      Logs.await(stage);
      assertThat(rowsSeenByOthers()).isEqualTo(1);
    }
  }

  private int rowsSeenByOthers() throws Exception {
    try (var connection = AuditDatabase.reader(dataDir);
        var rows = connection.createStatement().executeQuery("SELECT count(*) FROM event")) {
      return rows.getInt(1);
    }
  }

  @Test
  void what_waits_during_a_commit_is_the_next_batch() throws Exception {
    Gate gate = new Gate();
    try (AuditLog log = gate.open(options(1_000, 1 << 20, 40))) {
      List<CompletionStage<Receipt>> stages = new ArrayList<>();
      stages.add(log.append(Events.allowed(1)));
      gate.reached.await();
      for (int i = 2; i <= 51; i++) {
        stages.add(log.append(Events.allowed(i)));
      }
      gate.letGo.countDown();
      stages.forEach(Logs::await);
    }
    assertThat(gate.batches).containsExactly(1, 40, 10);
    Logs.requireWhole(dataDir, 51);
  }

  @Test
  void a_full_queue_refuses_by_rows_and_takes_again_when_there_is_room() throws Exception {
    Gate gate = new Gate();
    try (AuditLog log = gate.open(options(5, 1 << 20, 100))) {
      CompletionStage<Receipt> first = log.append(Events.allowed(1));
      gate.reached.await();
      List<CompletionStage<Receipt>> taken = new ArrayList<>();
      for (int i = 2; i <= 5; i++) {
        taken.add(log.append(Events.allowed(i)));
      }
      assertThat(Logs.failure(log.append(Events.allowed(6)))).isEqualTo(Reason.FULL);
      assertThat(log.queueDepth()).isEqualTo(5);

      gate.letGo.countDown();
      Logs.await(first);
      taken.forEach(Logs::await);
      Logs.until("the queue is empty", () -> log.queueDepth() == 0);
      assertThat(log.oldestAgeNanos()).isZero();
      assertThat(Logs.await(log.append(Events.allowed(7))).sequence()).isEqualTo(6);
    }
    assertThat(gate.failures).containsExactly(Reason.FULL);
  }

  @Test
  void a_full_queue_refuses_by_bytes() throws Exception {
    Gate gate = new Gate();
    int size = AuditCodec.encode(Events.allowed(1)).length;
    try (AuditLog log = gate.open(options(1_000, 3L * size, 100))) {
      CompletionStage<Receipt> first = log.append(Events.allowed(1));
      gate.reached.await();
      CompletionStage<Receipt> second = log.append(Events.allowed(2));
      CompletionStage<Receipt> third = log.append(Events.allowed(3));
      assertThat(Logs.failure(log.append(Events.allowed(4)))).isEqualTo(Reason.FULL);
      gate.letGo.countDown();
      List.of(first, second, third).forEach(Logs::await);
      Logs.until("the queue is empty", () -> log.queueDepth() == 0);
      Logs.await(log.append(Events.allowed(5)));
    }
  }

  @Test
  void an_event_without_a_canonical_form_is_refused_and_harms_no_other() {
    try (AuditLog log = Logs.open(dataDir)) {
      var broken = new AuditEvent.Lifecycle(Events.TIME, "\ud800", Map.of());
      assertThat(Logs.failure(log.append(broken))).isEqualTo(Reason.INVALID);
      assertThat(Logs.await(log.append(Events.allowed(1))).sequence()).isEqualTo(1);
      assertThat(log.healthy()).isTrue();
    }
  }

  @Test
  void closing_writes_what_is_queued_and_refuses_what_comes_later() throws Exception {
    Gate gate = new Gate();
    AuditLog log = gate.open(Logs.OPTIONS);
    List<CompletionStage<Receipt>> stages = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      stages.add(log.append(Events.allowed(i)));
    }
    gate.reached.await();
    gate.letGo.countDown();
    log.close();

    stages.forEach(Logs::await);
    assertThat(Logs.failure(log.append(Events.allowed(21)))).isEqualTo(Reason.CLOSED);
    assertThat(log.healthy()).isFalse();
    log.close();
    assertThat(dataDir.resolve("audit.db-wal")).doesNotExist();
    Logs.requireWhole(dataDir, 20);
  }

  @Test
  void closing_gives_up_at_the_deadline_and_leaves_no_receipt_open() throws Exception {
    Gate gate = new Gate();
    AuditLog log =
        gate.open(new AuditLog.Options(100, 1 << 20, 1, Duration.ofMillis(1), Long.MAX_VALUE));
    CompletionStage<Receipt> first = log.append(Events.allowed(1));
    gate.reached.await();
    CompletionStage<Receipt> second = log.append(Events.allowed(2));
    Thread closer = Thread.ofPlatform().start(log::close);
    Logs.until("it is closing", () -> log.append(Events.allowed(3)).toCompletableFuture().isDone());
    Thread.sleep(5);
    gate.letGo.countDown();

    assertThat(Logs.await(first).sequence()).isEqualTo(1);
    assertThat(Logs.failure(second)).isEqualTo(Reason.CLOSED);
    closer.join();
  }

  @Test
  void eight_threads_get_receipts_without_gap_or_repeat_and_each_its_own_in_order()
      throws Exception {
    List<List<Receipt>> byThread = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    try (AuditLog log = Logs.open(dataDir)) {
      for (int t = 0; t < 8; t++) {
        int base = t * 1_000;
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      List<CompletionStage<Receipt>> stages = new ArrayList<>();
                      for (int i = 0; i < 100; i++) {
                        stages.add(log.append(Events.allowed(base + i)));
                      }
                      byThread.add(stages.stream().map(Logs::await).toList());
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(byThread).hasSize(8);
    for (List<Receipt> own : byThread) {
      assertThat(own.stream().map(Receipt::sequence)).isSorted();
    }
    assertThat(byThread.stream().flatMap(List::stream).map(Receipt::sequence).distinct())
        .hasSize(800);
    Logs.requireWhole(dataDir, 800);
  }

  @Test
  void a_clock_that_steps_back_is_harmless() {
    Instant late = Events.TIME;
    Instant early = late.minusSeconds(3_600);
    var request = Events.request("r", "studio");
    try (AuditLog log = Logs.open(dataDir)) {
      Logs.await(log.append(new AuditEvent.Refused(late, request, "prompt", "a")));
      Logs.await(log.append(new AuditEvent.Refused(early, request, "prompt", "b")));
      assertThat(Logs.await(log.append(new AuditEvent.Refused(late, request, "prompt", "c"))))
          .extracting(Receipt::sequence)
          .isEqualTo(3L);
    }
    Logs.requireWhole(dataDir, 3);
    assertThat(new AuditSearch(dataDir).search(AuditQuery.newest(10)))
        .extracting(AuditRow::sequence)
        .containsExactly(3L, 1L, 2L);
  }

  @Test
  void a_reopened_log_goes_on_where_it_ended() {
    Logs.fill(dataDir, 150);
    assertThat(Logs.fill(dataDir, 1).getFirst().sequence()).isEqualTo(151);
    Logs.requireWhole(dataDir, 151);
  }

  @Test
  void a_second_log_on_the_same_directory_is_refused() {
    try (AuditLog log = Logs.open(dataDir)) {
      assertThatThrownBy(() -> Logs.open(dataDir))
          .isInstanceOf(AuditStoreException.class)
          .hasMessageContaining("audit.lock")
          .hasMessageContaining("another gateway");
      Logs.await(log.append(Events.allowed(1)));
    }
    Logs.fill(dataDir, 1);
    Logs.requireWhole(dataDir, 2);
  }

  @Test
  void a_tail_that_was_changed_is_not_built_upon() throws Exception {
    Logs.fill(dataDir, 5);
    sql("UPDATE event SET body = x'7b7d' WHERE seq = 4");
    assertThatThrownBy(() -> Logs.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("row 4")
        .hasMessageContaining("audit verify");
  }

  @Test
  void a_file_of_a_newer_version_is_refused_by_writer_and_reader() throws Exception {
    Logs.fill(dataDir, 1);
    sql("PRAGMA user_version = 2");
    assertThatThrownBy(() -> Logs.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("schema version 2")
        .hasMessageContaining("newer gateway");
    assertThatThrownBy(() -> Logs.verify(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("schema version 2");
  }

  @Test
  void a_file_that_is_no_log_is_refused_and_left_alone() throws Exception {
    sql("CREATE TABLE mine (x)");
    assertThatThrownBy(() -> Logs.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("not an audit log");

    Files.writeString(dataDir.resolve("audit.db"), "this is not a database ".repeat(100));
    assertThatThrownBy(() -> Logs.open(dataDir))
        .isInstanceOf(AuditStoreException.class)
        .hasMessageContaining("audit.db");
    assertThat(dataDir.resolve("audit.db")).content().startsWith("this is not a database");
  }

  @Test
  void a_trigger_or_a_dropped_index_is_noticed() throws Exception {
    Logs.fill(dataDir, 1);
    sql("CREATE TRIGGER quiet AFTER INSERT ON event BEGIN DELETE FROM event; END");
    assertThatThrownBy(() -> Logs.open(dataDir)).isInstanceOf(AuditStoreException.class);
    sql("DROP TRIGGER quiet");
    sql("DROP INDEX event_verdict");
    assertThatThrownBy(() -> Logs.verify(dataDir)).isInstanceOf(AuditStoreException.class);
  }

  @Test
  void a_listener_that_throws_costs_no_receipt() {
    AtomicInteger told = new AtomicInteger();
    AuditListener rude =
        new AuditListener() {
          @Override
          public void committed(int rows, long nanos) {
            told.incrementAndGet();
            throw new IllegalStateException("rude");
          }

          @Override
          public void failed(AuditUnavailableException failure, int rows) {}
        };
    try (AuditLog log = AuditLog.open(dataDir, Logs.OPTIONS, rude)) {
      Logs.await(log.append(Events.allowed(1)));
      assertThat(Logs.await(log.append(Events.allowed(2))).sequence()).isEqualTo(2);
    }
    assertThat(told).hasValue(2);
  }

  private void sql(String statement) throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("audit.db"));
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }
}
