package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the routes of a dialect file. */
final class RouteFile {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Set<String> TYPES = Set.of("application/json", FormType.ESSENCE);
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private static final Pattern QUERY_PIECE = Pattern.compile("[A-Za-z0-9._~-]{1,40}");
  private static final String ANY = "any";
  private static final Set<Effect> MAKING =
      Set.of(Effect.GENERATE, Effect.CREATE_JOB, Effect.UPLOAD);
  private static final String GRAPH_CODEC = "comfy-graph";

  private final List<String> bases;
  private final Vars vars;
  private final Set<String> query;
  private final Map<String, List<ReplyRule>> replies;
  private final boolean deferring;
  private final Set<String> usedReplies = new HashSet<>();
  private Optional<GraphRules> graph = Optional.empty();
  private Optional<Naming> naming = Optional.empty();
  private final List<Route> routes = new ArrayList<>();

  /**
   * @param query keys that a query of any route may have
   * @param deferring true when refusals of requests for jobs may be told later
   */
  RouteFile(
      List<String> bases,
      Vars vars,
      Set<String> query,
      Map<String, List<ReplyRule>> replies,
      boolean deferring) {
    this.deferring = deferring;
    this.bases = bases;
    this.query = query;
    this.vars = vars;
    this.replies = replies;
  }

  /**
   * Says what routes with {@code codec: comfy-graph} go by.
   *
   * @param rules empty when the dialect says nothing about graphs
   */
  RouteFile graphs(Optional<GraphRules> rules) {
    graph = rules;
    return this;
  }

  /**
   * Sets how files are named.
   *
   * @param rules empty when the dialect says nothing about files
   */
  RouteFile naming(Optional<Naming> rules) {
    naming = rules;
    return this;
  }

  /**
   * Reads them in the order in which they are tried.
   *
   * @param at where problems of all of them are told
   */
  List<Route> read(List<YamlValue> values, YamlValue at) {
    values.forEach(this::route);
    replies.keySet().stream()
        .filter(name -> !usedReplies.contains(name))
        .forEach(name -> at.problem("no route uses the replies '" + name + "'"));
    return routes;
  }

  private void route(YamlValue value) {
    YamlMap map = value.asMap();
    String id = id(map);
    Effect effect = map.require("effect", Effect.STATIC, v -> v.asEnum(Effect.class));
    YamlMap match = map.require("match", value, v -> v).asMap();
    JobFile job = JobFile.of(map, effect, vars);
    ClaimFile claims = ClaimFile.ofRequest(map, vars, job.requestIds());
    Route.Target target = target(match, effect, claims.head(Set.of()));
    boolean makes = MAKING.contains(effect);
    HeadRules head = claims.head(makes ? names(target.paths()) : Set.of());
    Optional<String> type = match.get("type").map(RouteFile::requestType);
    requireUpgrade(value, match, effect);
    match.rejectUnknown();
    rejectShadowed(value, target, type);
    rejectUnread(value, target, head);
    rejectUnowned(value, effect, target, head);
    claims.requireForm(type.filter(FormType.ESSENCE::equals).isPresent());
    List<String> denied =
        map.get("deny_text", List.<YamlValue>of(), YamlValue::asList).stream()
            .map(YamlValue::asString)
            .toList();
    List<ReplyRule> reply = replies(map, effect);
    Optional<RefRule> ref = ref(map, effect, claims);
    Optional<Codec> codec = map.get("codec_if").map(Codec::of);
    rejectMisread(value, type, head, codec);
    Optional<GraphRules> graph = codec(map, effect, type, claims);
    map.rejectUnknown();
    Optional<JobRules> jobs = job.rules(effect, deferring);
    if (graph.isEmpty()) {
      rejectUnjudged(value, effect, type, claims, jobs.isPresent());
    }
    boolean asks = effect == Effect.FETCH || effect == Effect.LIST || effect == Effect.CHANNEL;
    if (asks && !target.methods().equals(Set.of("GET"))) {
      value.problem("a " + effect.name().toLowerCase(Locale.ROOT) + " route is GET");
    }
    RequestRules request =
        new RequestRules(
            head,
            claims.build(value),
            claims.required(),
            denied,
            effect == Effect.CONTROL || effect == Effect.POLL,
            codec,
            graph,
            naming.isPresent());
    routes.add(
        new Route(id, effect, target, type, request, withJob(value, reply, jobs), ref, jobs));
  }

  /** What is kept must be known again, and what is named must have a meaning. */
  private Optional<RefRule> ref(YamlMap map, Effect effect, ClaimFile claims) {
    Optional<YamlValue> given = map.get("ref");
    boolean upload = effect == Effect.UPLOAD;
    if (upload && given.isEmpty()) {
      map.self().problem("missing key 'ref': an upload is known by its name later");
    }
    if (given.isPresent() && !upload && effect != Effect.FETCH) {
      given.get().problem("only upload and fetch routes have a 'ref'");
    }
    if (naming.isEmpty() && (given.isPresent() || claims.namesFiles())) {
      map.self().problem("the dialect has no 'ref': how files are named is not known");
    }
    return naming.isEmpty() || given.isEmpty()
        ? Optional.empty()
        : Optional.of(
            RefRule.of(
                given.get(),
                naming.get(),
                effect,
                claims.head(Set.of()).names(HeadSelector.Source.QUERY)));
  }

  /** Code reads bodies which selectors cannot say enough about. */
  private Optional<GraphRules> codec(
      YamlMap map, Effect effect, Optional<String> type, ClaimFile claims) {
    Optional<YamlValue> given = map.get("codec");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (!given.get().asString().equals(GRAPH_CODEC)) {
      given.get().problem("there is one codec: " + GRAPH_CODEC);
    }
    boolean generates = effect == Effect.GENERATE || effect == Effect.CREATE_JOB;
    if (!generates || type.filter("application/json"::equals).isEmpty()) {
      given.get().problem("of routes that generate, with match.type application/json");
    }
    if (!claims.isEmpty()) {
      given.get().problem("it reads the whole body: of that nothing else is claimed");
    }
    if (graph.isEmpty()) {
      given.get().problem("needs a 'graph' in the dialect: which nodes are let by");
    }
    return Optional.of(graph.orElse(GraphRules.NONE));
  }

  /** A channel begins as a request for another protocol, and nothing else does. */
  private static void requireUpgrade(YamlValue value, YamlMap match, Effect effect) {
    boolean upgrade =
        match.get("upgrade").map(it -> it.asString().equals("websocket")).orElse(false);
    if (upgrade != (effect == Effect.CHANNEL) || upgrade != match.has("upgrade")) {
      value.problem("a channel, and nothing else, has {upgrade: websocket}");
    }
  }

  private String id(YamlMap map) {
    String id = map.string("id");
    if (!ID.matcher(id).matches()) {
      map.self().problem("an id is lower-case letters, digits and '-'");
    }
    if (routes.stream().anyMatch(route -> route.id().equals(id))) {
      map.self().problem("another route has the id '" + id + "'");
    }
    return id;
  }

  private Route.Target target(YamlMap match, Effect effect, HeadRules head) {
    List<PathPattern> paths = new ArrayList<>();
    for (YamlValue path : match.require("path", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      paths.addAll(PathPattern.parse(path.asString(), bases, path::problem));
    }
    Set<String> query = new HashSet<>(this.query);
    match.get("query", List.<YamlValue>of(), YamlValue::asList).stream()
        .map(YamlValue::asString)
        .forEach(query::add);
    Map<String, String> fixed = new LinkedHashMap<>();
    match.get("query_set").ifPresent(set -> fixed(set.asMap(), fixed));
    QueryRule rule = new QueryRule(query, head.names(HeadSelector.Source.QUERY), fixed);
    return new Route.Target(methods(match, effect), paths, rule);
  }

  private static void fixed(YamlMap set, Map<String, String> fixed) {
    set.forEach(
        (key, value) -> {
          String text = value.asString();
          if (!QUERY_PIECE.matcher(key).matches() || !QUERY_PIECE.matcher(text).matches()) {
            value.problem("a query's key and value here are letters, digits and any of ._~-");
          }
          fixed.put(key, text);
        });
  }

  /** None means any, for what is refused whatever is asked of it. */
  private static Set<String> methods(YamlMap match, Effect effect) {
    Set<String> methods = new LinkedHashSet<>();
    for (YamlValue method : match.require("method", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      if (method.asString().equals(ANY) && effect == Effect.DENY) {
        return Set.of();
      }
      if (!METHODS.contains(method.asString())) {
        method.problem("expected one of " + new TreeSet<>(METHODS));
      }
      methods.add(method.asString());
    }
    return methods;
  }

  private static String requestType(YamlValue value) {
    String type = value.asString();
    if (!TYPES.contains(type)) {
      value.problem("requests of this type are not understood: '" + type + "'");
    }
    return type;
  }

  private static Set<String> names(List<PathPattern> paths) {
    Set<String> names = new TreeSet<>();
    paths.forEach(path -> names.addAll(path.names()));
    return names;
  }

  private static void rejectUnread(YamlValue value, Route.Target target, HeadRules head) {
    Set<String> names = names(target.paths());
    head.names(HeadSelector.Source.PATH).stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> value.problem("no path has {" + name + "}"));
  }

  /** A codec tells of JSON with more after it, by a field that nobody else reads. */
  private static void rejectMisread(
      YamlValue value, Optional<String> type, HeadRules head, Optional<Codec> codec) {
    if (codec.isPresent() && !type.equals(Optional.of("application/json"))) {
      value.problem("codec_if is for requests of application/json");
    }
    codec
        .filter(it -> head.names(HeadSelector.Source.HEADER).contains(it.header()))
        .ifPresent(it -> value.problem("codec_if reads the header '" + it.header() + "' itself"));
  }

  /** Routes of one path may differ in what type their requests have. */
  private void rejectShadowed(YamlValue value, Route.Target target, Optional<String> type) {
    Set<String> methods = target.methods().isEmpty() ? Set.of(ANY) : target.methods();
    for (PathPattern path : target.paths()) {
      for (String method : methods) {
        boolean shadowed =
            routes.stream()
                .filter(earlier -> earlier.contentType().equals(type))
                .anyMatch(earlier -> earlier.claimsMethod(method) && earlier.covers(path));
        if (shadowed) {
          value.problem("unreachable: an earlier route claims " + method + " " + path);
        }
      }
    }
  }

  /** Whoever asks for a job names it: every path of the route must say where. */
  private static void rejectUnowned(
      YamlValue value, Effect effect, Route.Target target, HeadRules head) {
    if (effect == Effect.CREATE_JOB) {
      return;
    }
    for (HeadRules.Rule rule : head.rules()) {
      if (rule.claim() instanceof Claim.JobId
          && rule.selector().source() == HeadSelector.Source.PATH) {
        target.paths().stream()
            .filter(path -> !path.names().contains(rule.selector().name()))
            .forEach(path -> value.problem("no job's id in " + path));
      }
    }
  }

  private static List<ReplyRule> withJob(
      YamlValue value, List<ReplyRule> replies, Optional<JobRules> jobs) {
    List<AutomatonBuilder.Rule> first = jobs.map(JobRules::reply).orElse(List.of());
    List<ReplyRule> all = new ArrayList<>();
    for (ReplyRule rule : replies) {
      Optional<ReplyRule> with = rule.with(first);
      if (with.isEmpty()) {
        value.problem("selectors multiply to more than " + AutomatonBuilder.STATES_MAX + " states");
      }
      all.add(with.orElse(rule));
    }
    return all;
  }

  private List<ReplyRule> replies(YamlMap map, Effect effect) {
    boolean expected =
        effect != Effect.MODERATE && effect != Effect.DENY && effect != Effect.CHANNEL;
    Optional<YamlValue> reply = map.get("reply");
    if (expected != reply.isPresent()) {
      map.self()
          .problem(expected ? "missing key 'reply'" : "nothing is answered upstream: no 'reply'");
    }
    if (reply.isEmpty()) {
      return List.of();
    }
    String name = reply.get().asString();
    usedReplies.add(name);
    if (!replies.containsKey(name)) {
      reply.get().problem("no replies are named '" + name + "'");
    }
    List<ReplyRule> rules = replies.getOrDefault(name, List.of());
    if (effect == Effect.STATIC && rules.stream().anyMatch(ReplyRule::bringsImages)) {
      reply.get().problem("nobody judges the images of a static route");
    }
    return rules;
  }

  /** A route that makes or judges something must say where that stands. */
  private static void rejectUnjudged(
      YamlValue value, Effect effect, Optional<String> type, ClaimFile claims, boolean ofJobs) {
    boolean claiming = !claims.isEmpty() || !claims.head(Set.of()).rules().isEmpty();
    switch (effect) {
      case GENERATE, CREATE_JOB, MODERATE -> {
        if (type.isEmpty() || claims.isEmpty()) {
          value.problem("needs a match.type, and claims such as text");
        }
      }
      case CONTROL, POLL -> {
        if ((ofJobs ? !claims.isEmpty() : claiming) && type.isEmpty()) {
          value.problem("needs a match.type for what it claims");
        }
      }
      case UPLOAD -> {
        if (type.filter(FormType.ESSENCE::equals).isEmpty() || !claims.oneFile()) {
          value.problem("an upload is a form with one image: {sel: \"file:NAME\"}");
        }
      }
      case FETCH -> {
        if (type.isPresent() || !claims.isEmpty()) {
          value.problem("a fetch route has no request body to claim");
        }
      }
      case STATIC, LIST, CHANNEL, DENY -> {
        if (type.isPresent() || claiming) {
          value.problem(
              "a "
                  + effect.name().toLowerCase(Locale.ROOT)
                  + " route has no request body to claim");
        }
      }
    }
  }
}
