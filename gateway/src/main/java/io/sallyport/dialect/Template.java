package io.sallyport.dialect;

import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON value with places to fill: {@code ${message}} and the like inside its strings.
 *
 * <p>A value that is not told leaves its member out, and an object left without members by that is
 * left out too. {@code ${categories}} and {@code ${null}} stand alone and become a list and null
 * (dialect files know no null of their own); {@code ${status}} alone becomes a number.
 */
sealed interface Template {
  /** What may be filled in. */
  enum Field {
    MESSAGE,
    REQUEST_ID,
    STAGE,
    CATEGORIES,
    TYPE,
    CODE,
    /** The HTTP status, a number where it stands alone. */
    STATUS,
    /** The word of google.rpc.Code for it. */
    RPC_STATUS,
    /** The job that a refusal is about; where none was made, the request id. */
    ID,
    /** Scheme and authority of the gateway, as the client sees it. */
    SELF,
    /** Path and query of the URL that is written anew. */
    PATH,
    /** What stands at the names of the request's path: {@code ${path:NAME}}. */
    CAPTURED
  }

  /** The place of a null. */
  record Null() implements Template {}

  /** A value without places. */
  record Fixed(Object value) implements Template {}

  /** The place of a list or a number. */
  record Whole(Field field) implements Template {}

  /** Text around places. */
  record Text(String pattern) implements Template {}

  record Items(List<Template> items) implements Template {}

  record Members(Map<String, Template> members) implements Template {}

  Set<Field> WHOLE = Set.of(Field.CATEGORIES, Field.STATUS);

  Pattern PLACE = Pattern.compile("\\$\\{([a-z_:]*)\\}");

  String CAPTURE = "path:";

  /** Compiles a value of a file; places outside {@code known} are problems. */
  static Template of(YamlValue value, Set<Field> known) {
    if (value.isMap()) {
      Map<String, Template> members = new LinkedHashMap<>();
      value.asMap().forEach((name, member) -> members.put(name, of(member, known)));
      return new Members(members);
    }
    if (value.isList()) {
      return new Items(value.asList().stream().map(item -> of(item, known)).toList());
    }
    return value.asPlain() instanceof String text
        ? text(text, known, value)
        : new Fixed(value.asPlain());
  }

  private static Template text(String text, Set<Field> known, YamlValue value) {
    if (text.equals("${null}")) {
      return new Null();
    }
    for (Field field : WHOLE) {
      if (text.equals("${" + wire(field) + "}") && known.contains(field)) {
        return new Whole(field);
      }
    }
    PLACE
        .matcher(text)
        .results()
        .map(place -> place.group(1))
        .filter(name -> !isKnown(name, known) || name.equals("categories"))
        .forEach(name -> value.problem("nothing to fill in for ${" + name + "} here"));
    return new Text(text);
  }

  private static boolean isKnown(String name, Set<Field> known) {
    return name.startsWith(CAPTURE)
        ? known.contains(Field.CAPTURED)
        : field(name, known).filter(it -> it != Field.CAPTURED).isPresent();
  }

  private static Optional<Field> field(String name, Set<Field> known) {
    return known.stream().filter(field -> wire(field).equals(name)).findFirst();
  }

  private static String wire(Field field) {
    return field.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The value as Jackson writes it; empty when something in it is not told.
   *
   * @param values what is told, by field; only {@link Field#CATEGORIES} is a list
   */
  default Optional<Object> render(Map<Field, Object> values) {
    return switch (this) {
      case Null nothing -> Optional.of(tools.jackson.databind.node.NullNode.getInstance());
      case Fixed(Object value) -> Optional.of(value);
      case Whole(Field field) -> Optional.ofNullable(values.get(field));
      case Text(String pattern) -> fill(pattern, values).map(text -> text);
      case Items(List<Template> items) ->
          Optional.of(items.stream().flatMap(item -> item.render(values).stream()).toList());
      case Members(Map<String, Template> members) -> renderMembers(members, values);
    };
  }

  private static Optional<Object> renderMembers(
      Map<String, Template> members, Map<Field, Object> values) {
    Map<String, Object> rendered = new LinkedHashMap<>();
    members.forEach(
        (name, member) -> member.render(values).ifPresent(value -> rendered.put(name, value)));
    return rendered.isEmpty() && !members.isEmpty() ? Optional.empty() : Optional.of(rendered);
  }

  private static Optional<String> fill(String pattern, Map<Field, Object> values) {
    List<String> missing = new ArrayList<>();
    Matcher matcher = PLACE.matcher(pattern);
    String text =
        matcher.replaceAll(
            place -> {
              Optional<Object> told = told(place.group(1), values);
              if (told.isEmpty()) {
                missing.add(place.group(1));
                return "";
              }
              return Matcher.quoteReplacement(String.valueOf(told.get()));
            });
    return missing.isEmpty() ? Optional.of(text) : Optional.empty();
  }

  private static Optional<Object> told(String name, Map<Field, Object> values) {
    if (name.startsWith(CAPTURE)) {
      return values.get(Field.CAPTURED) instanceof Map<?, ?> captures
          ? Optional.ofNullable(captures.get(name.substring(CAPTURE.length())))
          : Optional.empty();
    }
    return field(name, values.keySet()).map(values::get);
  }

  /** The names in <code>${path:NAME}</code> anywhere in it. */
  default Set<String> captures() {
    Set<String> names = new TreeSet<>();
    switch (this) {
      case Null nothing -> {}
      case Fixed fixed -> {}
      case Whole whole -> {}
      case Text(String pattern) ->
          PLACE
              .matcher(pattern)
              .results()
              .map(place -> place.group(1))
              .filter(name -> name.startsWith(CAPTURE))
              .forEach(name -> names.add(name.substring(CAPTURE.length())));
      case Items(List<Template> items) -> items.forEach(it -> names.addAll(it.captures()));
      case Members(Map<String, Template> members) ->
          members.values().forEach(it -> names.addAll(it.captures()));
    }
    return names;
  }
}
