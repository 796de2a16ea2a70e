package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of a form as values: each field a string, each claimed file the bytes of an image, and
 * beside it its name when that is not one that files simply have. Belongs to one thread.
 */
final class FormFields implements Values {
  private static final Claim SWEPT = new Claim.Unclaimed();

  private final byte[] body;
  private final List<FormPart> parts;
  private final Automaton automaton;
  private final Set<String> seen = new HashSet<>();
  private int next;
  private int state;
  private boolean nameFollows;
  private boolean atName;

  FormFields(byte[] body, List<FormPart> parts, Automaton automaton) {
    this.body = body;
    this.parts = parts;
    this.automaton = automaton;
  }

  @Override
  public JsonCursor.Token next() {
    if (nameFollows) {
      nameFollows = false;
      atName = true;
      return JsonCursor.Token.STRING;
    }
    atName = false;
    if (next == parts.size()) {
      return JsonCursor.Token.END;
    }
    next++;
    state = part().state(automaton);
    requireOnce();
    if (part().file()) {
      file();
    } else {
      requireUtf8();
    }
    return JsonCursor.Token.STRING;
  }

  @Override
  public Claim claim() {
    return atName ? SWEPT : automaton.claim(state);
  }

  @Override
  public boolean goesDeeper() {
    return automaton.goesDeeper(state);
  }

  @Override
  public boolean inArray() {
    return false;
  }

  @Override
  public int start() {
    return atName ? part().nameStart() : part().start();
  }

  @Override
  public int end() {
    return atName ? part().nameEnd() : part().end();
  }

  @Override
  public boolean escaped() {
    return false;
  }

  @Override
  public String text() {
    return new String(body, start(), end() - start(), StandardCharsets.UTF_8);
  }

  /** Of {@code extra[guidance_scale]} the part in brackets, as servers read it. */
  @Override
  public String nearestName() {
    String name = next == 0 ? "" : part().name();
    String bare = name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
    return bare.endsWith("]") ? bare.substring(bare.lastIndexOf('[') + 1, bare.length() - 1) : bare;
  }

  @Override
  public String where() {
    return next == 0 ? "" : part().where() + (atName ? ";filename" : "");
  }

  @Override
  public Walk inside(byte[] json, ReadLimits limits) {
    return new Walk(json, json.length, true, limits, automaton, state, where());
  }

  private FormPart part() {
    return parts.get(next - 1);
  }

  /** Of several fields or files of one name, servers take the first or the last. */
  private void requireOnce() {
    boolean several =
        part().list()
            || (part().file()
                && automaton.claim(state) instanceof Claim.File(boolean repeated)
                && repeated);
    if (!seen.add(part().name()) && !several) {
      throw new UnreadableException(Defect.DUPLICATE_KEY);
    }
  }

  /** A file that nobody claims could be anything, and is no text either. */
  private void file() {
    Claim claim = automaton.claim(state);
    if (!(claim instanceof Claim.File) && !(claim instanceof Claim.Opaque)) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    nameFollows = !Walk.plainName(fileName());
  }

  private String fileName() {
    FormPart part = part();
    return new String(
        body, part.nameStart(), part.nameEnd() - part.nameStart(), StandardCharsets.UTF_8);
  }

  private void requireUtf8() {
    int at = part().start();
    while (at < part().end()) {
      at = body[at] >= 0 ? at + 1 : Utf8.next(body, at, part().end());
    }
  }
}
