package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the routes of a dialect file. */
final class RouteFile {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Set<String> TYPES = Set.of("application/json", FormType.ESSENCE);
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private final List<String> bases;
  private final Map<String, List<ReplyRule>> replies;
  private final Set<String> usedReplies = new HashSet<>();
  private final List<Route> routes = new ArrayList<>();
  private final List<Route.Target> targets = new ArrayList<>();

  RouteFile(List<String> bases, Map<String, List<ReplyRule>> replies) {
    this.bases = bases;
    this.replies = replies;
  }

  List<Route> read(YamlValue list) {
    list.asList().forEach(this::route);
    replies.keySet().stream()
        .filter(name -> !usedReplies.contains(name))
        .forEach(name -> list.problem("no route uses the replies '" + name + "'"));
    return routes;
  }

  private void route(YamlValue value) {
    YamlMap map = value.asMap();
    String id = id(map);
    Effect effect = map.require("effect", Effect.STATIC, v -> v.asEnum(Effect.class));
    YamlMap match = map.require("match", value, v -> v).asMap();
    Route.Target target = target(match);
    Optional<String> type = match.get("type").map(RouteFile::requestType);
    match.rejectUnknown();
    rejectShadowed(value, target);
    ClaimFile claims = ClaimFile.ofRequest(map);
    claims.requireForm(type.filter(FormType.ESSENCE::equals).isPresent());
    List<String> denied =
        map.get("deny_text", List.<YamlValue>of(), YamlValue::asList).stream()
            .map(YamlValue::asString)
            .toList();
    List<ReplyRule> reply = replies(map, effect);
    map.rejectUnknown();
    rejectUnjudged(value, effect, type, claims);
    if (effect == Effect.FETCH && !target.methods().equals(Set.of("GET"))) {
      value.problem("a fetch route is GET");
    }
    RequestRules request = new RequestRules(claims.build(value), claims.required(), denied);
    routes.add(new Route(id, effect, target, type, request, reply));
    targets.add(target);
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

  private Route.Target target(YamlMap match) {
    Set<String> methods = new LinkedHashSet<>();
    for (YamlValue method : match.require("method", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      if (!METHODS.contains(method.asString())) {
        method.problem("expected one of " + new java.util.TreeSet<>(METHODS));
      }
      methods.add(method.asString());
    }
    List<PathPattern> paths = new ArrayList<>();
    for (YamlValue path : match.require("path", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      paths.addAll(PathPattern.parse(path.asString(), bases, path::problem));
    }
    Set<String> query = new HashSet<>();
    match.get("query", List.<YamlValue>of(), YamlValue::asList).stream()
        .map(YamlValue::asString)
        .forEach(query::add);
    return new Route.Target(methods, paths, new QueryRule(query));
  }

  private static String requestType(YamlValue value) {
    String type = value.asString();
    if (!TYPES.contains(type)) {
      value.problem("requests of this type are not understood: '" + type + "'");
    }
    return type;
  }

  private void rejectShadowed(YamlValue value, Route.Target target) {
    for (PathPattern path : target.paths()) {
      for (String method : target.methods()) {
        boolean shadowed =
            targets.stream()
                .filter(earlier -> earlier.methods().contains(method))
                .anyMatch(earlier -> earlier.paths().stream().anyMatch(p -> p.covers(path)));
        if (shadowed) {
          value.problem("unreachable: an earlier route claims " + method + " " + path);
        }
      }
    }
  }

  private List<ReplyRule> replies(YamlMap map, Effect effect) {
    boolean expected = effect != Effect.MODERATE;
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
      YamlValue value, Effect effect, Optional<String> type, ClaimFile claims) {
    boolean reads = effect == Effect.GENERATE || effect == Effect.MODERATE;
    if (reads && (type.isEmpty() || claims.isEmpty())) {
      value.problem("needs a match.type, and claims such as text");
    }
    if (!reads && (type.isPresent() || !claims.isEmpty())) {
      value.problem(
          "a " + effect.name().toLowerCase(Locale.ROOT) + " route has no request body to claim");
    }
  }
}
