package io.sallyport.detect.embedding;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.Vectors;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@link VectorConcepts} strictly; every problem is recorded with its line. */
final class VectorConceptsReader {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9/_-]{0,63}");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
  private static final int LABELS_MAX = 100;
  private static final int LINES_MAX = 1000;

  /** How far a vector's squared length may be off 1: float rounding over thousands of numbers. */
  private static final double ROUNDING = 1e-3;

  /** CLIP's: its logits are cosines times at most 100 (Radford et al. 2021, section 2.5). */
  private static final double TEMPERATURE = 0.01;

  private final Path path;
  private final Problems problems;

  VectorConceptsReader(Path path, Problems problems) {
    this.path = path;
    this.problems = problems;
  }

  Optional<VectorConcepts> load() {
    int before = problems.list().size();
    Optional<VectorConcepts> concepts = YamlFile.read(path, problems).flatMap(this::read);
    return problems.list().size() == before ? concepts : Optional.empty();
  }

  private Optional<VectorConcepts> read(YamlValue root) {
    YamlMap map = root.asMap();
    String name = map.string("concepts");
    Optional<VectorFile> vectors =
        map.require("vectors", Optional.empty(), value -> vectors(value.asMap()));
    int line = map.get("vectors", 0, YamlValue::line);
    double temperature = map.get("temperature", TEMPERATURE, value -> value.asDouble(0.01, 1));
    double background = map.require("background", 0.0, value -> value.asDouble(-1, 1));
    List<ConceptVectors> labels = map.require("labels", List.of(), value -> labels(value, vectors));
    map.rejectUnknown();
    ConceptSet set = new ConceptSet(new ConceptScale(temperature, background), labels);
    return vectors.map(
        known ->
            new VectorConcepts(
                name,
                path.toString(),
                line,
                known.index().size(),
                set,
                Digests.canonical(root.asPlain())));
  }

  /** The vectors beside the file, which must be the pinned ones. */
  private Optional<VectorFile> vectors(YamlMap map) {
    String prefix = map.string("prefix");
    String pinned = map.string("sha256");
    map.rejectUnknown();
    if (!PREFIX.matcher(prefix).matches()) {
      map.self().problem("prefix must be a plain name: the vectors lie beside this file");
      return Optional.empty();
    }
    Optional<VectorFile> vectors = VectorFile.load(path.resolveSibling(prefix), problems);
    vectors
        .filter(known -> !known.index().sha256().equals(pinned))
        .ifPresent(
            other ->
                map.self().problem("the vectors have another SHA-256: " + other.index().sha256()));
    return vectors;
  }

  private List<ConceptVectors> labels(YamlValue value, Optional<VectorFile> vectors) {
    List<ConceptVectors> labels = new ArrayList<>();
    value
        .asMap()
        .forEach(
            (label, item) -> {
              if (!LABEL.matcher(label).matches()) {
                item.problem("a label is a-z, 0-9, '/', '_' and '-', at most 64 characters");
              }
              labels.add(concept(label, item, vectors));
            });
    if (value.isMap() && (labels.isEmpty() || labels.size() > LABELS_MAX)) {
      value.problem("expected 1 to " + LABELS_MAX + " labels");
    }
    return labels;
  }

  private ConceptVectors concept(String label, YamlValue value, Optional<VectorFile> vectors) {
    YamlMap map = value.asMap();
    Set<Integer> seen = new HashSet<>();
    List<float[]> positive = map.require("positive", List.of(), item -> lines(item, vectors, seen));
    if (map.get("positive", false, item -> item.isList() && item.asList().isEmpty())) {
      value.problem("expected at least one positive line");
    }
    List<float[]> contrast = map.get("contrast", List.of(), item -> lines(item, vectors, seen));
    map.rejectUnknown();
    return new ConceptVectors(label, positive, contrast);
  }

  private List<float[]> lines(YamlValue value, Optional<VectorFile> vectors, Set<Integer> seen) {
    List<YamlValue> items = value.asList();
    if (items.size() > LINES_MAX) {
      value.problem("more than " + LINES_MAX + " lines");
    }
    List<float[]> found = new ArrayList<>();
    for (YamlValue item : items) {
      int line = item.asInt(1, Integer.MAX_VALUE);
      if (!seen.add(line)) {
        item.problem("this line is already there");
      }
      vectors.ifPresent(known -> found.addAll(line(item, known.line(line))));
    }
    return found;
  }

  private static List<float[]> line(YamlValue item, List<float[]> vectors) {
    if (vectors.isEmpty()) {
      item.problem("the vectors have no such line");
    }
    if (vectors.stream().anyMatch(it -> Math.abs(Vectors.dot(it, it) - 1) > ROUNDING)) {
      item.problem("its vector is not of length 1; embed with a model that has normalise: true");
    }
    return vectors;
  }
}
