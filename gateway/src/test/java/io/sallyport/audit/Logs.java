package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditUnavailableException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Small verbs for tests of the log. */
final class Logs {
  static final AuditLog.Options OPTIONS =
      new AuditLog.Options(1_000, 16 << 20, 100, Duration.ofSeconds(10), Long.MAX_VALUE);

  private Logs() {}

  static AuditLog open(Path dataDir) {
    return AuditLog.open(dataDir, OPTIONS, AuditListener.NONE);
  }

  static Receipt await(CompletionStage<Receipt> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  static List<Receipt> fill(Path dataDir, int rows) {
    try (AuditLog log = open(dataDir)) {
      List<CompletionStage<Receipt>> stages = new ArrayList<>();
      for (int i = 1; i <= rows; i++) {
        stages.add(log.append(Events.allowed(i)));
      }
      return stages.stream().map(Logs::await).toList();
    }
  }

  /** Why the append failed; fails the test when it did not. */
  static Reason failure(CompletionStage<Receipt> stage) {
    try {
      throw new AssertionError("recorded as " + await(stage).sequence());
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(AuditUnavailableException.class);
      return ((AuditUnavailableException) e.getCause()).reason();
    }
  }

  static VerifyResult verify(Path dataDir) {
    return AuditVerifier.verify(dataDir, rows -> {});
  }

  static void requireWhole(Path dataDir, long rows) {
    assertThat(verify(dataDir)).isInstanceOf(VerifyResult.Whole.class);
    assertThat(verify(dataDir).rows()).isEqualTo(rows);
  }

  /** Every acknowledged row is in the log with the hash that was acknowledged, and all is whole. */
  static void requireKept(Path dataDir, List<Receipt> acknowledged) {
    assertThat(verify(dataDir)).isInstanceOf(VerifyResult.Whole.class);
    List<Receipt> kept = new ArrayList<>();
    new AuditSearch(dataDir)
        .export(List.of(), row -> kept.add(new Receipt(row.sequence(), row.hash())));
    assertThat(kept).containsAll(acknowledged);
  }

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(giveUp);
      Thread.sleep(5);
    }
  }
}
