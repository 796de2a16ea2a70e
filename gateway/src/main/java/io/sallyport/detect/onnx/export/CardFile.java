package io.sallyport.detect.onnx.export;

import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A card, ready to be written.
 *
 * @param name the model's
 */
record CardFile(String name, CardDraft draft, String licence, String source) {
  static final String FILE = "model.yaml";

  /**
   * Writes the card into a folder that holds the model's other files, with their digests.
   *
   * @param graph the graph's path in the folder
   * @param examples each as YAML in one line
   */
  void write(Path folder, String graph, List<String> examples) throws IOException {
    String files =
        draft.files(graph).stream()
            .map(file -> "  " + file + ": " + digest(folder.resolve(file)) + "\n")
            .collect(Collectors.joining());
    String text =
        "# Written by sallyport models import. Change what it assumed, then verify again.\n"
            + "model: "
            + name
            + "\n"
            + "kind: "
            + draft.kind()
            + "\n"
            + "licence: "
            + Quoted.of(licence)
            + "\n"
            + "source: "
            + Quoted.of(source)
            + "\n"
            + "files:\n"
            + files
            + "input: "
            + draft.input()
            + "\n"
            + "output: "
            + draft.output()
            + "\n"
            + "deadline: 5s\n"
            + "examples:\n"
            + examples.stream().map(line -> "  - " + line + "\n").collect(Collectors.joining());
    Files.writeString(folder.resolve(FILE), text);
  }

  private static String digest(Path file) {
    try {
      return Digests.sha256(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
