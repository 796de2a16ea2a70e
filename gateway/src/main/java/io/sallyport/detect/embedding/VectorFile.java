package io.sallyport.detect.embedding;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pair of files as {@code models embed} writes it: {@code PREFIX.f32}, the numbers of one vector
 * after another, IEEE 754 binary32, little-endian, without any header; and {@code PREFIX.json}, the
 * {@link VectorIndex}. The index pins the numbers by their SHA-256; every number is finite.
 *
 * <p>Immutable; reading is safe on every thread.
 */
public final class VectorFile {
  /** Ends the name of a file of numbers. */
  public static final String SUFFIX = ".f32";

  /** Bytes of numbers at most. */
  public static final int BYTES_MAX = 1 << 28;

  private static final int INDEX_BYTES_MAX = 1 << 26;

  private final VectorIndex index;
  private final FloatBuffer numbers;

  /** By line, the places of the row's vectors. */
  private final Map<Integer, Span> spans = new HashMap<>();

  private VectorFile(VectorIndex index, FloatBuffer numbers) {
    this.index = index;
    this.numbers = numbers;
    int start = 0;
    for (VectorIndex.Row row : index.rows()) {
      spans.put(row.line(), new Span(start, start + row.vectors()));
      start += row.vectors();
    }
  }

  /**
   * Reads both files.
   *
   * @param prefix of their names
   * @return empty, with problems recorded, unless all of both is right
   */
  public static Optional<VectorFile> load(Path prefix, Problems problems) {
    Optional<byte[]> index = bytes(prefix + VectorIndex.SUFFIX, INDEX_BYTES_MAX, problems);
    Optional<byte[]> numbers = bytes(prefix + SUFFIX, BYTES_MAX, problems);
    return index.isPresent() && numbers.isPresent()
        ? parse(prefix.toString(), index.get(), numbers.get(), problems)
        : Optional.empty();
  }

  private static Optional<byte[]> bytes(String file, int most, Problems problems) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length <= most) {
        return Optional.of(bytes);
      }
      problems.add(file, 0, "larger than " + most + " bytes");
    } catch (IOException e) {
      problems.add(file, 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    return Optional.empty();
  }

  /** As {@link #load}, from the bytes of both files. */
  static Optional<VectorFile> parse(String prefix, byte[] json, byte[] numbers, Problems problems) {
    Optional<VectorIndex> read =
        VectorIndexReader.read(prefix + VectorIndex.SUFFIX, json, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    VectorIndex index = read.get();
    String wrong = wrong(index, numbers);
    if (!wrong.isEmpty()) {
      problems.add(prefix + SUFFIX, 0, wrong);
      return Optional.empty();
    }
    FloatBuffer floats = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    return Optional.of(new VectorFile(index, floats));
  }

  private static String wrong(VectorIndex index, byte[] numbers) {
    long vectors = index.rows().stream().mapToLong(VectorIndex.Row::vectors).sum();
    long bytes = vectors * index.size() * Float.BYTES;
    if (bytes != numbers.length) {
      return "has " + numbers.length + " bytes, its index says " + bytes;
    }
    String sha256 = Digests.sha256(numbers);
    if (!sha256.equals(index.sha256())) {
      return "has another SHA-256 than its index says: " + sha256;
    }
    FloatBuffer floats = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < floats.limit(); i++) {
      if (!Float.isFinite(floats.get(i))) {
        return "number " + i + " is not finite";
      }
    }
    return "";
  }

  /** What the file holds. */
  public VectorIndex index() {
    return index;
  }

  /** Copies of the vectors of a line, in order; none for a line that is not there. */
  public List<float[]> line(int line) {
    List<float[]> vectors = new ArrayList<>();
    Span span = spans.getOrDefault(line, Span.NONE);
    for (int i = span.from(); i < span.to(); i++) {
      float[] vector = new float[index.size()];
      numbers.get(i * index.size(), vector);
      vectors.add(vector);
    }
    return vectors;
  }

  /** Vectors from one up to and without another. */
  private record Span(int from, int to) {
    static final Span NONE = new Span(0, 0);
  }
}
