package io.sallyport.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The exclusive hold of one process on a data directory, by a lock on {@code audit.lock}.
 *
 * <p>The kernel lets go when the process ends, however it ends; the file itself stays and means
 * nothing. Should the lock be got around, two writers still cannot fork the chain: row numbers are
 * unique in the store.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "audit.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws AuditStoreException when another gateway holds the directory, or it cannot be written
   */
  static DirectoryLock acquire(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(channel, file);
      channel.truncate(0);
      channel.write(StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())));
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new AuditStoreException("cannot lock " + file + ": " + e, e);
    }
  }

  private static void lock(FileChannel channel, Path file) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // Closing any channel of a file, one that only reads it too, drops all POSIX locks that the
      // process has on it: so this channel stays open, and the file is not read for its holder.
      throw held(file, "this one");
    }
    channel.close();
    throw held(file, holder(file));
  }

  private static AuditStoreException held(Path file, String holder) {
    return new AuditStoreException(
        file
            + " is held by process "
            + holder
            + ": another gateway writes to this directory; give each its own");
  }

  private static String holder(Path file) {
    try {
      String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return pid.matches("[0-9]{1,10}") ? pid : "unknown";
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  /** Makes the names of new files in a directory durable. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
