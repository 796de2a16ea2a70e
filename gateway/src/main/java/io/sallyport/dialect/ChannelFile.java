package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Reads the section {@code websocket}: the messages that a channel may carry. What no rule claims
 * goes no further.
 *
 * <pre>
 * websocket:
 *   client: KEY                    # of the query: the client's name for its channel
 *   job: /MEMBER/MEMBER            # where a text names the job that it is about
 *   down_text:                     # from the upstream, told apart by the member 'type'
 *   - {type: [NAME], pass: true}   # must hold no image
 *   - {type: [NAME], images, text, opaque, urls, preview: true}
 *   - {type: [NAME], drop: true}
 *     # shared: true               # has no content: passes whatever job is under way
 *     # ends: true | /MEMBER       # the job is over with it, or where null stands there
 *   - {other: drop}                # must be there, and last
 *   down_binary:                   # told apart by the 32 bits that they begin with
 *   - {event: NUMBER, holds: [PIECE], preview: true, preview_unless: NUMBER, job: /MEMBER}
 *   - {event: NUMBER, drop: true}
 *   - {other: drop}
 *   up_text:                       # from the client; nothing binary goes up
 *   - {type: [NAME], pass: true}
 *   - {other: drop}
 * </pre>
 *
 * A PIECE is one of {@link BinaryRule.Piece}, the last of them one of the rest.
 */
final class ChannelFile {
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,40}");
  private static final int TYPES_MAX = 64;
  private static final long WORD_MAX = 0xFFFF_FFFFL;

  private final Vars vars;

  private ChannelFile(Vars vars) {
    this.vars = vars;
  }

  static ChannelRules read(YamlValue value, Vars vars) {
    ChannelFile file = new ChannelFile(vars);
    YamlMap map = value.asMap();
    Optional<YamlValue> client = map.get("client");
    client
        .filter(it -> !KEY.matcher(it.asString()).matches())
        .ifPresent(it -> it.problem("no key of a query"));
    Optional<MemberPath> job = map.get("job").flatMap(ChannelFile::path);
    List<MessageRule> down = new ArrayList<>();
    rules(map, value, "down_text", (item, rule) -> file.text(item, rule, down));
    List<BinaryRule> binaries = new ArrayList<>();
    rules(map, value, "down_binary", (item, rule) -> binary(item, rule, binaries));
    List<MessageRule> up = new ArrayList<>();
    rules(map, value, "up_text", (item, rule) -> file.up(item, rule, up));
    map.rejectUnknown();
    return new ChannelRules(client.map(YamlValue::asString), job, down, binaries, up);
  }

  /** Reads each rule of a list but the last, which says what becomes of others. */
  private static void rules(
      YamlMap map, YamlValue at, String key, BiConsumer<YamlValue, YamlMap> reader) {
    if (!map.has(key)) {
      at.problem("missing key '" + key + "'");
    }
    List<YamlValue> items = map.get(key, List.<YamlValue>of(), YamlValue::asList);
    for (int i = 0; i < items.size(); i++) {
      YamlValue item = items.get(i);
      YamlMap rule = item.asMap();
      Optional<YamlValue> other = rule.get("other");
      boolean last = i == items.size() - 1;
      if (last != other.isPresent()
          || other.filter(it -> !it.asString().equals("drop")).isPresent()) {
        item.problem("the last rule, and no other, is {other: drop}");
      }
      if (other.isEmpty()) {
        reader.accept(item, rule);
      }
      rule.rejectUnknown();
    }
  }

  private void text(YamlValue item, YamlMap map, List<MessageRule> rules) {
    boolean shared = map.get("shared", false, YamlValue::asBoolean);
    MessageRule.Ends ends = map.get("ends").map(ChannelFile::ends).orElse(MessageRule.Ends.NEVER);
    add(item, message(item, map, shared, ends), rules);
  }

  private void up(YamlValue item, YamlMap map, List<MessageRule> rules) {
    MessageRule rule = message(item, map, false, MessageRule.Ends.NEVER);
    if (rule.action() != EventRule.Action.PASS && rule.action() != EventRule.Action.DROP) {
      item.problem("what a client sends is not judged here: pass or drop");
    }
    add(item, rule, rules);
  }

  private MessageRule message(YamlValue item, YamlMap map, boolean shared, MessageRule.Ends ends) {
    Set<String> types = types(item, map);
    EventRule.Action action = EventFile.action(item, map);
    return new MessageRule(
        types, action, shared, ends, EventFile.reply(item, map, vars, action, Optional.empty()));
  }

  private static void add(YamlValue item, MessageRule rule, List<MessageRule> rules) {
    Set<String> left = new LinkedHashSet<>(rule.types());
    rules.forEach(earlier -> left.removeAll(earlier.types()));
    if (left.size() < rule.types().size()) {
      item.problem("unreachable: an earlier rule claims these messages");
    }
    rules.add(rule);
  }

  private static Set<String> types(YamlValue item, YamlMap map) {
    Set<String> types = new LinkedHashSet<>();
    for (YamlValue value : map.get("type", List.<YamlValue>of(), YamlValue::asListOrOne)) {
      for (String type : Braces.expand(value.asString(), TYPES_MAX, value::problem)) {
        if (!TYPE.matcher(type).matches()) {
          value.problem("no type of a message: '" + type + "'");
        }
        types.add(type);
      }
    }
    if (types.isEmpty()) {
      item.problem("missing key 'type'");
    }
    return types;
  }

  private static MessageRule.Ends ends(YamlValue value) {
    return value.isString()
        ? new MessageRule.Ends(false, path(value))
        : new MessageRule.Ends(value.asBoolean(), Optional.empty());
  }

  private static Optional<MemberPath> path(YamlValue value) {
    Optional<MemberPath> path = MemberPath.parse(value.asString());
    if (path.isEmpty()) {
      value.problem("expected names of members, such as /data/id");
    }
    return path;
  }

  private static void binary(YamlValue item, YamlMap map, List<BinaryRule> rules) {
    long event = map.require("event", 0L, value -> value.asLong(0, WORD_MAX));
    List<BinaryRule.Piece> pieces =
        map.get("holds", List.<YamlValue>of(), YamlValue::asList).stream()
            .map(value -> value.asEnum(BinaryRule.Piece.class))
            .toList();
    boolean drop = map.get("drop", false, YamlValue::asBoolean);
    BinaryRule.Preview preview =
        new BinaryRule.Preview(
            map.get("preview", false, YamlValue::asBoolean),
            map.get("preview_unless").map(value -> value.asLong(0, WORD_MAX)));
    Optional<MemberPath> job = map.get("job").flatMap(ChannelFile::path);
    requireFitting(item, pieces, drop, preview, job);
    if (rules.stream().anyMatch(earlier -> earlier.event() == event)) {
      item.problem("unreachable: an earlier rule claims these messages");
    }
    rules.add(new BinaryRule(event, pieces, preview, job, EventFile.nothingClaimed()));
  }

  private static void requireFitting(
      YamlValue item,
      List<BinaryRule.Piece> pieces,
      boolean drop,
      BinaryRule.Preview preview,
      Optional<MemberPath> job) {
    if (drop == !pieces.isEmpty()) {
      item.problem("needs what it 'holds', or drop");
      return;
    }
    long rests = pieces.stream().filter(BinaryRule.Piece::isRest).count();
    if (!drop && (rests != 1 || !pieces.getLast().isRest())) {
      item.problem("the last piece, and no other, is the rest of a message");
    }
    boolean previews = preview.always() || preview.unless().isPresent();
    if (previews && !pieces.contains(BinaryRule.Piece.REST_IMAGE)) {
      item.problem("only an image can be a preview");
    }
    if (preview.always() && preview.unless().isPresent()) {
      item.problem("one of preview and preview_unless at most");
    }
    if (preview.unless().isPresent() && !pieces.contains(BinaryRule.Piece.NUMBER)) {
      item.problem("preview_unless is about a number that the message holds");
    }
    if (job.isPresent() && !pieces.contains(BinaryRule.Piece.JSON)) {
      item.problem("a job is named in JSON that the message holds");
    }
  }
}
