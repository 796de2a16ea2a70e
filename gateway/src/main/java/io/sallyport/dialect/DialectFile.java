package io.sallyport.dialect;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a dialect file: every problem at once, each with its line.
 *
 * <pre>
 * dialect: NAME
 * bases: [/v1, /]                # what {base} in paths stands for; '/' is none
 * routes:                        # tried in order; all else is refused
 * - id: NAME
 *   match: {method, path, type, query: [keys]}   # method and path may be lists
 *                                # type: application/json or multipart/form-data
 *   effect: generate | static | moderate | fetch
 *   reply: NAME                  # of replies; not with moderate
 *   text: [{sel, role, required}]
 *   images: [{sel, as: base64 | data_uri | auto | url}]   # url: of replies only;
 *                                # of file:NAME: {sel, repeated}
 *   json: [sel]                  # strings that hold JSON: selectors go on inside
 *   values: [{sel, allow: [...]}]    # anything else is not judged
 *   opaque: [sel]                # must be absent or null
 *   user: [sel]
 *   plain: [{sel, fits: REGEX}]  # neither text nor image while it fits
 *   deny_text: [...]             # pieces of text that no text may hold
 * replies:
 *   NAME:
 *   - {when: {status, type}, max: SIZE, urls: refuse | refuse_images, images, text: [sel], opaque: [sel],
 *      fetch: {allow_hosts: [HOST or *.HOST], before: reply}}   # images behind URLs, judged too
 *   - {when: {status, type: image/*}, images: [{sel: body, as: bytes}]}
 *   - {when: {status, type: text/event-stream}, sse: [...]}   # see EventFile
 * block:                                    # required when a route generates
 *   input: {status, headers, json}
 *   output: {status, headers, json}
 *   stream: {event: NAME, json}             # required when a reply streams
 * error: {headers, json}
 * </pre>
 *
 * Selectors are those of {@link Selector} and, where the type is multipart/form-data, of {@link
 * FormSelector}; templates those of {@link Template}.
 */
final class DialectFile {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern BASE = Pattern.compile("/|(/[A-Za-z0-9._-]+)+");
  private static final Set<Template.Field> ERROR_FIELDS =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.TYPE,
          Template.Field.CODE);

  private DialectFile() {}

  static Optional<Dialect> read(String file, byte[] bytes, Problems problems) {
    int before = problems.list().size();
    Optional<Dialect> dialect =
        YamlFile.parse(file, bytes, problems).map(root -> dialect(root.asMap(), digest(bytes)));
    return problems.list().size() == before ? dialect : Optional.empty();
  }

  private static Dialect dialect(YamlMap map, String digest) {
    String name = map.string("dialect");
    if (!NAME.matcher(name).matches()) {
      map.self().problem("a dialect's name is lower-case letters, digits and '-'");
    }
    List<String> bases = bases(map);
    Map<String, List<ReplyRule>> replies = map.get("replies", Map.of(), ReplyFile::read);
    List<Route> routes = map.require("routes", List.of(), new RouteFile(bases, replies)::read);
    Optional<YamlMap> gates = map.get("block").map(YamlValue::asMap);
    Map<Gate, Block> blocks = blocks(map, gates, routes);
    Optional<StreamBlock> streamBlock = streamBlock(map, gates, routes);
    gates.ifPresent(YamlMap::rejectUnknown);
    Answer error =
        map.require("error", new Answer(Map.of(), new Template.Null()), DialectFile::error);
    map.rejectUnknown();
    return new Dialect(name, digest, routes, blocks, streamBlock, error);
  }

  /** {@code /} is the base of servers that have none. */
  private static List<String> bases(YamlMap map) {
    List<String> bases = new ArrayList<>();
    for (YamlValue value : map.get("bases", List.<YamlValue>of(), YamlValue::asList)) {
      if (!BASE.matcher(value.asString()).matches()) {
        value.problem("a base is '/' or a path such as /v1");
      }
      bases.add(value.asString().equals("/") ? "" : value.asString());
    }
    return bases.isEmpty() ? List.of("") : bases;
  }

  private static Map<Gate, Block> blocks(YamlMap map, Optional<YamlMap> gates, List<Route> routes) {
    Map<Gate, Block> blocks = new EnumMap<>(Gate.class);
    boolean needed =
        routes.stream()
            .anyMatch(route -> route.effect() == Effect.GENERATE || route.effect() == Effect.FETCH);
    if (gates.isPresent()) {
      for (Gate gate : Gate.values()) {
        Optional<YamlValue> given = gates.get().get(gate.wire());
        given.ifPresent(value -> blocks.put(gate, Block.of(value)));
        if (given.isEmpty()) {
          gates.get().self().problem("missing key '" + gate.wire() + "'");
        }
      }
    } else if (needed) {
      map.self().problem("missing key 'block': a route generates, and must be refusable");
    }
    return blocks;
  }

  private static Optional<StreamBlock> streamBlock(
      YamlMap map, Optional<YamlMap> gates, List<Route> routes) {
    Optional<StreamBlock> block = gates.flatMap(it -> it.get("stream")).map(StreamBlock::of);
    if (block.isEmpty() && routes.stream().anyMatch(Route::streams)) {
      map.self().problem("missing key 'block.stream': a reply streams, and must be refusable");
    }
    return block;
  }

  private static Answer error(YamlValue value) {
    YamlMap map = value.asMap();
    Answer answer = Answer.of(map, ERROR_FIELDS);
    map.rejectUnknown();
    return answer;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
