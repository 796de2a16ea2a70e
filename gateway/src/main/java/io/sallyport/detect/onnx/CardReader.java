package io.sallyport.detect.onnx;

import io.sallyport.detect.ModelUse;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code model.yaml} strictly; every problem is recorded with its line. */
final class CardReader {
  /** The card's name in a model's folder. */
  static final String FILE = "model.yaml";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int FILES_MAX = 64;
  private static final int THREADS_MAX = 64;

  private final String file;

  private CardReader(String file) {
    this.file = file;
  }

  /** The card in {@code bytes}; empty, with problems recorded, unless all of it is right. */
  static Optional<ModelCard> read(String file, byte[] bytes, Problems problems) {
    int before = problems.list().size();
    Optional<ModelCard> card =
        YamlFile.parse(file, bytes, problems).flatMap(root -> new CardReader(file).card(root));
    return problems.list().size() == before ? card : Optional.empty();
  }

  private Optional<ModelCard> card(YamlValue root) {
    YamlMap map = root.asMap();
    String name = map.require("model", "?", CardReader::name);
    String licence = map.string("licence");
    String source = map.string("source");
    Map<String, ModelCard.FilePin> files =
        map.require("files", Map.of(), value -> files(value, map));
    Duration deadline =
        map.get(
            "deadline",
            DEADLINE,
            value -> value.asDuration(Duration.ofMillis(1), Duration.ofMinutes(5)));
    int threads = map.get("threads", ModelUse.ALL_THREADS, value -> value.asInt(1, THREADS_MAX));
    boolean advisory = map.get("advisory", false, YamlValue::asBoolean);
    Optional<Kind> kind = map.require("kind", Optional.empty(), value -> kind(value, map, files));
    if (kind.isPresent()) {
      map.rejectUnknown();
    }
    String digest = Digests.canonical(root.asPlain());
    return kind.map(
        known ->
            new ModelCard(
                name, file, licence, source, files, deadline, threads, advisory, known, digest));
  }

  private Optional<Kind> kind(YamlValue value, YamlMap map, Map<String, ModelCard.FilePin> files) {
    return switch (value.asString()) {
      case "image-classifier" -> Optional.of(ImageCardReader.read(map, files.keySet()));
      case "image-embedding" -> Optional.of(ImageEmbeddingCardReader.read(map, files.keySet()));
      case "head" -> Optional.of(HeadCardReader.read(map));
      case "object-detector" -> Optional.of(ObjectCardReader.read(map, files.keySet()));
      case "remote" -> Optional.of(RemoteCardReader.read(map, files.keySet()));
      case "text-classifier" -> Optional.of(TextClassifierCardReader.read(map, files.keySet()));
      case "text-embedding" -> Optional.of(TextCardReader.read(map, files.keySet()));
      case String other -> {
        value.problem(
            "expected image-classifier, image-embedding, object-detector, text-classifier,"
                + " text-embedding, head or remote");
        yield Optional.empty();
      }
    };
  }

  /** A model's name. */
  static String name(YamlValue value) {
    String name = value.asString();
    if (!isName(name)) {
      value.problem("expected a name of a-z, 0-9, '.', '_' and '-', at most 64 characters");
    }
    return name;
  }

  /** True for what may name a model, and so its folder. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private Map<String, ModelCard.FilePin> files(YamlValue value, YamlMap card) {
    Map<String, ModelCard.FilePin> files = new LinkedHashMap<>();
    value.asMap().forEach((name, sha) -> files.put(name, pin(name, sha)));
    long graphs = files.keySet().stream().filter(name -> name.endsWith(".onnx")).count();
    boolean remote = card.get("kind", false, kind -> kind.asPlain().equals("remote"));
    if (value.isMap() && graphs != (remote ? 0 : 1)) {
      value.problem("expected " + (remote ? "no" : "exactly one") + " .onnx file, found " + graphs);
    }
    if (files.size() > FILES_MAX) {
      value.problem("more than " + FILES_MAX + " files");
    }
    return files;
  }

  private static ModelCard.FilePin pin(String name, YamlValue sha) {
    if (!Bundle.isInside(name)) {
      sha.problem("the file must be named by a plain path inside the model's folder");
    }
    return new ModelCard.FilePin(sha256(sha), sha.line());
  }

  /** A SHA-256. */
  static String sha256(YamlValue value) {
    String hex = value.asString();
    if (!SHA256.matcher(hex).matches()) {
      value.problem("expected a SHA-256 of 64 lower-case hex digits");
    }
    return hex;
  }

  /** The items of a list of examples; at least one. */
  static List<YamlValue> examples(YamlMap map) {
    List<YamlValue> examples = map.require("examples", List.of(), YamlValue::asList);
    if (examples.isEmpty() && map.has("examples")) {
      map.self().problem("expected at least one example");
    }
    return examples;
  }
}
