package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads what one side of a route claims.
 *
 * <p>At a place that several rules select, the stricter kind wins: jobs, opaque, values, images,
 * json, text, user, models, plain, images as maybe, ignore; within a kind, the first in the file.
 * What stands at a name in the path and nobody claims is a model's.
 */
final class ClaimFile {
  private static final String BODY = "body";

  /** What servers name checkpoints and adapters: a file, a repository, a tag, and a short hash. */
  private static final Pattern MODEL =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}( \\[[0-9a-f]{6,64}\\])?");

  private final boolean request;
  private final Vars vars;
  private final List<AutomatonBuilder.Rule> rules = new ArrayList<>();
  private final List<YamlValue> places = new ArrayList<>();
  private final Map<AutomatonBuilder.Rule, YamlValue> maybes = new LinkedHashMap<>();
  private final List<HeadRules.Rule> head = new ArrayList<>();
  private final List<Claim.Text> required = new ArrayList<>();
  private boolean wholeBody;

  private ClaimFile(boolean request, Vars vars) {
    this.request = request;
    this.vars = vars;
  }

  /**
   * Everything that a request may claim.
   *
   * @param jobs where ids of jobs stand
   */
  static ClaimFile ofRequest(YamlMap map, Vars vars, List<YamlValue> jobs) {
    ClaimFile file = new ClaimFile(true, vars);
    jobs.forEach(item -> file.add(item, item, new Claim.JobId()));
    file.bare(map, "opaque", new Claim.Opaque());
    file.each(map, "values", file::only);
    file.each(map, "images", file::imageOfRequest);
    file.bare(map, "json", new Claim.Json());
    file.each(map, "text", file::text);
    file.bare(map, "user", new Claim.User());
    file.bare(map, "models", new Claim.Plain(MODEL));
    file.each(map, "plain", ClaimFile::plain);
    file.last();
    file.bare(map, "ignore", new Claim.Ignored());
    return file;
  }

  /** What a reply may claim; its texts are context, listed but not judged. */
  static ClaimFile ofReply(YamlMap map, Vars vars) {
    ClaimFile file = new ClaimFile(false, vars);
    file.bare(map, "opaque", new Claim.Opaque());
    file.each(map, "images", file::imageOfReply);
    file.bare(map, "text", new Claim.Text(TextPart.Role.CONTEXT, false, ""));
    file.last();
    file.bare(map, "ignore", new Claim.Ignored());
    return file;
  }

  /** Whether a claim says that a URL stands there. */
  boolean namesUrls() {
    return rules.stream().anyMatch(rule -> rule.claim().equals(new Claim.Image(Claim.Form.URL)));
  }

  /** Whether a claim says that the name of a file stands there. */
  boolean namesFiles() {
    return rules.stream().anyMatch(rule -> rule.claim().equals(new Claim.Image(Claim.Form.REF)));
  }

  /** Whether one file of a form is claimed, and no second one. */
  boolean oneFile() {
    List<AutomatonBuilder.Rule> files =
        rules.stream().filter(rule -> rule.claim() instanceof Claim.File).toList();
    return files.size() == 1
        && files.getFirst().selectors().size() == 1
        && files.getFirst().claim().equals(new Claim.File(false));
  }

  /** True when nothing within the body is claimed. */
  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** True when the whole body is claimed as one image. */
  boolean wholeBody() {
    return wholeBody;
  }

  /** What is claimed of a body, the stricter first. */
  List<AutomatonBuilder.Rule> rules() {
    return rules;
  }

  List<Claim.Text> required() {
    return required;
  }

  /**
   * What is claimed of the request's head.
   *
   * @param names of the route's path
   */
  HeadRules head(Set<String> names) {
    List<HeadRules.Rule> all = new ArrayList<>(head);
    for (String name : new TreeSet<>(names)) {
      HeadSelector place = new HeadSelector(HeadSelector.Source.PATH, name);
      if (new HeadRules(head).claim(place.source(), name).isEmpty()) {
        all.add(new HeadRules.Rule(place, new Claim.Plain(MODEL)));
      }
    }
    return new HeadRules(all);
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
    String text = vars.fill(selector);
    boolean bytes = claim instanceof Claim.Image(Claim.Form as) && as == Claim.Form.BYTES;
    if (text.equals(BODY) || bytes) {
      if (request || !text.equals(BODY) || !bytes) {
        place.problem("bytes are the whole of a reply: {sel: body, as: bytes}");
      }
      wholeBody = true;
    } else if (HeadSelector.is(text)) {
      addToHead(selector, text, claim);
    } else {
      addToBody(place, selector, text, claim);
    }
  }

  private void addToBody(YamlValue place, YamlValue selector, String text, Claim claim) {
    List<Selector> selectors = Selector.parse(text, selector::problem);
    boolean ofFile = claim instanceof Claim.File || claim instanceof Claim.Opaque;
    if (!ofFile && selectors.stream().anyMatch(FormSelector::isFile)) {
      selector.problem("a file is an image, or opaque: '" + text + "'");
    }
    AutomatonBuilder.Rule rule = new AutomatonBuilder.Rule(selectors, claim);
    if (claim.equals(new Claim.Image(Claim.Form.MAYBE))) {
      maybes.put(rule, place);
    } else {
      rules.add(rule);
      places.add(place);
    }
  }

  /** What may be an image gives way to whatever the file knows better. */
  private void last() {
    rules.addAll(maybes.keySet());
    places.addAll(maybes.values());
  }

  private void addToHead(YamlValue selector, String text, Claim claim) {
    boolean required = claim instanceof Claim.Text wanted && wanted.required();
    if (!request || required || claim instanceof Claim.Image || claim instanceof Claim.Json) {
      selector.problem(
          "a request's head holds no image, no JSON, no required text, and a reply's nothing");
    }
    for (HeadSelector place : HeadSelector.parse(text, selector::problem)) {
      if (new HeadRules(head).claim(place.source(), place.name()).isPresent()) {
        selector.problem("unreachable: other rules claim all that this selects");
      }
      head.add(new HeadRules.Rule(place, claim));
    }
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

  private Claim image(YamlMap map) {
    if (map.get("sel", "", vars::fill).startsWith(FormSelector.FILE)) {
      return new Claim.File(map.get("repeated", false, YamlValue::asBoolean));
    }
    return new Claim.Image(map.require("as", Claim.Form.AUTO, v -> v.asEnum(Claim.Form.class)));
  }

  /** A reply names files for whoever reads it; what it brings is judged as it is. */
  private Claim imageOfReply(YamlMap map) {
    Claim claim = image(map);
    if (claim.equals(new Claim.Image(Claim.Form.REF))) {
      map.self().problem("names of files stand in requests");
    }
    return claim;
  }

  /** Whoever wrote the request chose the URL, and what it answers to the next who asks. */
  private Claim imageOfRequest(YamlMap map) {
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
  private Claim only(YamlMap map) {
    boolean form = map.get("sel", "", vars::fill).startsWith(FormSelector.FORM);
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
