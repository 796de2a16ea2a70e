package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads what a dialect says about the nodes of graphs.
 *
 * <pre>
 * graph:
 *   deny: [REGEX]        # classes that are refused
 *   except: [REGEX]      # of those, classes that are let by
 *   allow: [REGEX]       # when given: no class but these
 *   encoders: [REGEX]    # classes whose texts are prompts whatever they look like, and end there
 *   silent: [REGEX]      # other classes that hand no text on
 *   plain: [{input: REGEX, fits: REGEX}]        # neither text nor image while it fits
 *   files: [{class: REGEX, input: REGEX}]       # inputs that name a file of the server
 *   pairs: [{class: REGEX, negative: SLOT}]     # 'negative' leaves by that slot alone
 * </pre>
 *
 * A file that extends another adds to its lists; {@code allow} stands for that of the file below.
 */
final class GraphFile {
  private static final int SLOTS_MAX = 64;

  private GraphFile() {}

  /**
   * The rules of all layers.
   *
   * @param layers the nearest first
   * @return empty when none says anything about graphs
   */
  static Optional<GraphRules> read(List<YamlMap> layers) {
    List<YamlMap> graphs =
        layers.stream().flatMap(it -> it.get("graph").stream()).map(YamlValue::asMap).toList();
    List<YamlMap> allowing = graphs.stream().filter(it -> it.has("allow")).limit(1).toList();
    GraphRules rules =
        new GraphRules(
            each(graphs, "deny", GraphFile::pattern),
            each(graphs, "except", GraphFile::pattern),
            each(allowing, "allow", GraphFile::pattern),
            each(graphs, "encoders", GraphFile::pattern),
            each(graphs, "silent", GraphFile::pattern),
            each(graphs, "plain", GraphFile::plain),
            each(graphs, "files", GraphFile::file),
            each(graphs, "pairs", GraphFile::pair));
    graphs.forEach(it -> it.get("allow"));
    graphs.forEach(YamlMap::rejectUnknown);
    return graphs.isEmpty() ? Optional.empty() : Optional.of(rules);
  }

  private static <T> List<T> each(List<YamlMap> graphs, String key, Function<YamlValue, T> reader) {
    List<T> all = new ArrayList<>();
    for (YamlMap graph : graphs) {
      graph.get(key, List.<YamlValue>of(), YamlValue::asList).stream()
          .map(reader)
          .forEach(all::add);
    }
    return all;
  }

  private static GraphRules.Plain plain(YamlValue value) {
    YamlMap map = value.asMap();
    GraphRules.Plain plain = new GraphRules.Plain(required(map, "input"), required(map, "fits"));
    map.rejectUnknown();
    return plain;
  }

  private static GraphRules.FileInput file(YamlValue value) {
    YamlMap map = value.asMap();
    GraphRules.FileInput file =
        new GraphRules.FileInput(required(map, "class"), required(map, "input"));
    map.rejectUnknown();
    return file;
  }

  private static GraphRules.Pair pair(YamlValue value) {
    YamlMap map = value.asMap();
    GraphRules.Pair pair =
        new GraphRules.Pair(
            required(map, "class"), map.require("negative", 0, slot -> slot.asInt(0, SLOTS_MAX)));
    map.rejectUnknown();
    return pair;
  }

  private static Pattern required(YamlMap map, String key) {
    return map.require(key, Pattern.compile("\\b\\B"), GraphFile::pattern);
  }

  private static Pattern pattern(YamlValue value) {
    try {
      return Pattern.compile(value.asString());
    } catch (PatternSyntaxException e) {
      value.problem("not a regular expression: " + e.getDescription());
      return Pattern.compile("\\b\\B");
    }
  }
}
