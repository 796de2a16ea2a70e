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

  private static final Pattern IMAGE = Pattern.compile("image/([a-z0-9.+-]+|\\*)");

  private static final Set<String> TYPES =
      Set.of(
          "application/json",
          "application/problem+json",
          "text/plain",
          "text/html",
          ZipReply.ESSENCE,
          Codec.TYPE,
          EVENT_STREAM,
          ReplyRule.IMAGE);

  private ReplyFile() {}

  /**
   * The rules of each name.
   *
   * @param named lists of rules
   */
  static Map<String, List<ReplyRule>> read(Map<String, YamlValue> named, Vars vars) {
    Map<String, List<ReplyRule>> replies = new LinkedHashMap<>();
    named.forEach(
        (name, rules) ->
            replies.put(name, rules.asList().stream().map(rule -> rule(rule, vars)).toList()));
    return replies;
  }

  private static ReplyRule rule(YamlValue value, Vars vars) {
    YamlMap map = value.asMap();
    YamlMap when = map.require("when", value, v -> v).asMap();
    Set<String> statuses = listed(when, "status", ReplyFile::status);
    Set<String> types = listed(when, "type", ReplyFile::type);
    when.rejectUnknown();
    int most = (int) (long) map.get("max", (long) Integer.MAX_VALUE, v -> v.asBytes(1, 1 << 30));
    Urls urls = map.get("urls", Urls.REFUSE, v -> v.asEnum(Urls.class));
    Optional<YamlValue> sse = map.get("sse");
    Before before = sse.isPresent() ? Before.EVENT : Before.REPLY;
    Optional<List<HostPattern>> fetch = map.get("fetch").map(it -> fetch(it.asMap(), before));
    int imagesMin = map.get("require", 0, v -> v.asInt(1, 1024));
    ClaimFile claims = ClaimFile.ofReply(map, vars);
    claims.requireForm(false);
    if (claims.namesUrls() && fetch.isEmpty()) {
      value.problem("missing key 'fetch': what is behind a URL must be judged");
    }
    Optional<EventRules> events = sse.map(it -> EventFile.read(it, vars, fetch));
    Optional<Codec> codec = map.get("codec_if").map(Codec::of);
    map.rejectUnknown();
    requireFitting(value, types, claims, events, imagesMin);
    if (codec.isPresent() != types.contains(Codec.TYPE)
        || (codec.isPresent() && types.size() > 1)) {
      value.problem(Codec.TYPE + " alone has 'codec_if'");
    }
    return new ReplyRule(
        List.copyOf(statuses),
        types,
        most,
        urls == Urls.REFUSE,
        fetch,
        claims.wholeBody(),
        imagesMin,
        claims.rules(),
        claims.build(value),
        codec,
        events);
  }

  /** What is no JSON and no text stands alone, and is claimed in its own way. */
  private static void requireFitting(
      YamlValue value,
      Set<String> types,
      ClaimFile claims,
      Optional<EventRules> events,
      int imagesMin) {
    boolean alone = types.size() == 1 && claims.isEmpty() && imagesMin == 0;
    boolean raw = types.stream().anyMatch(type -> IMAGE.matcher(type).matches());
    boolean others = !types.stream().allMatch(type -> IMAGE.matcher(type).matches());
    if (raw != claims.wholeBody() || (raw && (others || !claims.isEmpty()))) {
      value.problem("replies of images, and no others, claim {sel: body, as: bytes} and no more");
    }
    if (types.contains(ZipReply.ESSENCE) && !alone) {
      value.problem("an archive stands alone: every member of it is an image");
    }
    if (events.isPresent() != types.contains(EVENT_STREAM) || (events.isPresent() && !alone)) {
      value.problem(EVENT_STREAM + " alone has 'sse', and there every claim stands");
    }
  }

  /** Whose images are fetched; the operator's configuration may name more hosts. */
  private static List<HostPattern> fetch(YamlMap map, Before before) {
    List<HostPattern> hosts = new ArrayList<>();
    for (YamlValue item : map.get("allow_hosts", List.<YamlValue>of(), YamlValue::asList)) {
      HostPattern.parse(item.asString())
          .ifPresentOrElse(
              hosts::add, () -> item.problem("expected a host's name, or *.NAME for those below"));
    }
    map.get("before")
        .filter(item -> item.asEnum(Before.class) != before)
        .ifPresent(item -> item.problem("a stream fetches before an event, others before a reply"));
    map.require("before", before, item -> item.asEnum(Before.class));
    map.rejectUnknown();
    return hosts;
  }

  /** When images behind URLs are fetched. */
  private enum Before {
    /** Before the reply goes on. */
    REPLY,
    /** Before the event of a stream goes on that names them. */
    EVENT
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
    if (!TYPES.contains(type) && !PictureType.is(type)) {
      value.problem("replies of this type are not understood: '" + type + "'");
    }
    return type;
  }
}
