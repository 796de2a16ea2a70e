package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A {@link JsonCursor} that knows where it is: what the dialect claims at the present place, and
 * the place's JSON Pointer. Belongs to one thread.
 */
final class Walk implements Values {
  private static final int NAME_MAX = 40;

  private static final int NOT_YET = -1;
  private static final int IN_ARRAY = -2;

  private final byte[] body;
  private final JsonCursor cursor;
  private final Automaton automaton;
  private final int length;
  private final boolean strict;

  /** Of each open container: its state, and the range of its present member's name or its index. */
  private final int[] states;

  private final int[] nameStarts;
  private final int[] nameEndsOrIndexes;

  private final String base;

  private int depth;
  private int state;

  Walk(byte[] body, int length, boolean strict, ReadLimits limits, Automaton automaton) {
    this(body, length, strict, limits, automaton, Automaton.ROOT, "");
  }

  /**
   * A walk of a body that stands inside another.
   *
   * @param state of the place where it stands
   * @param base the name of that place
   */
  Walk(
      byte[] body,
      int length,
      boolean strict,
      ReadLimits limits,
      Automaton automaton,
      int state,
      String base) {
    this.state = state;
    this.base = base;
    this.body = body;
    this.length = length;
    this.strict = strict;
    this.cursor = new JsonCursor(body, length, strict, limits.depth());
    this.automaton = automaton;
    this.states = new int[limits.depth() + 1];
    this.nameStarts = new int[limits.depth() + 1];
    this.nameEndsOrIndexes = new int[limits.depth() + 1];
  }

  @Override
  public JsonCursor.Token next() {
    JsonCursor.Token token = cursor.next();
    switch (token) {
      case KEY -> enterMember();
      case OBJECT -> openObject();
      case ARRAY -> open(IN_ARRAY);
      case END_OBJECT, END_ARRAY -> depth--;
      case STRING, NUMBER, TRUE, FALSE, NULL -> enterElement();
      case END -> {}
    }
    return token;
  }

  @Override
  public Claim claim() {
    return automaton.claim(state);
  }

  @Override
  public Walk inside(byte[] json, ReadLimits limits) {
    return new Walk(json, json.length, true, limits, automaton, state, where());
  }

  @Override
  public boolean goesDeeper() {
    return automaton.goesDeeper(state);
  }

  @Override
  public boolean inArray() {
    return depth > 0 && nameStarts[depth] == IN_ARRAY;
  }

  @Override
  public int start() {
    return cursor.start();
  }

  @Override
  public int end() {
    return cursor.end();
  }

  @Override
  public boolean escaped() {
    return cursor.escaped();
  }

  @Override
  public String text() {
    return JsonText.decode(body, cursor.start(), cursor.end(), cursor.escaped());
  }

  @Override
  public String nearestName() {
    for (int level = depth; level > 0; level--) {
      if (nameStarts[level] >= 0) {
        return name(level);
      }
    }
    return "";
  }

  /** Names that do not look like a field's are content, and are written {@code ?}. */
  @Override
  public String where() {
    StringBuilder pointer = new StringBuilder(base);
    for (int level = 1; level <= depth; level++) {
      if (nameStarts[level] >= 0) {
        String name = name(level);
        pointer.append('/').append(plainName(name) ? name : "?");
      } else if (nameStarts[level] == IN_ARRAY && nameEndsOrIndexes[level] >= 0) {
        pointer.append('/').append(nameEndsOrIndexes[level]);
      }
    }
    return pointer.toString();
  }

  /** True for names such as fields have: letters, digits, {@code _ - .}, not many. */
  static boolean plainName(String name) {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private String name(int level) {
    return JsonText.decode(body, nameStarts[level], nameEndsOrIndexes[level], true);
  }

  private void enterMember() {
    nameStarts[depth] = cursor.start();
    nameEndsOrIndexes[depth] = cursor.end();
    if (cursor.escaped()) {
      byte[] name = text().getBytes(StandardCharsets.UTF_8);
      state = automaton.member(states[depth], name, 0, name.length);
    } else {
      state = automaton.member(states[depth], body, cursor.start(), cursor.end());
    }
  }

  private void enterElement() {
    if (inArray()) {
      nameEndsOrIndexes[depth]++;
      state = automaton.element(states[depth]);
    }
  }

  /** An object is what its own members make of it, wherever they stand in it. */
  private void openObject() {
    enterElement();
    for (var guard = automaton.guard(state); guard.isPresent(); guard = automaton.guard(state)) {
      Optional<Guard.Scalar> member =
          Lookahead.member(body, cursor.start(), length, guard.get().key(), strict);
      state = guard.get().after(member);
    }
    push(NOT_YET);
  }

  private void open(int kind) {
    enterElement();
    push(kind);
  }

  private void push(int kind) {
    depth++;
    states[depth] = state;
    nameStarts[depth] = kind;
    nameEndsOrIndexes[depth] = -1;
  }
}
