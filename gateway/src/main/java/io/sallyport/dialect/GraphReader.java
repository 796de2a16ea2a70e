package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one request to run a graph, as ComfyUI takes it, as strictly as {@link RequestReader} reads
 * others. Every string of a node's inputs that is no link is a text, an image, or the name of a
 * file; {@link GraphTexts} finds out what nodes do with it. Belongs to one thread.
 *
 * <p>{@code extra_data} is what the server writes into the picture's file: nobody draws it, so it
 * is no prompt, but it may hold no image. What else stands beside the graph is swept.
 */
final class GraphReader {
  /** Names of classes, with blanks and emoji as people give them. */
  private static final int TYPE_CHARS_MAX = 128;

  private static final Set<String> TYPES =
      Set.of("application/json", "application/x-www-form-urlencoded", "text/plain");

  private static final int ID_CHARS_MAX = 64;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
  private static final int NAME_CHARS_MAX = 128;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Automaton NOTHING = AutomatonBuilder.build(List.of()).orElseThrow();

  private final byte[] body;
  private final RequestRules rules;
  private final GraphRules nodeRules;
  private final ReadLimits limits;
  private final Walk walk;
  private final Harvest harvest;
  private final SeenNames names = new SeenNames();
  private final Map<String, GraphDraft> drafts = new LinkedHashMap<>();
  private boolean there;
  private int values;

  /**
   * Whether a body of this type may be a graph. The server reads JSON whatever the type says, and
   * its own example sends what urllib and curl call a form.
   */
  static boolean takes(MediaType type) {
    return TYPES.contains(type.essence());
  }

  GraphReader(byte[] body, RequestRules rules, GraphRules nodeRules, ReadLimits limits) {
    this.body = body;
    this.rules = rules;
    this.nodeRules = nodeRules;
    this.limits = limits;
    this.walk = new Walk(body, body.length, true, limits, NOTHING);
    this.harvest = new Harvest(body, walk, limits);
  }

  /** What becomes of the values of a part of the body. */
  private interface Part {
    void name(String name);

    void string();

    void number();
  }

  private interface Member {
    void value(String name, JsonCursor.Token token);
  }

  Reading read() {
    try {
      require(next() == JsonCursor.Token.OBJECT);
      members(this::top);
      next();
      if (!there) {
        return new Reading.Unreadable(Defect.MISSING_FIELD, "/prompt");
      }
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), walk.where());
    }
    GraphTexts texts = new GraphTexts(nodeRules, rules.denied(), rules.namesFiles(), limits);
    try {
      texts.judge(drafts, harvest);
      return harvest.parts();
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), texts.where());
    }
  }

  private void top(String name, JsonCursor.Token token) {
    switch (name) {
      case "prompt" -> {
        require(token == JsonCursor.Token.OBJECT);
        there = true;
        members(this::node);
      }
      case "extra_data" -> any(token, new Echo());
      case "client_id" -> {
        if (requireName(token)) {
          harvest.user(walk.text());
        }
      }
      case "prompt_id" -> {
        if (requireName(token)) {
          harvest.job();
        }
      }
      case "partial_execution_targets" -> any(token, new Ids());
      default -> any(token, new Swept());
    }
  }

  private void node(String id, JsonCursor.Token token) {
    GraphDraft draft = new GraphDraft(id, walk.where());
    drafts.put(id, draft);
    if (!ID.matcher(id).matches()) {
      draft.text("", "", id, walk.where());
    }
    if (token != JsonCursor.Token.OBJECT) {
      any(token, new Swept());
      return;
    }
    members(
        (name, value) -> {
          switch (name) {
            case "class_type" -> {
              require(value == JsonCursor.Token.STRING);
              String type = harvest.text();
              require(type.length() <= TYPE_CHARS_MAX);
              draft.type(type);
            }
            case "inputs" -> inputs(draft, value);
            case "_meta" -> any(value, new Echo());
            default -> any(value, new Swept());
          }
        });
  }

  private void inputs(GraphDraft draft, JsonCursor.Token token) {
    if (token != JsonCursor.Token.OBJECT) {
      any(token, new Given(draft, "inputs"));
      return;
    }
    members(
        (name, value) -> {
          Given given = new Given(draft, name);
          if (!Walk.plainName(name)) {
            given.name(name);
          }
          if (value == JsonCursor.Token.ARRAY) {
            array(given);
          } else {
            any(value, given);
          }
        });
  }

  /** Two values, a string and a number, are a link if there is a node of that name. */
  private void array(Given given) {
    JsonCursor.Token first = next();
    if (first != JsonCursor.Token.STRING || walk.end() - walk.start() > 6 * ID_CHARS_MAX) {
      rest(first, given);
      return;
    }
    String from = walk.text();
    String where = walk.where();
    JsonCursor.Token second = next();
    boolean flag = second == JsonCursor.Token.TRUE || second == JsonCursor.Token.FALSE;
    if (second != JsonCursor.Token.NUMBER && !flag) {
      given.draft.text(given.input, given.input, from, where);
      rest(second, given);
      return;
    }
    int slot = flag ? (second == JsonCursor.Token.TRUE ? 1 : 0) : slot(walk.text());
    JsonCursor.Token third = next();
    if (third == JsonCursor.Token.END_ARRAY) {
      given.draft.link(given.input, from, slot, where);
    } else {
      given.draft.text(given.input, given.input, from, where);
      rest(third, given);
    }
  }

  private void rest(JsonCursor.Token first, Part part) {
    for (var token = first; token != JsonCursor.Token.END_ARRAY; token = next()) {
      any(token, part);
    }
  }

  private static int slot(String number) {
    return number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : Graph.ANY_SLOT;
  }

  private void any(JsonCursor.Token token, Part part) {
    switch (token) {
      case OBJECT ->
          members(
              (name, value) -> {
                if (!Walk.plainName(name)) {
                  part.name(name);
                }
                any(value, part);
              });
      case ARRAY -> rest(next(), part);
      case STRING -> part.string();
      case NUMBER -> part.number();
      case TRUE, FALSE, NULL -> {}
      case KEY, END_OBJECT, END_ARRAY, END -> throw new UnreadableException(Defect.MALFORMED_JSON);
    }
  }

  private void members(Member each) {
    names.open();
    for (var token = next(); token != JsonCursor.Token.END_OBJECT; token = next()) {
      String name = harvest.text();
      names.add(name);
      each.value(name, next());
    }
    names.close();
  }

  private JsonCursor.Token next() {
    JsonCursor.Token token = walk.next();
    boolean end = token == JsonCursor.Token.END_OBJECT || token == JsonCursor.Token.END_ARRAY;
    if (!end && ++values > limits.values()) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    return token;
  }

  /** True for a name that a client gives; null counts as absent. */
  private boolean requireName(JsonCursor.Token token) {
    if (token == JsonCursor.Token.NULL) {
      return false;
    }
    require(token == JsonCursor.Token.STRING && walk.end() - walk.start() <= NAME_CHARS_MAX);
    require(NAME.matcher(walk.text()).matches());
    return true;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
  }

  /** What a node is given at one input. */
  private final class Given implements Part {
    private final GraphDraft draft;
    private final String input;

    Given(GraphDraft draft, String input) {
      this.draft = draft;
      this.input = input;
    }

    @Override
    public void name(String name) {
      draft.text(input, input, name, walk.where());
    }

    @Override
    public void string() {
      if (harvest.looksLikeImage()) {
        draft.picture();
        requireImage();
        harvest.image(Claim.Form.AUTO);
        return;
      }
      String text = harvest.text();
      guidance(text);
      draft.text(input, walk.nearestName(), text, walk.where());
    }

    @Override
    public void number() {
      guidance(walk.text());
      draft.number(walk.nearestName(), walk.text());
      harvest.number();
    }

    private void guidance(String value) {
      if (Guidance.isNamed(walk.nearestName()) && Guidance.shows(value)) {
        harvest.reversed();
      }
    }
  }

  /** What nobody claims. */
  private final class Swept implements Part {
    @Override
    public void name(String name) {
      sweep(name);
    }

    @Override
    public void string() {
      if (!walk.escaped() && TextRules.looksLikeImageOrUrl(body, walk.start(), walk.end())) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
      sweep(harvest.text());
    }

    @Override
    public void number() {
      harvest.number();
    }

    private void sweep(String text) {
      TextRules.requireNoImage(text, rules.denied());
      if (text.length() >= TextRules.SWEPT_CHARS_MIN) {
        harvest.swept(text);
      }
    }
  }

  /** What a server only writes down. */
  private final class Echo implements Part {
    @Override
    public void name(String name) {
      string();
    }

    @Override
    public void string() {
      byte[] text = walk.text().getBytes(StandardCharsets.UTF_8);
      if (Looks.holdsImage(text, 0, text.length)) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
    }

    @Override
    public void number() {}
  }

  /** The ids of nodes. */
  private final class Ids implements Part {
    private final Part others = new Swept();

    @Override
    public void name(String name) {
      others.name(name);
    }

    @Override
    public void string() {
      if (!ID.matcher(harvest.text()).matches()) {
        others.string();
      }
    }

    @Override
    public void number() {
      others.number();
    }
  }

  /**
   * An image in a node's input must be one from its first character to its last, or text could hide
   * in what nobody reads as text.
   */
  private void requireImage() {
    int start = walk.start();
    if (DataUri.is(body, start, walk.end(), walk.escaped())) {
      start = DataUri.payload(body, start, walk.end(), walk.escaped());
    } else {
      byte[] head =
          JsonText.decodeStart(body, start, walk.end(), 256, walk.escaped())
              .getBytes(StandardCharsets.UTF_8);
      if (!Signature.isOfImage(Base64Head.of(head, 0, head.length))) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
    }
    for (int i = start; i < walk.end(); i++) {
      if (!Looks.isBase64(body[i]) && !(walk.escaped() && body[i] == '\\')) {
        throw new UnreadableException(Defect.BAD_BASE64);
      }
    }
  }
}
