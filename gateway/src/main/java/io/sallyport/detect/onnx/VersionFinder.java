package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the versions of a model on disk, and the one that is to run.
 *
 * <p>{@code models/NAME/model.yaml} is a version, and so is every {@code
 * models/NAME/FOLDER/model.yaml}. The file {@link ActiveFile} names the one to run; without it the
 * only version there is runs, and several are a problem: which of them judges is nothing to guess.
 *
 * <p>Reads cards and nothing else. Safe on every thread; blocks on the disk.
 */
final class VersionFinder {
  private static final int VERSIONS_MAX = 64;

  /** Models on our own class path, by name. A folder of such a name would be ambiguous. */
  private static final Map<String, String> EMBEDDED =
      Map.of(ModelStore.MINILM, "/io/sallyport/models/all-minilm-l6-v2-int8.yaml");

  private final Path dir;

  /**
   * @param dir the folder of all models
   */
  VersionFinder(Path dir) {
    this.dir = dir;
  }

  /** The model's folder. */
  Path folder(String name) {
    return dir.resolve(name);
  }

  /** The file that names the version to run. */
  ActiveFile active(String name) {
    return new ActiveFile(folder(name));
  }

  /** True for a model that comes with the gateway and has one version for ever. */
  static boolean embedded(String name) {
    return EMBEDDED.containsKey(name);
  }

  /**
   * Every version of a model, those with an unusable card too, sorted by folder.
   *
   * @param problems receives what hides versions; what is wrong with one is told by the version
   */
  List<FoundVersion> all(String name, Problems problems) {
    if (!CardReader.isName(name)) {
      problems.add(dir.toString(), 0, "not a model's name: '" + name + "'");
      return List.of();
    }
    String resource = EMBEDDED.get(name);
    if (resource != null) {
      if (Files.exists(folder(name), LinkOption.NOFOLLOW_LINKS)) {
        problems.add(
            folder(name).toString(), 0, "has the name of a model that comes with the gateway");
      }
      return List.of(found(name, new Bundle.Embedded(resource)));
    }
    List<FoundVersion> versions = new ArrayList<>();
    for (Path folder : folders(name, problems)) {
      versions.add(found(name, new Bundle.Folder(folder)));
    }
    return versions;
  }

  /** The model's own folder when it has a card, and those below it that have one. */
  private List<Path> folders(String name, Problems problems) {
    Path own = folder(name);
    List<Path> folders = new ArrayList<>();
    if (hasCard(own)) {
      folders.add(own);
    }
    if (Files.isDirectory(own)) {
      try (Stream<Path> below = Files.list(own)) {
        below
            .filter(path -> Bundle.isInside(String.valueOf(path.getFileName())))
            .filter(VersionFinder::hasCard)
            .sorted()
            .forEach(folders::add);
      } catch (IOException e) {
        problems.add(own.toString(), 0, "cannot be listed (" + e.getClass().getSimpleName() + ")");
      }
    }
    if (folders.size() > VERSIONS_MAX) {
      problems.add(own.toString(), 0, "holds more than " + VERSIONS_MAX + " versions");
      return folders.subList(0, VERSIONS_MAX);
    }
    return folders;
  }

  private static boolean hasCard(Path folder) {
    return Files.exists(folder.resolve(CardReader.FILE), LinkOption.NOFOLLOW_LINKS);
  }

  private static FoundVersion found(String name, Bundle bundle) {
    Problems problems = new Problems();
    Optional<ModelCard> card = ModelLoader.card(bundle, problems);
    card.filter(it -> !it.name().equals(name))
        .ifPresent(it -> problems.add(it.file(), 0, misnamed(it.name(), name)));
    return new FoundVersion(
        name, bundle, problems.isEmpty() ? card : Optional.empty(), problems.list());
  }

  /** A card that names another model than its folder was copied, and not looked at since. */
  static String misnamed(String name, Object folder) {
    return "model: '" + name + "' is not the folder's name '" + folder + "'";
  }

  /** The version that is to run; empty, with problems, when there is none or more than one. */
  Optional<FoundVersion> wanted(String name, Problems problems) {
    int before = problems.list().size();
    List<FoundVersion> versions = all(name, problems);
    if (problems.list().size() > before) {
      return Optional.empty();
    }
    if (!embedded(name) && active(name).exists()) {
      return active(name)
          .read(problems)
          .flatMap(
              prefix -> one(versions, prefix, message -> active(name).problem(problems, message)));
    }
    if (versions.isEmpty()) {
      // Loading from the place where the card should be tells what is missing.
      return usable(found(name, new Bundle.Folder(folder(name))), problems);
    }
    if (versions.stream().map(FoundVersion::digest).distinct().count() > 1) {
      problems.add(folder(name).toString(), 0, several(versions));
      return Optional.empty();
    }
    return usable(versions.getFirst(), problems);
  }

  /** True when several versions lie there and no file tells which one is to run. */
  boolean undecided(String name) {
    return !embedded(name)
        && !active(name).exists()
        && all(name, new Problems()).stream().map(FoundVersion::digest).distinct().count() > 1;
  }

  private static String several(List<FoundVersion> versions) {
    List<String> told =
        versions.stream()
            .map(it -> it.folder() + (it.digest().isEmpty() ? "" : " " + it.digest()))
            .toList();
    return "holds several versions: write the digest of the one to run into its file '"
        + ActiveFile.NAME
        + "': "
        + String.join(", ", told);
  }

  private static Optional<FoundVersion> usable(FoundVersion found, Problems problems) {
    for (Problem problem : found.problems()) {
      problems.add(problem.file(), problem.line(), problem.message());
    }
    return found.card().isPresent() ? Optional.of(found) : Optional.empty();
  }

  /** The one version whose digest begins so. Copies of one version count once. */
  static Optional<FoundVersion> one(
      List<FoundVersion> versions, String prefix, Consumer<String> problem) {
    List<FoundVersion> matching =
        versions.stream().filter(it -> it.digest().startsWith(prefix)).toList();
    if (matching.isEmpty()) {
      String unusable =
          versions.stream()
              .filter(it -> it.card().isEmpty())
              .map(it -> "; " + it.problems().getFirst())
              .reduce("", String::concat);
      problem.accept("no version has the digest " + prefix + unusable);
      return Optional.empty();
    }
    if (matching.stream().map(FoundVersion::digest).distinct().count() > 1) {
      problem.accept("several versions have a digest that begins with " + prefix);
      return Optional.empty();
    }
    return Optional.of(matching.getFirst());
  }
}
