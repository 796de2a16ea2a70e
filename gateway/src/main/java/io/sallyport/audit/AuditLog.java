package io.sallyport.audit;

import io.sallyport.audit.AuditUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The append-only log of one gateway: {@code audit.db} in its data directory, held by one process.
 *
 * <p>Any thread may append; one platform thread, {@code audit-writer}, writes in group commits. A
 * receipt completes, on that thread, after the row is durable: whoever continues from it must move
 * to a thread of their own and not block. When the store fails, receipts fail; the log tries again
 * with the next batch, and once a second without one, until the store is back.
 */
public final class AuditLog implements AutoCloseable {
  /** See {@link #appendPatiently}. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final DirectoryLock lock;
  private final AppendQueue queue;
  private final AuditWriter writer;
  private final AuditListener listener;
  private final Duration drain;
  private final Thread thread;

  /**
   * The bounds of a log.
   *
   * @param queueRows events that may wait, those being written included; beyond, {@link
   *     Reason#FULL}
   * @param queueBytes bytes that they may have together
   * @param batchRows the most rows of one commit
   * @param drain how long {@link AuditLog#close} waits for what is queued
   * @param maxFileBytes the size that {@code audit.db} may reach; beyond, {@link Reason#FAILED}
   */
  public record Options(
      int queueRows, long queueBytes, int batchRows, Duration drain, long maxFileBytes) {
    /** 10,000 events or 64 MiB may wait, 500 make a commit, ten seconds to drain, any file size. */
    public static final Options DEFAULTS =
        new Options(10_000, 64 << 20, 500, Duration.ofSeconds(10), Long.MAX_VALUE);

    public Options {
      if (queueRows < 1 || queueBytes < 1 || batchRows < 1 || maxFileBytes < 1) {
        throw new IllegalArgumentException("a bound of the audit log is below 1");
      }
    }
  }

  private AuditLog(DirectoryLock lock, AuditStore store, Options options, AuditListener listener) {
    this.lock = lock;
    this.listener = listener;
    drain = options.drain();
    queue = new AppendQueue(options.queueRows(), options.queueBytes(), PATIENCE.toNanos());
    writer = new AuditWriter(store, queue, options.batchRows(), listener);
    thread = Thread.ofPlatform().name("audit-writer").daemon().unstarted(this::write);
  }

  /**
   * Opens the log, and makes directory and file when they are missing. Blocks on the disk.
   *
   * @throws AuditStoreException when another process holds the directory, it cannot be written, or
   *     what is in it is not a whole log of this version
   */
  public static AuditLog open(Path dataDir, Options options, AuditListener listener) {
    return open(
        dataDir, () -> AuditDatabase.writer(dataDir, options.maxFileBytes()), options, listener);
  }

  static AuditLog open(
      Path dataDir, AuditStore.Source source, Options options, AuditListener listener) {
    DirectoryLock lock = DirectoryLock.acquire(directory(dataDir));
    AuditStore store = new AuditStore(source);
    try {
      store.open();
      DirectoryLock.sync(dataDir);
    } catch (SQLException | IOException e) {
      release(store, lock);
      throw new AuditStoreException(
          "cannot open " + dataDir.resolve(AuditDatabase.FILE) + ": " + e.getMessage(), e);
    } catch (AuditStoreException e) {
      release(store, lock);
      throw e;
    }
    AuditLog log = new AuditLog(lock, store, options, listener);
    log.thread.start();
    return log;
  }

  /**
   * Records an event. Never blocks: encodes it here, in microseconds, and queues it.
   *
   * @return completes with the receipt when the row is durable, or with an {@link
   *     AuditUnavailableException} when the event was not recorded
   */
  public CompletionStage<Receipt> append(AuditEvent event) {
    return append(event, false);
  }

  /**
   * As {@link #append(AuditEvent)}, for an event whose receipt nobody waits for yet: it may wait up
   * to 40 ms for others, to share their commit. One that is not patient takes it along at once.
   */
  public CompletionStage<Receipt> appendPatiently(AuditEvent event) {
    return append(event, true);
  }

  private CompletionStage<Receipt> append(AuditEvent event, boolean patient) {
    Pending pending;
    try {
      pending = Pending.of(event, System.nanoTime(), patient);
    } catch (IllegalArgumentException e) {
      return refused(Reason.INVALID, "the event has no canonical form: " + e.getMessage());
    }
    return switch (queue.offer(pending)) {
      case TAKEN -> pending.receipt;
      case FULL -> refused(Reason.FULL, "the audit log's queue is full");
      case CLOSED -> refused(Reason.CLOSED, "the audit log is closed");
    };
  }

  /** True when the last write was committed and the log is open: fit for readiness. */
  public boolean healthy() {
    return writer.healthy();
  }

  /** Events that wait for their commit. */
  public int queueDepth() {
    return queue.depth();
  }

  /** How long the oldest of them has waited, in nanoseconds; 0 when none does. */
  public long oldestAgeNanos() {
    return queue.oldestAgeNanos(System.nanoTime());
  }

  /**
   * Takes no more, writes what is queued within the drain time of the options, and lets go of the
   * directory. What could not be written fails with {@link Reason#CLOSED}. Blocks; may be repeated.
   */
  @Override
  public void close() {
    writer.finishBy(System.nanoTime() + drain.toNanos());
    try {
      // A write that hangs in the kernel cannot be ended; it is left behind with the lock.
      thread.join(drain.plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletionStage<Receipt> refused(Reason reason, String message) {
    var failure = new AuditUnavailableException(reason, message, null);
    listener.failed(failure, 1);
    return CompletableFuture.failedFuture(failure);
  }

  private void write() {
    try (lock) {
      writer.run();
    } catch (IOException e) {
      // The kernel lets go of the lock when the process ends, at the latest.
    }
  }

  private static Path directory(Path dataDir) {
    try {
      return Files.createDirectories(dataDir);
    } catch (IOException e) {
      throw new AuditStoreException("cannot make the data directory " + dataDir + ": " + e, e);
    }
  }

  private static void release(AuditStore store, DirectoryLock lock) {
    store.close();
    try {
      lock.close();
    } catch (IOException e) {
      // The failure that led here is the one that is reported.
    }
  }
}
