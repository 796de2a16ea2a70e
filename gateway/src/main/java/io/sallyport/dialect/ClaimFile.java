package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads what one side of a route claims.
 *
 * <p>At a place that several rules select, the stricter kind wins: opaque, values, images, json,
 * text, user, plain; within a kind, the first in the file.
 */
final class ClaimFile {
  private final List<AutomatonBuilder.Rule> rules = new ArrayList<>();
  private final List<YamlValue> places = new ArrayList<>();
  private final List<Claim.Text> required = new ArrayList<>();

  private ClaimFile() {}

  /** Everything that a request may claim. */
  static ClaimFile ofRequest(YamlMap map) {
    ClaimFile file = new ClaimFile();
    file.bare(map, "opaque", new Claim.Opaque());
    file.each(map, "values", ClaimFile::only);
    file.each(map, "images", ClaimFile::imageOfRequest);
    file.bare(map, "json", new Claim.Json());
    file.each(map, "text", file::text);
    file.bare(map, "user", new Claim.User());
    file.each(map, "plain", ClaimFile::plain);
    return file;
  }

  /** What a reply may claim; its texts are context, listed but not judged. */
  static ClaimFile ofReply(YamlMap map) {
    ClaimFile file = new ClaimFile();
    file.bare(map, "opaque", new Claim.Opaque());
    file.each(map, "images", ClaimFile::image);
    file.bare(map, "text", new Claim.Text(TextPart.Role.CONTEXT, false, ""));
    return file;
  }

  /** What a reply that is a picture claims: itself, and nothing else can be said of it. */
  static ClaimFile ofBytes(YamlMap map) {
    for (YamlValue item : map.require("images", List.<YamlValue>of(), YamlValue::asList)) {
      YamlMap rule = item.asMap();
      boolean body = rule.string("sel").equals("body");
      if (!body
          || rule.require("as", Claim.Form.BYTES, v -> v.asEnum(Claim.Form.class))
              != Claim.Form.BYTES) {
        item.problem("of a picture, expected {sel: body, as: bytes}");
      }
      rule.rejectUnknown();
    }
    return new ClaimFile();
  }

  /** Whether a claim says that a URL stands there. */
  boolean namesUrls() {
    return rules.stream().anyMatch(rule -> rule.claim().equals(new Claim.Image(Claim.Form.URL)));
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  List<Claim.Text> required() {
    return required;
  }

  /** The automaton; rules that select nothing of their own are problems. */
  Automaton build(YamlValue at) {
    Optional<Automaton> built = AutomatonBuilder.build(rules);
    if (built.isEmpty()) {
      at.problem("selectors multiply to more than " + AutomatonBuilder.STATES_MAX + " states");
      return AutomatonBuilder.build(List.of()).orElseThrow();
    }
    for (int rule = 0; rule < rules.size(); rule++) {
      if (!rules.get(rule).selectors().isEmpty() && !built.get().reaches(rule)) {
        places.get(rule).problem("unreachable: other rules claim all that this selects");
      }
    }
    return built.get();
  }

  private void bare(YamlMap map, String key, Claim claim) {
    for (YamlValue item : map.get(key, List.<YamlValue>of(), YamlValue::asList)) {
      add(item, item, claim);
    }
  }

  private void each(YamlMap map, String key, Function<YamlMap, Claim> reader) {
    for (YamlValue item : map.get(key, List.<YamlValue>of(), YamlValue::asList)) {
      YamlMap rule = item.asMap();
      Optional<YamlValue> selector = rule.get("sel");
      Claim claim = reader.apply(rule);
      rule.rejectUnknown();
      if (selector.isPresent()) {
        add(item, selector.get(), claim);
      } else {
        item.problem("missing key 'sel'");
      }
    }
  }

  private void add(YamlValue place, YamlValue selector, Claim claim) {
    List<Selector> selectors = Selector.parse(selector.asString(), selector::problem);
    boolean ofFile = claim instanceof Claim.File || claim instanceof Claim.Opaque;
    if (!ofFile && selectors.stream().anyMatch(FormSelector::isFile)) {
      selector.problem("a file is an image, or opaque: '" + selector.asString() + "'");
    }
    rules.add(new AutomatonBuilder.Rule(selectors, claim));
    places.add(place);
  }

  /** A body is either JSON or a form: selectors of the other kind are problems. */
  void requireForm(boolean form) {
    for (int rule = 0; rule < rules.size(); rule++) {
      if (rules.get(rule).selectors().stream().anyMatch(it -> FormSelector.is(it) != form)) {
        places
            .get(rule)
            .problem(
                form
                    ? "parts of a form are selected by form:NAME or file:NAME"
                    : "form: and file: select parts of multipart/form-data only");
      }
    }
  }

  private Claim text(YamlMap map) {
    Claim.Text text =
        new Claim.Text(
            map.require("role", TextPart.Role.UNKNOWN, v -> v.asEnum(TextPart.Role.class)),
            map.get("required", false, YamlValue::asBoolean),
            map.get("sel", "", YamlValue::asString));
    if (text.required()) {
      required.add(text);
    }
    return text;
  }

  private static Claim image(YamlMap map) {
    if (map.get("sel", "", YamlValue::asString).startsWith(FormSelector.FILE)) {
      return new Claim.File(map.get("repeated", false, YamlValue::asBoolean));
    }
    Claim.Form as = map.require("as", Claim.Form.AUTO, v -> v.asEnum(Claim.Form.class));
    if (as == Claim.Form.BYTES) {
      map.self().problem("only a reply of type " + ReplyRule.IMAGE + " is bytes");
    }
    return new Claim.Image(as);
  }

  /** Whoever wrote the request chose the URL, and what it answers to the next who asks. */
  private static Claim imageOfRequest(YamlMap map) {
    Claim claim = image(map);
    if (claim.equals(new Claim.Image(Claim.Form.URL))) {
      map.self().problem("URLs of requests are not followed");
    }
    return claim;
  }

  private static Claim plain(YamlMap map) {
    return new Claim.Plain(map.require("fits", Pattern.compile("\\b\\B"), ClaimFile::pattern));
  }

  private static Pattern pattern(YamlValue value) {
    try {
      return Pattern.compile(value.asString());
    } catch (PatternSyntaxException e) {
      value.problem("not a regular expression: " + e.getDescription());
      return Pattern.compile("");
    }
  }

  /** In a form every value is text. */
  private static Claim only(YamlMap map) {
    boolean form = map.get("sel", "", YamlValue::asString).startsWith(FormSelector.FORM);
    return new Claim.Only(
        map.require("allow", List.<YamlValue>of(), YamlValue::asList).stream()
            .map(ClaimFile::json)
            .map(json -> form && !json.startsWith("\"") ? '"' + json + '"' : json)
            .toList());
  }

  /** As {@link RequestReader} spells scalars: text in quotes, the rest as JSON does. */
  private static String json(YamlValue value) {
    return switch (value.asPlain()) {
      case String text -> '"' + text + '"';
      case Boolean flag -> flag.toString();
      case Long number -> number.toString();
      case Object other -> {
        value.problem("expected text, a whole number, true or false");
        yield "";
      }
    };
  }
}
