package io.sallyport.dialect;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The dialects that there are: those that come with the program, and the operator's beside them.
 * Immutable.
 */
public final class Dialects {
  /** Those that come with the program. */
  public static final List<String> SHIPPED =
      List.of(
          "artifacts",
          "azure-openai",
          "bfl",
          "cog",
          "comfyui",
          "fal",
          "fal-run",
          "gemini",
          "json-to-bytes",
          "kserve-v2",
          "moderations",
          "openai-chat-images",
          "openai-images",
          "replicate",
          "runpod",
          "sdapi",
          "vertex");

  private static final String ENDING = ".yaml";

  private final Map<String, Source> sources;

  private Dialects(Map<String, Source> sources) {
    this.sources = Map.copyOf(sources);
  }

  /**
   * Finds the files of a folder; each is compiled, and whatever is wrong with any is a problem.
   *
   * @param folder with files {@code NAME.yaml}; empty for none
   */
  public static Dialects open(Optional<Path> folder, Problems problems) {
    Map<String, Source> sources = new LinkedHashMap<>();
    SHIPPED.forEach(name -> sources.put(name, shipped(name).orElseThrow()));
    folder.ifPresent(it -> add(it, sources, problems));
    Dialects dialects = new Dialects(sources);
    sources.forEach(
        (name, source) -> {
          if (!SHIPPED.contains(name)) {
            dialects.compile(source, problems).ifPresent(it -> named(it, name, source, problems));
          }
        });
    return dialects;
  }

  /** The dialect of a name; empty, with its problems, when there is none or it does not compile. */
  public Optional<Dialect> find(String name, Problems problems) {
    return Optional.ofNullable(sources.get(name)).flatMap(it -> compile(it, problems));
  }

  /** Every name. */
  public Set<String> names() {
    return new TreeSet<>(sources.keySet());
  }

  private Optional<Dialect> compile(Source source, Problems problems) {
    return DialectFile.read(source, name -> Optional.ofNullable(sources.get(name)), problems);
  }

  private static void named(Dialect dialect, String name, Source source, Problems problems) {
    if (!dialect.name().equals(name)) {
      problems.add(source.file(), 0, "the file of a dialect is named after it: NAME.yaml");
    }
  }

  private static void add(Path folder, Map<String, Source> sources, Problems problems) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith(ENDING)).sorted().toList()) {
        String name = file.getFileName().toString();
        name = name.substring(0, name.length() - ENDING.length());
        if (SHIPPED.contains(name)) {
          problems.add(
              file.toString(),
              0,
              "this name is shipped: take another, with 'extends: " + name + "'");
        } else {
          try (InputStream in = Files.newInputStream(file)) {
            sources.put(name, new Source(file.toString(), in.readNBytes(YamlFile.BYTES_MAX + 1)));
          }
        }
      }
    } catch (IOException e) {
      problems.add(folder.toString(), 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** The file of a dialect that comes with the program. */
  static Optional<Source> shipped(String name) {
    if (!SHIPPED.contains(name)) {
      return Optional.empty();
    }
    try (InputStream in = Dialects.class.getResourceAsStream(name + ENDING)) {
      if (in == null) {
        throw new IllegalStateException("no file of the dialect " + name);
      }
      return Optional.of(new Source(name + ENDING, in.readAllBytes()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
