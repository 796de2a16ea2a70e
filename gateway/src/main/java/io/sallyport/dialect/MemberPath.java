package io.sallyport.dialect;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The way to one member of a JSON object by names alone: {@code /data/prompt_id}.
 *
 * @param names at least one
 */
record MemberPath(List<String> names) {
  private static final Pattern WRITTEN = Pattern.compile("(/[A-Za-z0-9_-]{1,64}){1,8}");

  /** Longer ones are no names of anything. */
  private static final int BYTES_MAX = 256;

  MemberPath {
    names = List.copyOf(names);
  }

  /** Empty when the text is no such path. */
  static Optional<MemberPath> parse(String text) {
    return WRITTEN.matcher(text).matches()
        ? Optional.of(new MemberPath(List.of(text.substring(1).split("/"))))
        : Optional.empty();
  }

  /**
   * What stands there; of members of one name every one counts, for readers differ in which they
   * take.
   *
   * @param texts every short string
   * @param isNull whether null stands there
   * @param other whether anything else does
   */
  record Found(Set<String> texts, boolean isNull, boolean other) {
    /** The one text that every reader finds. */
    Optional<String> text() {
      return texts.size() == 1 && !isNull && !other ? texts.stream().findFirst() : Optional.empty();
    }

    /** True when readers could find different things, or what is no name. */
    boolean unclear() {
      return other || texts.size() > 1 || (isNull && !texts.isEmpty());
    }
  }

  /**
   * Looks for it.
   *
   * @param json from its first byte to its last
   * @throws UnreadableException when that is not JSON
   */
  Found find(byte[] json, int depthMax) {
    Search search = new Search(json, depthMax);
    search.run();
    return new Found(Set.copyOf(search.texts), search.isNull, search.other);
  }

  /** Goes over one body. Belongs to one thread. */
  private final class Search {
    private final byte[] json;
    private final JsonCursor cursor;
    private final Set<String> texts = new HashSet<>();
    private boolean isNull;
    private boolean other;
    private int depth;

    /** How many names lead to the object that is open at depth {@code matched + 1}. */
    private int matched;

    /** Whether the next value is that of the next name. */
    private boolean next;

    Search(byte[] json, int depthMax) {
      this.json = json;
      this.cursor = new JsonCursor(json, json.length, false, depthMax);
    }

    void run() {
      for (var token = cursor.next(); token != JsonCursor.Token.END; token = cursor.next()) {
        switch (token) {
          case KEY ->
              next =
                  depth == matched + 1
                      && matched < names.size()
                      && text().filter(names.get(matched)::equals).isPresent();
          case END_OBJECT, END_ARRAY -> close();
          case OBJECT, ARRAY -> open(token == JsonCursor.Token.OBJECT);
          case STRING, NUMBER, TRUE, FALSE, NULL, END -> scalar(token);
        }
      }
    }

    private void open(boolean object) {
      boolean there = next && matched + 1 == names.size();
      other |= there;
      matched += next && !there && object ? 1 : 0;
      next = false;
      depth++;
    }

    private void close() {
      depth--;
      matched -= depth > 0 && depth == matched ? 1 : 0;
    }

    private void scalar(JsonCursor.Token token) {
      if (next && matched + 1 == names.size()) {
        Optional<String> text =
            token == JsonCursor.Token.STRING ? text() : Optional.<String>empty();
        text.ifPresent(texts::add);
        isNull |= token == JsonCursor.Token.NULL;
        other |= text.isEmpty() && token != JsonCursor.Token.NULL;
      }
      next = false;
    }

    private Optional<String> text() {
      return cursor.end() - cursor.start() > BYTES_MAX
          ? Optional.empty()
          : Optional.of(JsonText.decode(json, cursor.start(), cursor.end(), cursor.escaped()));
    }
  }
}
