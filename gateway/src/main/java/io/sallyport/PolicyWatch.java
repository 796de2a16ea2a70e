package io.sallyport;

import io.sallyport.ops.EventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks once a second whether a file of policies or models changed, and says so. Owns one daemon
 * thread.
 *
 * <p>Looking instead of listening: mounted folders are swapped by links, and not every file system
 * tells of changes.
 */
final class PolicyWatch implements AutoCloseable {
  private static final EventLog LOG = EventLog.of(PolicyWatch.class);
  private static final long PERIOD_MILLIS = 1000;
  private static final int DEPTH = 6;
  private static final long CLOSE_MILLIS = 5000;

  private final List<Path> roots;
  private final Runnable changed;
  private final Thread thread;
  private final Settling settling;

  /**
   * @param roots files, and folders with what is in them
   * @param settled whether a change is told only once two looks find the same: what is being copied
   *     is not whole yet
   * @param changed called on the watch's thread after every change
   */
  PolicyWatch(List<Path> roots, boolean settled, Runnable changed) {
    this.roots = List.copyOf(roots);
    this.changed = changed;
    this.settling = new Settling(settled, look());
    this.thread = Thread.ofPlatform().name("policy-watch").daemon().start(this::run);
  }

  /** Ends the looking; a change that is being told is let finish for a while. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(PERIOD_MILLIS);
        if (settling.tells(look())) {
          tell();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What goes wrong in a reload must not end the watching. */
  private void tell() {
    try {
      changed.run();
    } catch (RuntimeException e) {
      LOG.error().with(e).say("a reload failed, what was in force stays");
    }
  }

  private Map<Path, String> look() {
    Map<Path, String> stamps = new HashMap<>();
    for (Path root : roots) {
      try (Stream<Path> files =
          Files.walk(root.toRealPath(), DEPTH, FileVisitOption.FOLLOW_LINKS)) {
        files.filter(Files::isRegularFile).forEach(file -> stamps.put(file, stamp(file)));
      } catch (IOException | UncheckedIOException e) {
        stamps.put(root, "unreadable");
      }
    }
    return stamps;
  }

  private static String stamp(Path file) {
    try {
      return file.toRealPath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
