package io.sallyport.detect.onnx.convert;

import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A model's folder below the folder of all models: whole with the pinned model in it, or absent.
 *
 * <p>It is written under a hidden name beside its place, forced to disk, and renamed; a reader
 * never sees half of it, and a crash leaves at most a hidden folder behind.
 */
public final class ModelFolder {
  /** The name of the ONNX file. */
  public static final String MODEL_FILE = "model.onnx";

  /** The name of the card. */
  public static final String CARD_FILE = "model.yaml";

  private final Path models;
  private final Path place;
  private final String sha256;

  /**
   * Names the folder.
   *
   * @param models the folder of all models; need not exist
   * @param name of the model
   * @param sha256 of its ONNX file
   */
  public ModelFolder(Path models, String name, String sha256) {
    this.models = models;
    this.place = models.resolve(name);
    this.sha256 = sha256;
  }

  /**
   * Whether the model is there already.
   *
   * @throws ModelSourceException when something else is in its place
   */
  boolean isThere() throws IOException {
    if (!Files.exists(place)) {
      return false;
    }
    Path model = place.resolve(MODEL_FILE);
    if (!Files.isRegularFile(model) || !Files.isRegularFile(place.resolve(CARD_FILE))) {
      throw occupied("is not a whole model");
    }
    if (!Digests.sha256(Files.readAllBytes(model)).equals(sha256)) {
      throw occupied("holds another model than the pinned one");
    }
    return true;
  }

  /**
   * Writes the folder, unless the model is there already.
   *
   * @param files by name; among them the model, which must have the pinned digest
   */
  public ImportOutcome write(Map<String, byte[]> files) throws IOException {
    if (isThere()) {
      return ImportOutcome.ALREADY_THERE;
    }
    if (!Digests.sha256(files.getOrDefault(MODEL_FILE, new byte[0])).equals(sha256)) {
      throw new ModelSourceException(
          place.getFileName() + ": the model made is not the pinned one");
    }
    // Not createTempDirectory: that makes folders which only this user may enter, and the gateway
    // often runs as another one than the import.
    Path hidden = Files.createDirectories(models).resolve(".import-" + UUID.randomUUID());
    Files.createDirectory(hidden);
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        writeForced(hidden.resolve(file.getKey()), file.getValue());
      }
      return rename(hidden);
    } finally {
      delete(hidden);
    }
  }

  /** Puts the written folder in its place. */
  ImportOutcome rename(Path hidden) throws IOException {
    try {
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
      return ImportOutcome.WRITTEN;
    } catch (FileSystemException e) {
      // Perhaps another process was faster. What it wrote must be the pinned model too.
      if (isThere()) {
        return ImportOutcome.ALREADY_THERE;
      }
      throw e;
    }
  }

  private ModelSourceException occupied(String how) {
    return new ModelSourceException(place + " " + how + "; delete the folder to write it again");
  }

  private static void writeForced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Deletes a folder of ours with all that is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
