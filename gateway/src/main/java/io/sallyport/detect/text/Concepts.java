package io.sallyport.detect.text;

import io.sallyport.detect.embedding.ConceptScale;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file of concepts: what each label means, in phrases that an operator edits without retraining.
 *
 * @param name the file's own name for the set
 * @param file the file as the operator would name it
 * @param scale how similarity becomes a score
 * @param labels the concepts by label, in the file's order; at least one
 * @param digest SHA-256 of the file's canonical form, 64 lower-case hex digits
 */
public record Concepts(
    String name, String file, ConceptScale scale, Map<String, Concept> labels, String digest) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9/_-]{0,63}");
  private static final int LABELS_MAX = 100;
  private static final int PHRASES_MAX = 200;
  private static final int PHRASE_CHARS_MAX = 200;

  /**
   * Where MiniLM puts unrelated sentences at most: above it, two texts have something in common.
   */
  private static final double BACKGROUND = 0.35;

  private static final double TEMPERATURE = 0.05;

  public Concepts {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * One label's meaning.
   *
   * @param line where the file says so, 1-based
   * @param positive phrases that mean it; at least one
   * @param contrast phrases that are near and yet allowed; may be none
   */
  public record Concept(int line, List<String> positive, List<String> contrast) {
    public Concept {
      positive = List.copyOf(positive);
      contrast = List.copyOf(contrast);
    }
  }

  /** Reads a file; empty, with problems recorded, unless all of it is right. */
  public static Optional<Concepts> load(Path path, Problems problems) {
    int before = problems.list().size();
    Optional<Concepts> concepts =
        YamlFile.read(path, problems).map(root -> read(path.toString(), root));
    return problems.list().size() == before ? concepts : Optional.empty();
  }

  /** Reads the bytes of a file; as {@link #load}. */
  static Optional<Concepts> parse(String file, byte[] bytes, Problems problems) {
    int before = problems.list().size();
    Optional<Concepts> concepts =
        YamlFile.parse(file, bytes, problems).map(root -> read(file, root));
    return problems.list().size() == before ? concepts : Optional.empty();
  }

  private static Concepts read(String file, YamlValue root) {
    YamlMap map = root.asMap();
    String name = map.string("concepts");
    double temperature = map.get("temperature", TEMPERATURE, value -> value.asDouble(0.01, 1));
    double background = map.get("background", BACKGROUND, value -> value.asDouble(-1, 1));
    Map<String, Concept> labels = map.require("labels", Map.of(), Concepts::labels);
    map.rejectUnknown();
    return new Concepts(
        name,
        file,
        new ConceptScale(temperature, background),
        labels,
        Digests.canonical(root.asPlain()));
  }

  private static Map<String, Concept> labels(YamlValue value) {
    Map<String, Concept> labels = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (label, item) -> {
              if (!LABEL.matcher(label).matches()) {
                item.problem("a label is a-z, 0-9, '/', '_' and '-', at most 64 characters");
              }
              labels.put(label, concept(item));
            });
    if (value.isMap() && (labels.isEmpty() || labels.size() > LABELS_MAX)) {
      value.problem("expected 1 to " + LABELS_MAX + " labels");
    }
    return labels;
  }

  private static Concept concept(YamlValue value) {
    YamlMap map = value.asMap();
    Set<String> seen = new HashSet<>();
    List<String> positive = map.require("positive", List.of(), item -> phrases(item, seen));
    if (positive.isEmpty() && map.has("positive")) {
      value.problem("expected at least one positive phrase");
    }
    List<String> contrast = map.get("contrast", List.of(), item -> phrases(item, seen));
    map.rejectUnknown();
    return new Concept(value.line(), positive, contrast);
  }

  /** A phrase on both sides would pull both ways; twice on one side it says nothing. */
  private static List<String> phrases(YamlValue value, Set<String> seen) {
    List<YamlValue> items = value.asList();
    if (items.size() > PHRASES_MAX) {
      value.problem("more than " + PHRASES_MAX + " phrases");
    }
    List<String> phrases = new ArrayList<>();
    for (YamlValue item : items) {
      String phrase = item.asString();
      phrases.add(phrase);
      if (phrase.length() > PHRASE_CHARS_MAX) {
        item.problem("longer than " + PHRASE_CHARS_MAX + " characters");
      }
      if (!seen.add(phrase.strip().toLowerCase(Locale.ROOT))) {
        item.problem("this phrase is already there");
      }
    }
    return phrases;
  }
}
