package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogCrashTest {
  private static final int KILLS = 10;

  @TempDir Path dataDir;

  @Test
  void killed_ten_times_at_random_it_has_lost_nothing_that_was_acknowledged() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Receipt> acknowledged = new ArrayList<>();
    for (int kill = 1; kill <= KILLS; kill++) {
      int before = acknowledged.size();
      acknowledged.addAll(runAndKill(random.nextInt(1, 1_500)));
      assertThat(acknowledged).as("seed %s, kill %s", seed, kill).hasSizeGreaterThan(before);
      if (kill % 5 == 0) {
        // Also while only the WAL holds the rows, before any writer has opened the file again.
        assertThat(Files.size(dataDir.resolve("audit.db-wal"))).isPositive();
        Logs.requireKept(dataDir, acknowledged);
      }
    }
    acknowledged.addAll(Logs.fill(dataDir, 1));
    assertThat(acknowledged.stream().map(Receipt::sequence)).isSorted().doesNotHaveDuplicates();
    Logs.requireKept(dataDir, acknowledged);
  }

  /** Lets the process acknowledge that many rows, kills it, and gives all it has acknowledged. */
  private List<Receipt> runAndKill(int rows) throws Exception {
    List<Receipt> acknowledged = new ArrayList<>();
    Process process = LogProcess.start(dataDir);
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        receipt(line).ifPresent(acknowledged::add);
        if (acknowledged.size() == rows) {
          process.destroyForcibly();
        }
      }
    } catch (IOException closedByTheKill) {
      // What was read until then counts.
    }
    assertThat(process.waitFor()).as("ended by SIGKILL").isEqualTo(128 + 9);
    return acknowledged;
  }

  private static Optional<Receipt> receipt(String line) {
    if (!line.matches("[0-9]+ [0-9a-f]{64}")) {
      assertThat(line).as("cut off by the kill").matches("|[0-9]+( [0-9a-f]*)?");
      return Optional.empty();
    }
    String[] parts = line.split(" ");
    return Optional.of(new Receipt(Long.parseLong(parts[0]), parts[1]));
  }

  @Test
  void a_second_process_on_the_same_directory_is_refused_and_told_who_holds_it() throws Exception {
    try (AuditLog log = Logs.open(dataDir)) {
      Process second = LogProcess.start(dataDir);
      assertThat(second.inputReader().readLine())
          .startsWith("REFUSED ")
          .contains("process " + ProcessHandle.current().pid() + ":")
          .contains("another gateway");
      assertThat(second.waitFor()).isZero();
      Logs.await(log.append(Events.allowed(1)));
    }
    Logs.requireWhole(dataDir, 1);
  }
}
