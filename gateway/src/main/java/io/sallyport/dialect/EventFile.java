package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the {@code sse} rules of a reply: tried in order, and what none claims ends the stream.
 *
 * <pre>
 * sse:
 * - {event: [NAME, "NAME.**"], images, text, opaque, preview: true, urls}
 * - {data: {MEMBER: [TEXT]}, images, text, opaque, urls}      # by the members of the data
 * - {event: NAME, pass: true}        # must hold no image
 * - {data: "TEXT", pass: true}       # that text exactly
 * - {event: NAME, drop: true}        # goes no further
 * - {other: block}                   # must be there, and last
 * </pre>
 */
final class EventFile {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,100}(\\*\\*)?|\\*\\*");
  private static final int NAMES_MAX = 64;

  private final Vars vars;
  private final List<EventRule> rules = new ArrayList<>();

  private EventFile(Vars vars) {
    this.vars = vars;
  }

  static EventRules read(YamlValue list, Vars vars) {
    EventFile file = new EventFile(vars);
    List<YamlValue> items = list.asList();
    for (int i = 0; i < items.size(); i++) {
      boolean last = i == items.size() - 1;
      YamlMap map = items.get(i).asMap();
      Optional<YamlValue> other = map.get("other");
      if (last != other.isPresent()
          || other.filter(it -> !it.asString().equals("block")).isPresent()) {
        items.get(i).problem("the last rule, and no other, is {other: block}");
      }
      if (other.isEmpty()) {
        file.rule(items.get(i), map);
      }
      map.rejectUnknown();
    }
    if (items.size() < 2) {
      list.problem("needs a rule for some event, and {other: block}");
    }
    return new EventRules(file.rules);
  }

  private void rule(YamlValue item, YamlMap map) {
    List<String> names = names(map);
    EventRule.Match match = map.get("data").map(EventFile::match).orElse(new EventRule.Match.Any());
    if (names.isEmpty() && match instanceof EventRule.Match.Any) {
      item.problem("needs an 'event' or 'data' to know its events by");
    }
    EventRule.Action action = action(item, map);
    boolean anyUrl =
        map.get(
                "urls",
                action == EventRule.Action.PASS ? Urls.REFUSE_IMAGES : Urls.REFUSE,
                v -> v.asEnum(Urls.class))
            == Urls.REFUSE;
    ClaimFile claims = ClaimFile.ofReply(map, vars);
    claims.requireForm(false);
    if (claims.wholeBody()) {
      item.problem("an event is JSON or text, and no image as a whole");
    }
    boolean judged = action == EventRule.Action.JUDGE || action == EventRule.Action.PREVIEW;
    if (judged == claims.isEmpty()) {
      item.problem(
          judged
              ? "needs claims such as images, or pass or drop"
              : "claims are not for pass or drop");
    }
    if (claims.namesUrls()) {
      item.problem("URLs in events are not followed: claim them as opaque");
    }
    if (judged && match instanceof EventRule.Match.Literal) {
      item.problem("data of one fixed text has nothing to claim");
    }
    ReplyRule reply =
        new ReplyRule(
            List.of(),
            Set.of(),
            Integer.MAX_VALUE,
            anyUrl,
            Optional.empty(),
            false,
            0,
            List.of(),
            claims.build(item),
            Optional.empty());
    add(item, new EventRule(names, match, action, reply));
  }

  private void add(YamlValue item, EventRule rule) {
    if (rules.stream().anyMatch(earlier -> earlier.covers(rule))) {
      item.problem("unreachable: an earlier rule claims these events");
    }
    rules.add(rule);
  }

  private static List<String> names(YamlMap map) {
    List<String> names = new ArrayList<>();
    for (YamlValue value : map.get("event", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      for (String name : Braces.expand(value.asString(), NAMES_MAX, value::problem)) {
        if (!NAME.matcher(name).matches()) {
          value.problem("no name of an event: '" + name + "'; ** may only end one");
        }
        names.add(name);
      }
    }
    return names;
  }

  private static EventRule.Match match(YamlValue value) {
    if (!value.isMap()) {
      return new EventRule.Match.Literal(value.asString());
    }
    Map<String, Set<String>> texts = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (name, text) ->
                texts.put(
                    name,
                    text.asListOrOne().stream()
                        .map(YamlValue::asString)
                        .collect(Collectors.toSet())));
    return new EventRule.Match.Members(texts);
  }

  private static EventRule.Action action(YamlValue item, YamlMap map) {
    List<EventRule.Action> actions = new ArrayList<>();
    for (EventRule.Action action :
        List.of(EventRule.Action.PREVIEW, EventRule.Action.PASS, EventRule.Action.DROP)) {
      String key = action.name().toLowerCase(java.util.Locale.ROOT);
      if (map.get(key, false, YamlValue::asBoolean)) {
        actions.add(action);
      }
    }
    if (actions.size() > 1) {
      item.problem("one of preview, pass and drop at most");
    }
    return actions.isEmpty() ? EventRule.Action.JUDGE : actions.getFirst();
  }
}
