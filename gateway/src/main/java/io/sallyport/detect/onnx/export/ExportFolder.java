package io.sallyport.detect.onnx.export;

import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of an export. What cannot be read is a problem of the file's. */
final class ExportFolder {
  /** Where Optimum puts graphs, the plain one before the quantised one. */
  private static final List<String> GRAPHS =
      List.of("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx");

  private static final long JSON_MAX = 16L << 20;
  private static final long GRAPH_MAX = 1L << 30;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(1 << 23)
                          .maxDocumentLength(1L << 28)
                          .build())
                  .build())
          .build();

  private final Path folder;
  private final Problems problems;

  ExportFolder(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  boolean has(String name) {
    return Files.isRegularFile(file(name));
  }

  void problem(String name, String message) {
    problems.add(file(name).toString(), 0, message);
  }

  /** The object in a file; missing when the file is, or when it holds something else. */
  JsonNode json(String name) {
    if (!has(name)) {
      return MissingNode.getInstance();
    }
    try {
      if (Files.size(file(name)) > JSON_MAX) {
        throw new IOException("larger than " + JSON_MAX + " bytes");
      }
      JsonNode node = JSON.readTree(Files.readAllBytes(file(name)));
      if (node.isObject()) {
        return node;
      }
      problem(name, "expected a JSON object");
    } catch (JacksonException e) {
      problem(name, "not JSON");
    } catch (IOException e) {
      problem(name, "cannot be read: " + e.getMessage());
    }
    return MissingNode.getInstance();
  }

  /** Some parts of an object that is too large to be read whole; empty when it cannot be read. */
  JsonNode parts(String name, Set<String> wanted) {
    ObjectNode parts = JsonNodeFactory.instance.objectNode();
    try (InputStream in = Files.newInputStream(file(name));
        JsonParser parser = JSON.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return parts;
      }
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        parser.nextToken();
        if (wanted.contains(key)) {
          parts.set(key, (JsonNode) parser.readValueAsTree());
        } else {
          parser.skipChildren();
        }
      }
    } catch (JacksonException | IOException e) {
      return JsonNodeFactory.instance.objectNode();
    }
    return parts;
  }

  /**
   * The graph that is taken, by its path in the folder.
   *
   * @param chosen the operator's choice, if any
   */
  Optional<String> graph(Optional<String> chosen) {
    Optional<String> graph = chosen.or(() -> GRAPHS.stream().filter(this::has).findFirst());
    if (graph.isEmpty()) {
      problem("model.onnx", "is not there, nor " + GRAPHS.subList(1, 4) + otherGraphs());
      return Optional.empty();
    }
    return graph.filter(this::usable);
  }

  /** What an operator may choose. */
  String otherGraphs() {
    List<String> others =
        Stream.of("", "onnx")
            .flatMap(sub -> names(sub).map(name -> sub.isEmpty() ? name : sub + "/" + name))
            .filter(name -> name.endsWith(".onnx"))
            .toList();
    return others.isEmpty() ? "" : "; choose one with --graph: " + others;
  }

  /** A graph of its own: ONNX Runtime gets bytes, not a path, and so finds no weights beside it. */
  private boolean usable(String graph) {
    if (!has(graph) || !graph.endsWith(".onnx")) {
      problem(graph, "is not an .onnx file of the folder");
      return false;
    }
    int slash = graph.lastIndexOf('/');
    String base = graph.substring(slash + 1);
    List<String> outside =
        names(slash < 0 ? "" : graph.substring(0, slash))
            .filter(name -> name.startsWith(base + "_data") || name.startsWith(base + ".data"))
            .sorted()
            .toList();
    if (!outside.isEmpty()) {
      problem(
          graph, "has weights in " + outside + "; save it as one file, with its weights inside");
      return false;
    }
    try {
      if (Files.size(file(graph)) > GRAPH_MAX) {
        problem(graph, "is larger than " + GRAPH_MAX + " bytes");
        return false;
      }
      return true;
    } catch (IOException e) {
      problem(graph, "cannot be read: " + e.getMessage());
      return false;
    }
  }

  private Stream<String> names(String sub) {
    Path place = sub.isEmpty() ? folder : folder.resolve(sub);
    if (!Files.isDirectory(place)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList().stream();
    } catch (IOException e) {
      problem(sub, "cannot be listed: " + e.getMessage());
      return Stream.of();
    }
  }

  /** The graph's bytes; a problem, and empty, when they cannot be read. */
  Optional<byte[]> bytes(String name) {
    try {
      return Optional.of(Files.readAllBytes(file(name)));
    } catch (IOException e) {
      problem(name, "cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What the folder's README says about the licence, in the head that model hubs read. */
  Optional<String> licence() {
    if (!has("README.md")) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file("README.md"))) {
      List<String> head = lines.limit(200).toList();
      return head.stream()
          .skip(1)
          .takeWhile(line -> head.getFirst().equals("---") && !line.equals("---"))
          .filter(line -> line.startsWith("license:"))
          .map(line -> line.substring("license:".length()).strip())
          .filter(licence -> !licence.isEmpty())
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
