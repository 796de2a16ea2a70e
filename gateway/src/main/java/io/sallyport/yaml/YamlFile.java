package io.sallyport.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one YAML document strictly. */
public final class YamlFile {
  /** No file of an operator's is larger; lexicons of 10,000 terms stay far below. */
  public static final int BYTES_MAX = 4 << 20;

  private static final int DEPTH_MAX = 32;

  private final String file;
  private final Problems problems;

  private YamlFile(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Reads a file from disk; empty, with a problem recorded, when it cannot be read or parsed. */
  public static Optional<YamlValue> read(Path path, Problems problems) {
    try {
      if (Files.size(path) > BYTES_MAX) {
        problems.add(path.toString(), 0, "larger than " + BYTES_MAX + " bytes");
        return Optional.empty();
      }
      return parse(path.toString(), Files.readAllBytes(path), problems);
    } catch (IOException e) {
      problems.add(path.toString(), 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  /** Parses the bytes of a file; empty, with a problem recorded, when they are not strict YAML. */
  public static Optional<YamlValue> parse(String file, byte[] bytes, Problems problems) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new YamlFile(file, problems).compose(text);
    } catch (CharacterCodingException e) {
      problems.add(file, 0, "not UTF-8");
      return Optional.empty();
    }
  }

  private Optional<YamlValue> compose(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setMaxAliasesForCollections(0)
            .setAllowDuplicateKeys(false)
            .setUseMarks(true)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(file, 0, "empty");
      }
      return root.flatMap(node -> value(node, "", 0));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
      problems.add(file, line, String.valueOf(e.getProblem()).strip());
    } catch (YamlEngineException e) {
      problems.add(file, 0, "not a YAML document");
    }
    return Optional.empty();
  }

  private Optional<YamlValue> value(Node node, String path, int depth) {
    int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    if (depth > DEPTH_MAX) {
      problems.add(file, line, "nested deeper than " + DEPTH_MAX);
      return Optional.empty();
    }
    if (node.getAnchor().isPresent()) {
      problems.add(file, line, "anchors and aliases are not used here");
      return Optional.empty();
    }
    Optional<Object> plain =
        switch (node) {
          case MappingNode mapping -> Optional.of(map(mapping, path, depth));
          case SequenceNode sequence -> Optional.of(list(sequence, path, depth));
          case ScalarNode scalar -> scalar(scalar, path, line);
          case Node other -> Optional.empty();
        };
    return plain.map(value -> new YamlValue(file, line, path, value, problems));
  }

  private Map<String, YamlValue> map(MappingNode mapping, String path, int depth) {
    Map<String, YamlValue> map = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = tuple.getKeyNode().getStartMark().map(Mark::getLine).orElse(-1) + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(file, line, "a key must be plain text");
        continue;
      }
      String name = key.getValue();
      String at = path.isEmpty() ? name : path + "." + name;
      if (map.containsKey(name)) {
        problems.add(file, line, at + ": duplicate key");
      }
      value(tuple.getValueNode(), at, depth + 1)
          .ifPresent(value -> map.put(name, value));
    }
    return map;
  }

  private List<YamlValue> list(SequenceNode sequence, String path, int depth) {
    List<YamlValue> list = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      value(item, path + "[" + list.size() + "]", depth + 1).ifPresent(list::add);
    }
    return list;
  }

  private Optional<Object> scalar(ScalarNode scalar, String path, int line) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.STR)) {
      return Optional.of(text);
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(Boolean.valueOf(text));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return Optional.of(Long.valueOf(text));
      }
      if (tag.equals(Tag.FLOAT)) {
        return Optional.of(Double.valueOf(text));
      }
    } catch (NumberFormatException e) {
      problems.add(file, line, path + ": not a plain decimal number: " + text);
      return Optional.empty();
    }
    problems.add(file, line, path + (tag.equals(Tag.NULL) ? ": no value" : ": tags are not used here"));
    return Optional.empty();
  }
}
