package io.sallyport.dialect;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads a dialect file: every problem at once, each with its line.
 *
 * <pre>
 * dialect: NAME
 * extends: NAME                  # another dialect, see Layers
 * serves: TEXT                   # which servers speak it
 * bases: [/v1, /, "/d/{name}"]   # what {base} in paths stands for; '/' is none
 * query: [keys]                # that a query of any route may have
 * ref: {names: ids | folders, unknown: refuse | fetch, at: PATH}   # of files, see Naming
 * vars: {NAME: TEXT}             # what $NAME in selectors stands for
 * routes:                        # tried in order; all else is refused
 * - id: NAME
 *   match:                       # method and path may be lists; method any with deny
 *     {method, path, type, query: [keys], query_set: {KEY: VALUE}, upgrade: websocket}
 *                                # type: application/json or multipart/form-data
 *   effect: generate | static | control | moderate | fetch | create_job | poll | list
 *           | upload | channel | deny
 *   reply: NAME                  # of replies; not with moderate, channel and deny
 *   text: [{sel, role, required}]
 *   images: [{sel, as: base64 | data_uri | auto | maybe | url | ref}]   # url: of replies only;
 *                                # ref: a file's name, of requests only; of file:NAME: {sel, repeated}
 *   ref: {key, replaces, original, composite}   # of upload and fetch, see RefRule
 *   json: [sel]                  # strings that hold JSON: selectors go on inside
 *   values: [{sel, allow: [...]}]    # anything else is not judged
 *   opaque: [sel]                # must be absent or null
 *   user: [sel]
 *   models: [sel]                # neither text nor image while it looks like a model's name
 *   plain: [{sel, fits: REGEX}]  # neither text nor image while it fits
 *   deny_text: [...]             # pieces of text that no text may hold
 *   codec_if: {header: NAME, codec: kserve-binary}   # JSON, then tensors, where the header is there
 *   codec: comfy-graph           # the body is a graph of nodes: see GraphReader
 *   job: {id, rewrite, ...}      # of create_job, poll and control: see JobFile
 * replies:
 *   NAME:
 *   - when: {status, type}
 *     max: SIZE
 *     urls: refuse | refuse_images
 *     images: [{sel, as}]        # {sel: body, as: bytes} for types image/...
 *     fetch: {allow_hosts: [HOST or *.HOST], before: reply}   # images behind URLs, judged too
 *     require: NUMBER            # of images at least, in JSON
 *     text: [sel]
 *     opaque: [sel]
 *     ignore: [sel]              # echoes: let by unless they are images
 *     codec_if: {header, codec}  # of type application/octet-stream
 *   - {when: {status, type: text/event-stream}, sse: [...], fetch: {allow_hosts, before: event}}
 *                                # see EventFile
 * graph: {deny, ...}             # of routes with a codec: see GraphFile
 * websocket: {...}               # see ChannelFile; required when a route is a channel
 * block:                                    # required when a route generates
 *   input: {status, headers, json}        # with jobs also 'mode: deferred', and what is answered
 *                                         # to who submits: 'submit: {status, headers, json}'
 *   output: {status, headers, json}
 *   stream: {event: NAME, json}             # required when a reply streams
 *   channel: {json, error}                  # required when a route is a channel
 * error: {headers, json, KIND: {headers, json}}            # KIND such as unknown_route
 * </pre>
 *
 * Selectors are those of {@link Selector}, in requests of {@link HeadSelector}, and where the type
 * is multipart/form-data of {@link FormSelector}; templates those of {@link Template}.
 */
final class DialectFile {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern BASE = Pattern.compile("/|(/([A-Za-z0-9._-]+|\\{[a-z_]+\\}))+");
  private static final int LAYERS_MAX = 8;

  private final Function<String, Optional<Source>> others;
  private final Problems problems;
  private final List<byte[]> read = new ArrayList<>();

  private DialectFile(Function<String, Optional<Source>> others, Problems problems) {
    this.others = others;
    this.problems = problems;
  }

  /**
   * Compiles a file; empty when problems were added.
   *
   * @param others where the files are that it may extend, by name
   */
  static Optional<Dialect> read(
      Source source, Function<String, Optional<Source>> others, Problems problems) {
    int before = problems.list().size();
    DialectFile file = new DialectFile(others, problems);
    List<YamlMap> maps = new ArrayList<>();
    file.layer(source, maps);
    Optional<Dialect> dialect =
        maps.isEmpty() ? Optional.empty() : Optional.of(file.dialect(new Layers(maps)));
    return problems.list().size() == before ? dialect : Optional.empty();
  }

  /** Reads a file and then what it extends; a problem ends the descent. */
  private void layer(Source source, List<YamlMap> maps) {
    Optional<YamlMap> map =
        YamlFile.parse(source.file(), source.yaml(), problems).map(YamlValue::asMap);
    map.ifPresent(maps::add);
    read.add(source.yaml());
    Optional<YamlValue> parent = map.flatMap(it -> it.get("extends"));
    if (parent.isEmpty()) {
      return;
    }
    Optional<Source> below = others.apply(parent.get().asString());
    if (below.isEmpty()) {
      parent.get().problem("there is no dialect '" + parent.get().asString() + "'");
    } else if (maps.size() == LAYERS_MAX) {
      parent.get().problem("a dialect extends at most " + LAYERS_MAX + " others, and not itself");
    } else {
      layer(below.get(), maps);
    }
  }

  private Dialect dialect(Layers layers) {
    layers.get("dialect");
    String serves = layers.get("serves").map(YamlValue::asString).orElse("");
    YamlMap top = layers.top();
    String name = top.string("dialect");
    if (!NAME.matcher(name).matches()) {
      top.self().problem("a dialect's name is lower-case letters, digits and '-'");
    }
    List<String> bases = bases(layers);
    Vars vars = Vars.of(layers.members("vars"));
    Map<String, List<ReplyRule>> replies = ReplyFile.read(layers.members("replies"), vars);
    YamlValue at = layers.require("routes", top.self(), value -> value);
    Set<String> query = new HashSet<>();
    layers
        .get("query")
        .map(YamlValue::asList)
        .ifPresent(keys -> keys.forEach(key -> query.add(key.asString())));
    Refusals refusals = Refusals.read(layers.get("block"));
    Optional<GraphRules> graph = GraphFile.read(layers.maps());
    Optional<Naming> naming = layers.get("ref").map(Naming::of);
    List<Route> routes =
        new RouteFile(bases, vars, query, replies, refusals.submit().isPresent())
            .graphs(graph)
            .naming(naming)
            .read(layers.routes(), at);
    refusals.requireFor(routes, top);
    if (graph.isPresent() && routes.stream().noneMatch(Route::readsGraphs)) {
      top.self().problem("no route has 'codec: comfy-graph': no 'graph'");
    }
    Optional<ChannelRules> channel = channel(layers, routes, vars);
    Errors errors = layers.require("error", Errors.none(), Errors::of);
    layers.rejectUnknown();
    return new Dialect(name, serves, digest(), routes, naming, refusals, channel, errors);
  }

  /** {@code /} is the base of servers that have none. */
  private static List<String> bases(Layers layers) {
    List<String> bases = new ArrayList<>();
    for (YamlValue value : layers.get("bases").map(YamlValue::asList).orElse(List.of())) {
      if (!BASE.matcher(value.asString()).matches()) {
        value.problem("a base is '/' or a path such as /v1");
      }
      bases.add(value.asString().equals("/") ? "" : value.asString());
    }
    return bases.isEmpty() ? List.of("") : bases;
  }

  /** The section and the routes come together or not at all. */
  private static Optional<ChannelRules> channel(Layers layers, List<Route> routes, Vars vars) {
    Optional<ChannelRules> rules =
        layers.get("websocket").map(value -> ChannelFile.read(value, vars));
    boolean opens = routes.stream().anyMatch(route -> route.effect() == Effect.CHANNEL);
    if (opens != rules.isPresent()) {
      layers
          .top()
          .self()
          .problem(
              opens
                  ? "missing key 'websocket': what a channel may carry"
                  : "no route is a channel: no 'websocket'");
    }
    return rules;
  }

  private String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      read.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
