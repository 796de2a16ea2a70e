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
  private final Descent descent;
  private final Map<String, GraphDraft> drafts = new LinkedHashMap<>();
  private boolean there;

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
    this.descent = new Descent(walk, harvest, limits);
  }

  Reading read() {
    try {
      require(descent.next() == JsonCursor.Token.OBJECT);
      descent.members(this::top);
      descent.next();
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
        descent.members(this::node);
      }
      case "extra_data" -> descent.all(token, new Echo());
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
      case "partial_execution_targets" -> descent.all(token, new Ids());
      default -> descent.all(token, new Swept());
    }
  }

  private void node(String id, JsonCursor.Token token) {
    GraphDraft draft = new GraphDraft(id, walk.where());
    drafts.put(id, draft);
    if (!ID.matcher(id).matches()) {
      draft.text("", "", id, walk.where());
    }
    if (token != JsonCursor.Token.OBJECT) {
      descent.all(token, new Swept());
      return;
    }
    descent.members(
        (name, value) -> {
          switch (name) {
            case "class_type" -> {
              require(value == JsonCursor.Token.STRING);
              String type = harvest.text();
              require(type.length() <= TYPE_CHARS_MAX);
              draft.type(type);
            }
            case "inputs" -> inputs(draft, value);
            case "_meta" -> descent.all(value, new Echo());
            default -> descent.all(value, new Swept());
          }
        });
  }

  private void inputs(GraphDraft draft, JsonCursor.Token token) {
    if (token != JsonCursor.Token.OBJECT) {
      descent.all(token, new Given(draft, "inputs"));
      return;
    }
    descent.members(
        (name, value) -> {
          Given given = new Given(draft, name);
          if (!Walk.plainName(name)) {
            given.name(name);
          }
          if (value == JsonCursor.Token.ARRAY) {
            array(given);
          } else {
            descent.all(value, given);
          }
        });
  }

  /** Two values, a string and a number, are a link if there is a node of that name. */
  private void array(Given given) {
    JsonCursor.Token first = descent.next();
    boolean name =
        first == JsonCursor.Token.STRING
            && walk.end() - walk.start() <= 6 * ID_CHARS_MAX
            && !harvest.looksLikeImage();
    if (!name) {
      descent.elements(first, given);
      return;
    }
    String from = walk.text();
    String where = walk.where();
    JsonCursor.Token second = descent.next();
    boolean flag = second == JsonCursor.Token.TRUE || second == JsonCursor.Token.FALSE;
    if (second != JsonCursor.Token.NUMBER && !flag) {
      given.draft.text(given.input, given.input, from, where);
      descent.elements(second, given);
      return;
    }
    int slot = flag ? (second == JsonCursor.Token.TRUE ? 1 : 0) : slot(walk.text());
    JsonCursor.Token third = descent.next();
    if (third == JsonCursor.Token.END_ARRAY) {
      given.draft.link(given.input, from, slot, where);
    } else {
      given.draft.text(given.input, given.input, from, where);
      descent.elements(third, given);
    }
  }

  private static int slot(String number) {
    return number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : Graph.ANY_SLOT;
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
  private final class Given implements Descent.Part {
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
  private final class Swept implements Descent.Part {
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
  private final class Echo implements Descent.Part {
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
  private final class Ids implements Descent.Part {
    private final Descent.Part others = new Swept();

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
