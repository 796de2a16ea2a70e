package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Leaves of a list that is everybody's what belongs to one: a reply in which jobs of all who use a
 * server stand side by side. Items that stay keep their bytes; one whose owner is not clear goes,
 * and so does whatever else the file does not name. Immutable.
 *
 * <pre>
 * items:
 * - {sel: "/queue_running/*", id: /1}   # the id stands in the item: at a member, or at an index
 * - {sel: "/*", id: name}               # or is the name of the item
 * keep: [/pagination]                   # what stays beside lists
 * </pre>
 */
final class OwnItems {
  private static final Pattern ITEMS = Pattern.compile("((?:/[A-Za-z0-9_-]{1,64}){0,4})/\\*");
  private static final Pattern KEPT = Pattern.compile("(/[A-Za-z0-9_-]{1,64}){1,4}");
  private static final Pattern ID = Pattern.compile("name|/[A-Za-z0-9_-]{1,64}");
  private static final String NAME = "name";

  private final List<Items> items;
  private final Set<String> kept;
  private final Set<String> onTheWay = new HashSet<>();

  /**
   * A list.
   *
   * @param at its JSON Pointer; empty for the whole body
   * @param id the member or the index of an item where its id stands; empty when that is its name
   */
  private record Items(String at, Optional<String> id) {}

  private OwnItems(List<Items> items, Set<String> kept) {
    this.items = List.copyOf(items);
    this.kept = Set.copyOf(kept);
    for (Items list : items) {
      for (int end = list.at().lastIndexOf('/');
          end >= 0;
          end = list.at().lastIndexOf('/', end - 1)) {
        onTheWay.add(list.at().substring(0, end));
      }
    }
  }

  /** Reads {@code items} and {@code keep} of a route. */
  static Optional<OwnItems> of(YamlMap route) {
    List<Items> items = new ArrayList<>();
    for (YamlValue value : route.get("items", List.<YamlValue>of(), YamlValue::asList)) {
      YamlMap item = value.asMap();
      String selector = item.string("sel");
      String id = item.string("id");
      item.rejectUnknown();
      if (ITEMS.matcher(selector).matches() && ID.matcher(id).matches()) {
        items.add(
            new Items(
                selector.substring(0, selector.length() - 2),
                id.equals(NAME) ? Optional.empty() : Optional.of(id.substring(1))));
      } else {
        value.problem("expected names of members and then /*, and an id such as /1 or name");
      }
    }
    Set<String> kept = new HashSet<>();
    for (YamlValue value : route.get("keep", List.<YamlValue>of(), YamlValue::asList)) {
      if (!KEPT.matcher(value.asString()).matches()) {
        value.problem("expected names of members, such as /pagination");
      }
      kept.add(value.asString());
    }
    if (items.isEmpty() && !kept.isEmpty()) {
      route.self().problem("'keep' says what stays beside 'items'");
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(new OwnItems(items, kept));
  }

  /**
   * The list without what is others'.
   *
   * @param body the first {@code length} bytes are the whole of it, without content coding
   * @param own whether the job of an id is the caller's; asked on this thread
   * @return empty when the body is no JSON of the shape that the file says
   */
  Optional<byte[]> of(byte[] body, int length, int depthMax, Predicate<String> own) {
    Sieve sieve = new Sieve(body, length, depthMax, own);
    try {
      sieve.run();
      return Optional.of(sieve.out.toByteArray());
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  private Optional<Items> listAt(String pointer) {
    return items.stream().filter(list -> list.at().equals(pointer)).findFirst();
  }

  /** Goes over one body. Belongs to one thread. */
  private final class Sieve {
    private final byte[] body;
    private final JsonCursor cursor;
    private final Predicate<String> own;
    private final ByteArrayOutputStream out;
    private JsonCursor.Token last = JsonCursor.Token.END;

    Sieve(byte[] body, int length, int depthMax, Predicate<String> own) {
      this.body = body;
      this.cursor = new JsonCursor(body, length, false, depthMax);
      this.own = own;
      this.out = new ByteArrayOutputStream(Math.min(length, 64 << 10));
    }

    void run() {
      value(next(), "");
      if (next() != JsonCursor.Token.END) {
        throw new UnreadableException(Defect.MALFORMED_JSON);
      }
    }

    /** A value that is a list, or leads to one. */
    private void value(JsonCursor.Token token, String pointer) {
      Optional<Items> list = listAt(pointer);
      if (list.isPresent() && token == JsonCursor.Token.ARRAY) {
        out.write('[');
        elements(list.get());
        out.write(']');
      } else if (token == JsonCursor.Token.OBJECT) {
        out.write('{');
        members(list, pointer);
        out.write('}');
      } else {
        throw new UnreadableException(Defect.WRONG_TYPE);
      }
    }

    private void elements(Items list) {
      boolean first = true;
      for (var token = next(); token != JsonCursor.Token.END_ARRAY; token = next()) {
        int from = from(token);
        if (isOwn(id(token, list))) {
          first = separate(first);
          out.write(body, from, to() - from);
        }
      }
    }

    private void members(Optional<Items> list, String pointer) {
      boolean first = true;
      for (var token = next(); token != JsonCursor.Token.END_OBJECT; token = next()) {
        int from = cursor.start() - 1;
        String name = text();
        String inside = pointer + "/" + name;
        JsonCursor.Token value = next();
        if (list.isPresent()) {
          Optional<String> id = id(value, list.get());
          first = keep(isOwn(list.get().id().isPresent() ? id : Optional.of(name)), first, from);
        } else if (listAt(inside).isPresent() || onTheWay.contains(inside)) {
          first = separate(first);
          out.write(body, from, from(value) - from);
          value(value, inside);
        } else {
          skip(value);
          first = keep(kept.contains(inside), first, from);
        }
      }
    }

    private boolean keep(boolean stays, boolean first, int from) {
      if (!stays) {
        return first;
      }
      separate(first);
      out.write(body, from, to() - from);
      return false;
    }

    private boolean separate(boolean first) {
      if (!first) {
        out.write(',');
      }
      return false;
    }

    private boolean isOwn(Optional<String> id) {
      return id.filter(own).isPresent();
    }

    /** Goes to the end of an item; its id, when it has one and no second. */
    private Optional<String> id(JsonCursor.Token token, Items list) {
      if (list.id().isEmpty() || !isOpen(token)) {
        skip(token);
        return Optional.empty();
      }
      String at = list.id().get();
      Set<String> found = new HashSet<>();
      boolean array = token == JsonCursor.Token.ARRAY;
      JsonCursor.Token end = array ? JsonCursor.Token.END_ARRAY : JsonCursor.Token.END_OBJECT;
      int index = 0;
      for (var given = next(); given != end; given = next()) {
        String name = array ? Integer.toString(index++) : text();
        JsonCursor.Token value = array ? given : next();
        if (name.equals(at)) {
          found.add(value == JsonCursor.Token.STRING ? text() : "");
        }
        skip(value);
      }
      return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    /** Names and ids longer than any are nobody's. */
    private String text() {
      return cursor.end() - cursor.start() > TextRules.PLAIN_CHARS_MAX
          ? ""
          : JsonText.decode(body, cursor.start(), cursor.end(), cursor.escaped());
    }

    private void skip(JsonCursor.Token first) {
      int open = isOpen(first) ? 1 : 0;
      while (open > 0) {
        JsonCursor.Token token = next();
        boolean closes =
            token == JsonCursor.Token.END_OBJECT || token == JsonCursor.Token.END_ARRAY;
        open += isOpen(token) ? 1 : closes ? -1 : 0;
      }
    }

    private static boolean isOpen(JsonCursor.Token token) {
      return token == JsonCursor.Token.OBJECT || token == JsonCursor.Token.ARRAY;
    }

    /** Where the value just met begins, its quote included. */
    private int from(JsonCursor.Token token) {
      return cursor.start() - (token == JsonCursor.Token.STRING ? 1 : 0);
    }

    /** Where the value just left ends, its quote included. */
    private int to() {
      return cursor.end() + (last == JsonCursor.Token.STRING ? 1 : 0);
    }

    private JsonCursor.Token next() {
      last = cursor.next();
      return last;
    }
  }
}
