package io.sallyport.yaml;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A text parsed as a file, with the problems found so far. */
final class Yaml {
  final Problems problems = new Problems();
  final Optional<YamlValue> root;

  Yaml(String text) {
    this(text.getBytes(StandardCharsets.UTF_8));
  }

  Yaml(byte[] bytes) {
    root = YamlFile.parse("f.yaml", bytes, problems);
  }

  YamlMap map() {
    return root.orElseThrow().asMap();
  }

  /** The value under the key {@code v}. */
  YamlValue v() {
    return map().get("v").orElseThrow();
  }

  java.util.List<String> told() {
    return problems.list().stream().map(Problem::toString).toList();
  }
}
