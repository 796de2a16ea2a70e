package io.sallyport.cli;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.VectorIndex;
import io.sallyport.detect.embedding.VectorWriter;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Embeds the lines of a list. Every line that cannot be embedded is a problem with its number, and
 * then nothing is written. Blank lines are passed over; they count.
 */
final class ListEmbedding {
  private static final int LINE_CHARS_MAX = 32_000;

  private final LoadedModel model;
  private final Placing placing;
  private final Path file;
  private final Problems problems = new Problems();

  /**
   * @throws UserException when the model gives no vectors
   */
  ListEmbedding(LoadedModel model, Path file) {
    this.model = model;
    this.placing = Placing.of(model, file);
    this.file = file;
  }

  /**
   * Writes both files.
   *
   * @throws io.sallyport.yaml.InvalidFileException with every problem, and then nothing is written
   */
  VectorIndex write(Path prefix) throws IOException {
    List<String> lines = Utf8File.lines(file, problems).orElse(List.of());
    problems.throwIfAny();
    if (lines.stream().allMatch(String::isBlank)) {
      problems.add(file.toString(), 0, "has no line to embed");
      problems.throwIfAny();
    }
    try (VectorWriter writer = new VectorWriter(prefix, placing.size())) {
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank() && !embed(i + 1, lines.get(i), writer)) {
          problems.add(file.toString(), i + 1, "too much for one file of vectors from here on");
          break;
        }
      }
      problems.throwIfAny();
      return writer.finish(model.card().name(), model.digest());
    }
  }

  /** False when there is no room for more; once something is wrong, nothing is kept. */
  private boolean embed(int line, String text, VectorWriter writer) throws IOException {
    if (text.length() > LINE_CHARS_MAX) {
      problems.add(file.toString(), line, "longer than " + LINE_CHARS_MAX + " characters");
      return true;
    }
    try {
      List<float[]> vectors = placing.vectors(text);
      String sha256 = Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
      return !problems.isEmpty() || writer.add(line, sha256, vectors);
    } catch (UnavailableException e) {
      problems.add(file.toString(), line, e.why().wire() + " (" + e.getMessage() + ")");
      return true;
    }
  }
}
