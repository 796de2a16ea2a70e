package io.sallyport.cli;

import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the lines of a text file of the operator's. */
final class Utf8File {
  /** No list is larger. */
  static final int BYTES_MAX = 1 << 26;

  private Utf8File() {}

  /** The lines without their ends; empty, with a problem recorded, when they cannot be read. */
  static Optional<List<String>> lines(Path path, Problems problems) {
    try (InputStream in = Files.newInputStream(path)) {
      return lines(path.toString(), in.readNBytes(BYTES_MAX + 1), problems);
    } catch (IOException e) {
      problems.add(path.toString(), 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  /** As {@link #lines(Path, Problems)}, from the file's bytes. */
  static Optional<List<String>> lines(String file, byte[] bytes, Problems problems) {
    if (bytes.length > BYTES_MAX) {
      problems.add(file, 0, "larger than " + BYTES_MAX + " bytes");
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.lines().toList());
    } catch (CharacterCodingException e) {
      problems.add(file, 0, "not UTF-8");
      return Optional.empty();
    }
  }
}
