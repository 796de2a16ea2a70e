package io.sallyport.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** A file of {@value #BYTES} random bytes that only its owner may read. */
final class KeyFile {
  static final int BYTES = 32;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private KeyFile() {}

  /**
   * The key in the file, which is made when it is missing.
   *
   * @throws AuditStoreException when the file is of another size, others may read or write it, or
   *     it cannot be read or made
   */
  static byte[] readOrCreate(Path file) {
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      requireOwnerOnly(file);
      return read(file);
    } catch (IOException e) {
      throw new AuditStoreException("cannot read the key file " + file + ": " + e, e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (size != BYTES) {
      throw new AuditStoreException(
          "the key file "
              + file
              + " has "
              + size
              + " bytes instead of "
              + BYTES
              + ": restore it from a backup; with another key, old hashes match nothing new");
    }
    return Files.readAllBytes(file);
  }

  private static void requireOwnerOnly(Path file) throws IOException {
    if (!posix(file)) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : permissions) {
      switch (permission) {
        case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> {}
        case GROUP_READ, GROUP_WRITE, GROUP_EXECUTE, OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE ->
            throw new AuditStoreException(
                "the key file "
                    + file
                    + " is open to others ("
                    + PosixFilePermissions.toString(permissions)
                    + "): run chmod 600, and consider the key known");
      }
    }
  }

  /** Written whole under another name first: a crash never leaves half a key under this one. */
  private static void create(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly(file))) {
      ByteBuffer left = ByteBuffer.wrap(key);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    DirectoryLock.sync(file.toAbsolutePath().resolveSibling("."));
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return posix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
