package io.sallyport.policy;

import io.sallyport.signal.Stage;
import io.sallyport.yaml.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A policy folder made by a test, and harmless detectors to check it against. */
record Folder(Path path) {
  static final Map<String, Labels> CATALOGUE =
      Map.of(
          "words", new Labels(Set.of(Stage.PROMPT), Set.of("zeppelin", "dog", "beach")),
          "meaning", new Labels(Set.of(Stage.PROMPT), Set.of("dog", "beach")),
          "colours",
              new Labels(Set.of(Stage.INPUT_IMAGE, Stage.OUTPUT_IMAGE), Set.of("magenta", "dog")),
          "known", new Labels(Set.of(Stage.OUTPUT_IMAGE), Set.of("stand-ins")));

  Folder with(String file, String text) {
    try {
      Files.writeString(path.resolve(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PolicyBook load() {
    return PolicyLoader.load(path, CATALOGUE);
  }

  Policy policy(String name) {
    return load().get(name).orElseThrow();
  }

  /** What is wrong, without the folder's own path; empty when all is right. */
  List<String> problems() {
    try {
      load();
      return List.of();
    } catch (InvalidFileException e) {
      return e.problems().stream()
          .map(problem -> problem.toString().replace(path + "/", ""))
          .toList();
    }
  }

  /**
   * What a text announces itself: after {@code #!} stands the problem that its line has, several
   * parted by {@code ;;}.
   */
  static List<String> announced(String file, String text) {
    List<String> expected = new ArrayList<>();
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      int mark = lines[i].indexOf("#!");
      if (mark >= 0) {
        for (String message : lines[i].substring(mark + 2).split(";;")) {
          expected.add(file + ":" + (i + 1) + ": " + message.strip());
        }
      }
    }
    return expected;
  }
}
