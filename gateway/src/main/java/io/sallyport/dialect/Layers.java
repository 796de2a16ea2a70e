package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A dialect file over those that it extends. A key of the file stands for the same key of the file
 * below; routes are replaced by their id, replies and vars by their name, and what is new is added,
 * routes in front of those below.
 *
 * @param maps the file first, what it extends after it
 */
record Layers(List<YamlMap> maps) {
  Layers {
    maps = List.copyOf(maps);
  }

  /** The file itself, for what only it can say. */
  YamlMap top() {
    return maps.getFirst();
  }

  /** The nearest value at a key. */
  Optional<YamlValue> get(String key) {
    List<YamlValue> found = new ArrayList<>();
    maps.forEach(map -> map.get(key).ifPresent(found::add));
    return found.stream().findFirst();
  }

  <T> T require(String key, T standIn, Function<YamlValue, T> reader) {
    Optional<YamlValue> value = get(key);
    if (value.isEmpty()) {
      top().self().problem("missing key '" + key + "'");
    }
    return value.map(reader).orElse(standIn);
  }

  /** The members of a mapping of every layer, the nearest of each name. */
  Map<String, YamlValue> members(String key) {
    Map<String, YamlValue> members = new LinkedHashMap<>();
    for (YamlMap map : maps) {
      map.get(key).ifPresent(value -> value.asMap().forEach(members::putIfAbsent));
    }
    return members;
  }

  /** The routes in the order in which they are tried. */
  List<YamlValue> routes() {
    List<YamlValue> routes = new ArrayList<>();
    for (YamlMap map : maps.reversed()) {
      List<YamlValue> added = new ArrayList<>();
      for (YamlValue route : map.get("routes").map(YamlValue::asList).orElse(List.of())) {
        int below = below(routes, id(route));
        if (below < 0) {
          added.add(route);
        } else {
          routes.set(below, route);
        }
      }
      routes.addAll(0, added);
    }
    return routes;
  }

  private static int below(List<YamlValue> routes, Optional<Object> id) {
    for (int i = 0; i < routes.size(); i++) {
      if (id.isPresent() && id.equals(id(routes.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  private static Optional<Object> id(YamlValue route) {
    return route.isMap() ? route.asMap().get("id").map(YamlValue::asPlain) : Optional.empty();
  }

  void rejectUnknown() {
    maps.forEach(YamlMap::rejectUnknown);
  }
}
