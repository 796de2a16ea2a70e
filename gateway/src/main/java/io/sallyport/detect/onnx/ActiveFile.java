package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The file {@code active} in a model's folder: the digest, or its beginning, of the version that is
 * to run. One line.
 */
final class ActiveFile {
  static final String NAME = "active";

  /** Twelve digits are 48 bits: nobody meets two versions with the same ones by accident. */
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{12,64}");

  private static final int BYTES_MAX = 1024;

  private final Path file;

  /**
   * @param model the model's folder
   */
  ActiveFile(Path model) {
    this.file = model.resolve(NAME);
  }

  /** True for a digest or the beginning of one. */
  static boolean isPrefix(String text) {
    return PREFIX.matcher(text).matches();
  }

  boolean exists() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What the file says; empty, with a problem, when it says nothing usable. */
  Optional<String> read(Problems problems) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= BYTES_MAX) {
        String text = Files.readString(file).strip();
        if (isPrefix(text)) {
          return Optional.of(text);
        }
      }
      problem(problems, "expected a version's digest: 12 to 64 lower-case hex digits");
    } catch (IOException e) {
      problem(problems, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    return Optional.empty();
  }

  void problem(Problems problems, String message) {
    problems.add(file.toString(), 1, message);
  }

  /** The file's content as it is, to be put back; empty when there is none. */
  Optional<String> raw() {
    try {
      return exists() ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file at one stroke, on disk before this returns. */
  void write(String text) throws IOException {
    Path draft = file.resolveSibling(".active-" + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap((text.strip() + "\n").getBytes(StandardCharsets.UTF_8));
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
    syncFolder();
  }

  /** Puts back what {@link #raw} said. */
  void restore(Optional<String> raw) throws IOException {
    if (raw.isPresent()) {
      write(raw.get());
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** A rename is durable once its folder is. */
  private void syncFolder() throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }
}
