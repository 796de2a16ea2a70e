package io.sallyport.detect.embedding;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes a {@link VectorFile} as its vectors come. The numbers grow under a name of their own and
 * get theirs at the end, the index last: a pair that does not belong together is found out by the
 * digest. For one thread.
 */
public final class VectorWriter implements AutoCloseable {
  private final Path prefix;
  private final Path draft;
  private final OutputStream out;
  private final MessageDigest digest;
  private final List<VectorIndex.Row> rows = new ArrayList<>();
  private final int size;
  private long bytes;

  /**
   * Opens the draft.
   *
   * @param prefix of the files' names, in a folder that exists
   * @param size numbers in a vector
   */
  public VectorWriter(Path prefix, int size) throws IOException {
    this.prefix = prefix;
    this.size = size;
    this.draft = Path.of(prefix + VectorFile.SUFFIX + ".draft");
    this.out = new BufferedOutputStream(Files.newOutputStream(draft));
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Adds the vectors of a line.
   *
   * @param sha256 of the line's bytes, 64 lower-case hex digits
   * @return false, and nothing is added, when the files would become larger than they can be read
   */
  public boolean add(int line, String sha256, List<float[]> vectors) throws IOException {
    long more = (long) vectors.size() * size * Float.BYTES;
    if (bytes + more > VectorFile.BYTES_MAX || rows.size() == VectorIndex.ROWS_MAX) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) more).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float number : vector) {
        buffer.putFloat(number);
      }
    }
    out.write(buffer.array());
    digest.update(buffer.array());
    rows.add(new VectorIndex.Row(line, sha256, vectors.size()));
    bytes += more;
    return true;
  }

  /** Puts both files in their places, over what was there. */
  public VectorIndex finish(String model, String modelDigest) throws IOException {
    out.close();
    String sha256 = HexFormat.of().formatHex(digest.digest());
    VectorIndex index = new VectorIndex(model, modelDigest, size, sha256, rows);
    Path json = Path.of(prefix + VectorIndex.SUFFIX);
    Path jsonDraft = Files.writeString(Path.of(json + ".draft"), index.toJson());
    Files.move(draft, Path.of(prefix + VectorFile.SUFFIX), StandardCopyOption.REPLACE_EXISTING);
    Files.move(jsonDraft, json, StandardCopyOption.REPLACE_EXISTING);
    return index;
  }

  /** Deletes the draft, unless it was finished. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(draft);
  }
}
