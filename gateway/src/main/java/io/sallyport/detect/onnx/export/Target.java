package io.sallyport.detect.onnx.export;

import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Where the model goes: a new folder below the folder of all models, or the export itself. */
sealed interface Target {
  /** Files that are copied for people; the card does not pin them. */
  List<String> FOR_PEOPLE =
      List.of("README.md", "LICENSE", "LICENSE.txt", "config.json", "preprocessor_config.json");

  /** The model's name, and so its folder's. */
  String name();

  /**
   * Writes the folder; nothing is left of it when this throws.
   *
   * @param graph the graph's path in the export
   * @param work finishes the folder below a folder of models
   * @return where the card is
   */
  Path write(ExportFolder export, CardDraft draft, String graph, Work work) throws IOException;

  /** Finishes a folder whose files are all there but the card. */
  @FunctionalInterface
  interface Work {
    /** The folder of the model's name below {@code models} is finished. */
    void finish(Path models) throws IOException;
  }

  /** The target that was asked for; problems when it is taken or has no name. */
  static Target of(ExportRequest request, Problems problems) {
    Path folder = request.folder().toAbsolutePath().normalize();
    String own = String.valueOf(folder.getFileName());
    Optional<Path> models = request.models();
    String name = request.name().orElse(models.isPresent() ? fit(own) : own);
    if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      problems.add(
          folder.toString(),
          0,
          "'" + name + "' cannot name a model: a-z, 0-9, '.', '_' and '-', at most 64");
    }
    if (models.isEmpty() && !name.equals(own)) {
      problems.add(folder.toString(), 0, "in place, the folder's name is the model's");
    }
    Target target =
        models.isPresent()
            ? new Copy(models.get().toAbsolutePath().normalize(), name)
            : new InPlace(folder, name);
    Path taken = models.map(all -> all.resolve(name)).orElse(folder.resolve(CardFile.FILE));
    if (Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
      problems.add(taken.toString(), 0, "is there already; delete it to import again");
    }
    return target;
  }

  private static String fit(String folder) {
    String name =
        folder.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-").replaceAll("^[._-]+", "");
    return name.substring(0, Math.min(64, name.length()));
  }

  /** A new folder, made beside its place under a hidden name and then renamed. */
  record Copy(Path models, String name) implements Target {
    @Override
    public Path write(ExportFolder export, CardDraft draft, String graph, Work work)
        throws IOException {
      Path hidden = Files.createDirectories(models).resolve(".import-" + UUID.randomUUID());
      Path made = Files.createDirectories(hidden.resolve(name));
      try {
        Files.copy(export.file(graph), made.resolve(inFolder(graph)));
        for (String file : Stream.concat(draft.others().stream(), FOR_PEOPLE.stream()).toList()) {
          if (export.has(file)) {
            Files.copy(export.file(file), made.resolve(file));
          }
        }
        work.finish(hidden);
        Files.move(made, models.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        return models.resolve(name).resolve(CardFile.FILE);
      } finally {
        delete(hidden);
      }
    }

    @Override
    public String inFolder(String graph) {
      return graph.substring(graph.lastIndexOf('/') + 1);
    }

    private static void delete(Path folder) throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** The export itself, which only gets a card. */
  record InPlace(Path folder, String name) implements Target {
    @Override
    public Path write(ExportFolder export, CardDraft draft, String graph, Work work)
        throws IOException {
      Path card = folder.resolve(CardFile.FILE);
      boolean done = false;
      try {
        work.finish(parent());
        done = true;
        return card;
      } finally {
        if (!done) {
          Files.deleteIfExists(card);
        }
      }
    }

    private Path parent() {
      Path parent = folder.getParent();
      return parent == null ? folder : parent;
    }

    @Override
    public String inFolder(String graph) {
      return graph;
    }
  }

  /** The graph's path in the finished folder. */
  String inFolder(String graph);
}
