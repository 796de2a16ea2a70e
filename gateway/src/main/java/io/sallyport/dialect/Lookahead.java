package io.sallyport.dialect;

import java.util.Optional;

/**
 * Finds a member of an object before the object is read, without keeping any of it. Its cost is the
 * way to the member, or the object's length when it has no such member or members may come twice.
 */
final class Lookahead {
  private static final int VALUE_MAX = 1024;

  private final byte[] body;
  private final JsonCursor cursor;

  private Lookahead(byte[] body, int from, int length) {
    this.body = body;
    this.cursor = new JsonCursor(body, from, length, false, JsonCursor.DEPTH_MAX);
  }

  /**
   * The member's value; empty when there is none, or when it is a container.
   *
   * @param from offset of the object's brace
   * @param unique true when whoever reads the object refuses members that come twice
   * @throws UnreadableException at a defect on the way, and when the member comes twice: readers
   *     differ in which one they take
   */
  static Optional<Guard.Scalar> member(
      byte[] body, int from, int length, String key, boolean unique) {
    return new Lookahead(body, from, length).find(key, unique);
  }

  private Optional<Guard.Scalar> find(String key, boolean unique) {
    cursor.next();
    Optional<Guard.Scalar> found = Optional.empty();
    boolean met = false;
    int depth = 1;
    boolean wanted = false;
    while (depth > 0) {
      JsonCursor.Token token = cursor.next();
      if (wanted) {
        found = scalar(token);
        if (unique) {
          return found;
        }
      }
      wanted = token == JsonCursor.Token.KEY && depth == 1 && isKey(key);
      if (wanted && met) {
        throw new UnreadableException(Defect.DUPLICATE_KEY);
      }
      met = met || wanted;
      depth += step(token);
    }
    return found;
  }

  private static int step(JsonCursor.Token token) {
    return switch (token) {
      case OBJECT, ARRAY -> 1;
      case END_OBJECT, END_ARRAY -> -1;
      case KEY, STRING, NUMBER, TRUE, FALSE, NULL, END -> 0;
    };
  }

  private Optional<Guard.Scalar> scalar(JsonCursor.Token token) {
    return switch (token) {
      case STRING, TRUE, FALSE, NULL -> Optional.of(new Guard.Scalar(value(), false));
      case NUMBER -> Optional.of(new Guard.Scalar(value(), Double.parseDouble(value()) < 0));
      case OBJECT, ARRAY, END_OBJECT, END_ARRAY, KEY, END -> Optional.empty();
    };
  }

  private boolean isKey(String key) {
    return cursor.end() - cursor.start() <= VALUE_MAX && text().equals(key);
  }

  /** A value far longer than any predicate's is none of theirs. */
  private String value() {
    return cursor.end() - cursor.start() > VALUE_MAX ? "" : text();
  }

  private String text() {
    return JsonText.decode(body, cursor.start(), cursor.end(), cursor.escaped());
  }
}
