package io.sallyport.dialect;

import io.sallyport.fetch.HostPattern;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the named replies of a dialect file. */
final class ReplyFile {
  /** Redirects are not listed: where they lead is not judged. */
  private static final Pattern STATUS = Pattern.compile("[245]xx|[245][0-9]{2}");

  static final String EVENT_STREAM = "text/event-stream";

  private static final Set<String> TYPES =
      Set.of(
          "application/json",
          "application/problem+json",
          "text/plain",
          "text/html",
          ZipReply.ESSENCE,
          EVENT_STREAM,
          ReplyRule.IMAGE);

  private ReplyFile() {}

  static Map<String, List<ReplyRule>> read(YamlValue value) {
    Map<String, List<ReplyRule>> replies = new LinkedHashMap<>();
    value
        .asMap()
        .forEach(
            (name, rules) ->
                replies.put(name, rules.asList().stream().map(ReplyFile::rule).toList()));
    return replies;
  }

  private static ReplyRule rule(YamlValue value) {
    YamlMap map = value.asMap();
    YamlMap when = map.require("when", value, v -> v).asMap();
    Set<String> statuses = listed(when, "status", ReplyFile::status);
    Set<String> types = listed(when, "type", ReplyFile::type);
    when.rejectUnknown();
    int most = (int) (long) map.get("max", (long) Integer.MAX_VALUE, v -> v.asBytes(1, 1 << 30));
    Urls urls = map.get("urls", Urls.REFUSE, v -> v.asEnum(Urls.class));
    Optional<List<HostPattern>> fetch = map.get("fetch").map(it -> fetch(it.asMap()));
    boolean picture = types.contains(ReplyRule.IMAGE);
    ClaimFile claims = picture ? ClaimFile.ofBytes(map) : ClaimFile.ofReply(map);
    claims.requireForm(false);
    if (picture && types.size() > 1) {
      value.problem("a picture is no text: give the other types a rule of their own");
    }
    if (claims.namesUrls() && fetch.isEmpty()) {
      value.problem("missing key 'fetch': what is behind a URL must be judged");
    }
    if (types.contains(ZipReply.ESSENCE) && (types.size() > 1 || !claims.isEmpty())) {
      value.problem("an archive stands alone: every member of it is an image");
    }
    Automaton automaton = claims.build(value);
    Optional<EventRules> events = map.get("sse").map(EventFile::read);
    if (events.isPresent() != types.contains(EVENT_STREAM)
        || (events.isPresent() && (types.size() > 1 || !claims.isEmpty()))) {
      value.problem(EVENT_STREAM + " alone has 'sse', and there every claim stands");
    }
    map.rejectUnknown();
    return new ReplyRule(
        List.copyOf(statuses), types, most, urls == Urls.REFUSE, fetch, automaton, events);
  }

  /** Whose images are fetched; the operator's configuration may name more hosts. */
  private static List<HostPattern> fetch(YamlMap map) {
    List<HostPattern> hosts = new ArrayList<>();
    for (YamlValue item : map.get("allow_hosts", List.<YamlValue>of(), YamlValue::asList)) {
      HostPattern.parse(item.asString())
          .ifPresentOrElse(
              hosts::add, () -> item.problem("expected a host's name, or *.NAME for those below"));
    }
    map.require("before", Before.REPLY, item -> item.asEnum(Before.class));
    map.rejectUnknown();
    return hosts;
  }

  /** When images behind URLs are fetched. */
  private enum Before {
    /** Before the reply goes on. */
    REPLY
  }

  private static Set<String> listed(
      YamlMap when, String key, java.util.function.Function<YamlValue, String> reader) {
    Set<String> texts = new LinkedHashSet<>();
    when.require(key, List.<YamlValue>of(), YamlValue::asListOrOne)
        .forEach(item -> texts.add(reader.apply(item)));
    return texts;
  }

  private static String status(YamlValue value) {
    String status = value.asString();
    if (!STATUS.matcher(status).matches()) {
      value.problem("expected 2xx, 4xx, 5xx or one such status in quotes");
    }
    return status;
  }

  private static String type(YamlValue value) {
    String type = value.asString();
    if (!TYPES.contains(type)) {
      value.problem("replies of this type are not understood: '" + type + "'");
    }
    return type;
  }
}
