package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.testing.MarkdownFile;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds README's table of configuration keys against the loader: keys, defaults and bounds. */
class DocumentedConfigTest {
  private static final String MINIMAL_URL = "\"http://127.0.0.1:1\"";

  /** How the loader asks for a key. */
  private static final Pattern READ =
      Pattern.compile(
          "\\b(?:root|map)\\s*\\.\\s*(?:get|require|has|string)\\(\\s*\"([a-z0-9_]+)\""
              + "|\\b(?:file|path|each)\\(map, \"([a-z0-9_]+)\"[,)]");

  private static final Pattern BOUNDS = Pattern.compile("(\\w+) to (\\w+)(?:;.*)?");
  private static final Pattern AMOUNT = Pattern.compile("(\\d+)(ms|s|KiB|MiB|GiB|TiB|)");

  @TempDir Path dir;

  /** One row of the table. */
  private record Row(String key, String type, String absent, String bounds) {
    boolean plain() {
      return !key.contains("<") && !key.contains("[");
    }
  }

  @Test
  void theExampleHasEveryKeyOfTheTableAndNoOther() throws IOException {
    Problems problems = new Problems();
    var example = YamlFile.parse("README.md", example().getBytes(StandardCharsets.UTF_8), problems);
    Set<String> keys = new TreeSet<>();
    flatten("", example.orElseThrow().asPlain(), keys);
    assertThat(keys).isEqualTo(rows().stream().map(Row::key).collect(Collectors.toSet()));
  }

  @Test
  void theExampleLoads() throws Exception {
    Certificate certificate = new Certificate(dir.resolve("made"), "dns:gateway.example");
    Files.createDirectories(dir.resolve("tls"));
    for (String file : List.of("proxy.pem", "admin.pem", "authority.pem")) {
      Files.copy(certificate.certificate(), dir.resolve("tls").resolve(file));
    }
    for (String file : List.of("proxy-key.pem", "admin-key.pem")) {
      Files.copy(certificate.key(), dir.resolve("tls").resolve(file));
    }
    for (String file :
        List.of(
            "secrets/authorization",
            "policies/lexicons/default.yaml",
            "policies/lexicons/acme.yaml",
            "policies/concepts/default.yaml")) {
      Files.createDirectories(dir.resolve(file).getParent());
      Files.writeString(dir.resolve(file), "stand-in");
    }
    assertThat(problems(example())).isEmpty();
  }

  @Test
  void theLoaderReadsNoKeyThatTheTableLacks() throws IOException {
    Path sources = MarkdownFile.root().resolve("gateway/src/main/java/io/sallyport/config");
    Set<String> read = new TreeSet<>();
    for (String source : List.of("ConfigLoader.java", "FetchSection.java")) {
      READ.matcher(Files.readString(sources.resolve(source)))
          .results()
          .forEach(found -> read.add(found.group(1) == null ? found.group(2) : found.group(1)));
    }
    Set<String> told = new TreeSet<>();
    for (Row row : rows()) {
      for (String part : row.key().split("\\.")) {
        told.add(part.replace("[]", ""));
      }
    }
    told.remove("<name>");
    assertThat(read).isEqualTo(told);
  }

  @Test
  void theDefaultsAreThoseOfTheTable() throws IOException {
    Map<String, Object> said = minimal();
    List<String> checked = new ArrayList<>();
    for (Row row : rows()) {
      String literal = row.absent().replace("`", "");
      boolean amount = Set.of("number", "duration", "size", "true or false").contains(row.type());
      boolean word = row.absent().startsWith("`") && row.absent().endsWith("`");
      if (row.plain() && (word || (amount && literal.matches("\\d+\\w*|true|false")))) {
        put(said, row.key(), literal);
        checked.add(row.key());
      }
    }
    assertThat(checked).hasSizeGreaterThan(30);
    assertThat(config(yaml(said))).isEqualTo(config(yaml(minimal())));
  }

  @Test
  void theBoundsAreThoseOfTheTable() throws IOException {
    int checked = 0;
    for (Row row : rows()) {
      Matcher bounds = BOUNDS.matcher(row.bounds());
      if (row.plain() && bounds.matches()) {
        checked++;
        assertThat(refused(row.key(), bounds.group(1))).as("least of %s", row).isFalse();
        assertThat(refused(row.key(), bounds.group(2))).as("most of %s", row).isFalse();
        assertThat(refused(row.key(), beyond(bounds.group(2)))).as("beyond %s", row).isTrue();
        if (!bounds.group(1).startsWith("0")) {
          assertThat(refused(row.key(), below(bounds.group(1)))).as("below %s", row).isTrue();
        }
      }
    }
    assertThat(checked).isGreaterThan(25);
  }

  /** Whether the loader finds the value itself out of bounds. */
  private boolean refused(String key, String value) throws IOException {
    Map<String, Object> said = minimal();
    put(said, "audit.dir", "data");
    put(said, key, value);
    return problems(yaml(said)).stream()
        .anyMatch(problem -> problem.message().startsWith(key + ": expected"));
  }

  private static String beyond(String amount) {
    return shifted(amount, 1);
  }

  private static String below(String amount) {
    return shifted(amount, -1);
  }

  /** One unit more or less, in the smallest unit of its kind. */
  private static String shifted(String amount, int by) {
    Matcher parts = AMOUNT.matcher(amount);
    assertThat(parts.matches()).as(amount).isTrue();
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> number + by + "ms";
      case "s" -> number * 1000 + by + "ms";
      case "KiB" -> Long.toString((number << 10) + by);
      case "MiB" -> Long.toString((number << 20) + by);
      case "GiB" -> Long.toString((number << 30) + by);
      case "TiB" -> Long.toString((number << 40) + by);
      case String none -> Long.toString(number + by);
    };
  }

  private static String example() throws IOException {
    return MarkdownFile.read("README.md").section("## Configuration").blocks("yaml").getFirst();
  }

  private static List<Row> rows() throws IOException {
    return MarkdownFile.read("README.md").section("## Configuration").rows().stream()
        .filter(cells -> cells.getFirst().startsWith("`"))
        .map(
            cells ->
                new Row(cells.get(0).replace("`", ""), cells.get(1), cells.get(2), cells.get(3)))
        .toList();
  }

  private static void flatten(String path, Object value, Set<String> keys) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach(
              (key, item) -> {
                String name = path.equals("detectors.") ? "<name>" : key.toString();
                flatten(path + name + (item instanceof Map ? "." : ""), item, keys);
              });
      case List<?> list ->
          list.forEach(item -> flatten(path + "[]" + (item instanceof Map ? "." : ""), item, keys));
      case Object scalar -> keys.add(path);
    }
  }

  private static Map<String, Object> minimal() {
    Map<String, Object> root = new LinkedHashMap<>();
    put(root, "upstream.url", MINIMAL_URL);
    put(root, "policies.dir", "policies");
    return root;
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> root, String key, Object value) {
    Map<String, Object> map = root;
    String[] parts = key.split("\\.");
    for (int i = 0; i < parts.length - 1; i++) {
      map = (Map<String, Object>) map.computeIfAbsent(parts[i], none -> new LinkedHashMap<>());
    }
    map.put(parts[parts.length - 1], value);
  }

  private static String yaml(Object value) {
    return value instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + yaml(entry.getValue()))
            .collect(Collectors.joining(", ", "{", "}"))
        : value.toString().replace("TiB", "GiB").equals(value)
            ? value.toString()
            : tebibytes(value);
  }

  /** The loader knows no such unit. */
  private static String tebibytes(Object value) {
    return Long.parseLong(value.toString().replace("TiB", "")) * 1024 + "GiB";
  }

  private GatewayConfig config(String yaml) throws IOException {
    Problems problems = new Problems();
    var config = ConfigLoader.read(write(yaml), problems);
    assertThat(problems.list()).isEmpty();
    return config.orElseThrow();
  }

  private List<Problem> problems(String yaml) throws IOException {
    Problems problems = new Problems();
    ConfigLoader.read(write(yaml), problems);
    return problems.list();
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(dir.resolve("sallyport.yaml"), yaml);
  }
}
