package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads one JSON reply leniently, in one pass: every claimed image as a byte range, whichever of
 * several members of one name a client would take; every other string is looked at and must not
 * look like an image. Belongs to one thread.
 */
final class ReplyReader {
  /** Escaped strings that nobody claims are undone to be looked at; longer ones are no text. */
  private static final int ESCAPED_BYTES_MAX = 256 << 10;

  private static final Pattern IMAGE_NAME =
      Pattern.compile("image|img|picture|photo|thumb|preview|b64|base64|artifact|sample");

  private final byte[] body;
  private final ReplyRule rule;
  private final Walk walk;
  private final Harvest harvest;

  ReplyReader(byte[] body, int length, ReplyRule rule, ReadLimits limits) {
    this.body = body;
    this.rule = rule;
    this.walk = new Walk(body, length, false, limits, rule.automaton());
    this.harvest = new Harvest(body, walk, limits);
  }

  Reading read() {
    try {
      for (var token = walk.next(); token != JsonCursor.Token.END; token = walk.next()) {
        token(token);
      }
      Reading.Parts parts = harvest.parts();
      return parts.images().size() < rule.imagesMin()
          ? new Reading.Unreadable(Defect.MISSING_FIELD, "")
          : parts;
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), walk.where());
    }
  }

  private void token(JsonCursor.Token token) {
    switch (token) {
      case KEY -> sweep(false);
      case END_OBJECT, END_ARRAY, END -> {}
      case OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL -> value(token);
    }
  }

  private void value(JsonCursor.Token token) {
    switch (walk.claim()) {
      case Claim.Image image -> image(image, token);
      case Claim.Text text -> text(text, token);
      case Claim.Opaque opaque -> refuseUnlessNull(token);
      case Claim.Unclaimed other -> unclaimed(token);
      case Claim.User other -> unclaimed(token);
      case Claim.Json other -> unclaimed(token);
      case Claim.File other -> unclaimed(token);
      case Claim.Plain other -> unclaimed(token);
      case Claim.Only other -> unclaimed(token);
      case Claim.Ignored echo -> ignored(token);
      case Claim.JobId job -> job(token);
      case Claim.Address(UrlEdit.To to) -> address(to, token);
    }
  }

  private void unclaimed(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      sweep(true);
    } else if (token == JsonCursor.Token.NUMBER) {
      harvest.number();
    }
  }

  private void image(Claim.Image claim, JsonCursor.Token token) {
    if (claim.as() == Claim.Form.MAYBE
        && !(token == JsonCursor.Token.STRING && harvest.looksLikeImage())) {
      unclaimed(token);
      return;
    }
    boolean container = token == JsonCursor.Token.OBJECT || token == JsonCursor.Token.ARRAY;
    if (token == JsonCursor.Token.STRING) {
      harvest.image(claim.as(), rule.fetch());
    } else if (token != JsonCursor.Token.NULL && !(container && walk.goesDeeper())) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
  }

  private void text(Claim.Text claim, JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      sweep(false);
      harvest.claimed(harvest.text(), claim.role());
    } else {
      unclaimed(token);
    }
  }

  private void ignored(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      look(Looks::holdsImage);
    }
  }

  private void job(JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      sweep(true);
      harvest.job();
    } else {
      unclaimed(token);
    }
  }

  /** Whatever stands at such a place would lead around the gateway. */
  private void address(UrlEdit.To to, JsonCursor.Token token) {
    if (token == JsonCursor.Token.STRING) {
      harvest.address(to);
    } else if (token != JsonCursor.Token.NULL) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
  }

  private static void refuseUnlessNull(JsonCursor.Token token) {
    if (token != JsonCursor.Token.NULL) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
  }

  /** Looks at the name or string just met. */
  private void sweep(boolean urls) {
    look(
        (text, start, end) ->
            Looks.likeImage(text, start, end) || (urls && refusedUrl(text, start, end)));
  }

  /** What is refused in a range of bytes. */
  private interface Eye {
    boolean refuses(byte[] text, int start, int end);
  }

  private void look(Eye eye) {
    byte[] text = body;
    int start = walk.start();
    int end = walk.end();
    if (walk.escaped()) {
      if (end - start > ESCAPED_BYTES_MAX) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
      text = walk.text().getBytes(StandardCharsets.UTF_8);
      start = 0;
      end = text.length;
    }
    if (eye.refuses(text, start, end)) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
  }

  private boolean refusedUrl(byte[] text, int start, int end) {
    return (Looks.likeUrl(text, start, end) && (rule.anyUrl() || imageName()))
        || Looks.holdsImageUrl(text, start, end);
  }

  private boolean imageName() {
    return IMAGE_NAME.matcher(walk.nearestName().toLowerCase(Locale.ROOT)).find();
  }
}
