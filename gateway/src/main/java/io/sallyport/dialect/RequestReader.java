package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one request strictly, JSON or the fields of a form: whatever two readers could take
 * differently is refused, every claimed text and image is found, and what no selector claims is
 * swept. Belongs to one thread.
 */
final class RequestReader {
  private static final int NUMBER_BYTES_MAX = 64;

  private static final Pattern JSON = Pattern.compile("[ \\t\\r\\n]*[\\[{]");

  private final byte[] body;
  private final RequestRules rules;
  private final ReadLimits limits;
  private final Values walk;
  private final Harvest harvest;
  private final SeenNames names = new SeenNames();
  private final Set<Claim.Text> met = new HashSet<>();
  private int values;

  /** A reader of JSON. */
  RequestReader(byte[] body, RequestRules rules, ReadLimits limits) {
    this(body, new Walk(body, body.length, true, limits, rules.automaton()), rules, limits);
  }

  RequestReader(byte[] body, Values walk, RequestRules rules, ReadLimits limits) {
    this.body = body;
    this.rules = rules;
    this.limits = limits;
    this.walk = walk;
    this.harvest = new Harvest(body, walk, limits);
  }

  Reading read() {
    try {
      cross();
      return finish();
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), walk.where());
    }
  }

  private void cross() {
    for (var token = walk.next(); token != JsonCursor.Token.END; token = walk.next()) {
      token(token);
    }
  }

  private Reading finish() {
    for (Claim.Text required : rules.required()) {
      if (!met.contains(required)) {
        return new Reading.Unreadable(Defect.MISSING_FIELD, required.selector());
      }
    }
    if (rules.mute() == harvest.isEmpty()) {
      return harvest.parts();
    }
    return new Reading.Unreadable(rules.mute() ? Defect.NOT_JUDGED : Defect.MISSING_FIELD, "");
  }

  private void token(JsonCursor.Token token) {
    switch (token) {
      case KEY -> name();
      case OBJECT -> {
        names.open();
        value(token);
      }
      case END_OBJECT -> names.close();
      case END_ARRAY, END -> {}
      case ARRAY, STRING, NUMBER, TRUE, FALSE, NULL -> value(token);
    }
  }

  private void name() {
    count();
    String name = harvest.text();
    names.add(name);
    if (!Walk.plainName(name)) {
      sweep(name);
    }
  }

  private void value(JsonCursor.Token token) {
    count();
    guidance(token);
    switch (walk.claim()) {
      case Claim.Unclaimed unclaimed -> unclaimed(token);
      case Claim.Text text -> text(text, token);
      case Claim.Image image -> image(image, token);
      case Claim.File file -> file();
      case Claim.Json json -> json(token);
      case Claim.User user -> user(token);
      case Claim.Plain plain -> plain(plain, token);
      case Claim.Only only -> only(only, token);
      case Claim.Opaque opaque -> refuseUnlessNull(token);
      case Claim.Ignored echo -> ignored(token);
      case Claim.JobId job -> job(token);
      case Claim.Address other -> unclaimed(token);
    }
  }

  /** An empty file is what forms have where nobody chose one. */
  private void file() {
    if (walk.start() < walk.end()) {
      harvest.image(walk.raw());
    }
  }

  private void guidance(JsonCursor.Token token) {
    boolean scalar = token == JsonCursor.Token.NUMBER || token == JsonCursor.Token.STRING;
    if (scalar
        && walk.end() - walk.start() <= NUMBER_BYTES_MAX
        && Guidance.isNamed(walk.nearestName())
        && Guidance.shows(walk.text())) {
      harvest.reversed();
    }
  }

  private void unclaimed(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      sweepString();
    } else if (token == JsonCursor.Token.NUMBER) {
      harvest.number();
    }
  }

  private void text(Claim.Text claim, JsonCursor.Token token) {
    if (!isStringOrGoesDeeper(token)) {
      return;
    }
    String text = harvest.text();
    TextRules.requireText(text, rules.denied());
    met.add(claim);
    harvest.claimed(text, claim.role());
  }

  private void job(JsonCursor.Token token) {
    if (isStringOrGoesDeeper(token)) {
      harvest.job();
    }
  }

  private void image(Claim.Image claim, JsonCursor.Token token) {
    if (claim.as() == Claim.Form.MAYBE
        && !(token == JsonCursor.Token.STRING && harvest.looksLikeImage())) {
      unclaimed(token);
    } else if (isStringOrGoesDeeper(token)) {
      if (claim.as() == Claim.Form.REF) {
        harvest.reference();
      } else {
        harvest.image(claim.as());
      }
    }
  }

  /** What a string holds is read as if it stood in its place; only an object or array may. */
  private void json(JsonCursor.Token token) {
    if (token != JsonCursor.Token.STRING) {
      unclaimed(token);
      return;
    }
    String text = harvest.text();
    if (!JSON.matcher(text).lookingAt()) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    // Nothing can be put into the place of a URL in there: it would have to be escaped.
    RequestReader inner =
        new RequestReader(json, walk.inside(json, limits), rules, limits.withRequestUrls(false));
    inner.cross();
    values += inner.values;
    met.addAll(inner.met);
    harvest.takeOver(inner.harvest, json);
  }

  /** Null counts as absent; a container is fine where selectors go on inside it. */
  private boolean isStringOrGoesDeeper(JsonCursor.Token token) {
    boolean container = token == JsonCursor.Token.OBJECT || token == JsonCursor.Token.ARRAY;
    if (token != JsonCursor.Token.STRING
        && token != JsonCursor.Token.NULL
        && !(container && walk.goesDeeper())) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
    return token == JsonCursor.Token.STRING;
  }

  private void ignored(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      byte[] text = walk.text().getBytes(StandardCharsets.UTF_8);
      if (Looks.holdsImage(text, 0, text.length)) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
    }
  }

  private void user(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING && fits(TextRules.USER)) {
      harvest.user(walk.text());
    } else {
      unclaimed(token);
    }
  }

  private void plain(Claim.Plain claim, JsonCursor.Token token) {
    if (token != JsonCursor.Token.STRING || !fits(claim.fits())) {
      unclaimed(token);
    }
  }

  private boolean fits(Pattern pattern) {
    return walk.end() - walk.start() <= TextRules.PLAIN_CHARS_MAX
        && TextRules.fits(walk.text(), pattern);
  }

  private void only(Claim.Only claim, JsonCursor.Token token) {
    if (token == JsonCursor.Token.NULL) {
      return;
    }
    boolean string = token == JsonCursor.Token.STRING;
    boolean small = walk.end() - walk.start() <= TextRules.PLAIN_CHARS_MAX;
    if (!small || !claim.allowed().contains(string ? '"' + walk.text() + '"' : walk.text())) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
  }

  private static void refuseUnlessNull(JsonCursor.Token token) {
    if (token != JsonCursor.Token.NULL) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
  }

  /** Looked at before it is built: an image in an unknown field is found whatever its length. */
  private void sweepString() {
    if (!walk.escaped() && TextRules.looksLikeImageOrUrl(body, walk.start(), walk.end())) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    sweep(harvest.text());
  }

  private void sweep(String text) {
    TextRules.requireNoImage(text, rules.denied());
    if (text.length() >= TextRules.SWEPT_CHARS_MIN) {
      harvest.swept(text);
    }
  }

  private void count() {
    if (++values > limits.values()) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
  }
}
