package io.sallyport.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A strict reader of JSON whose members come in a known order.
 *
 * <p>Every method throws {@link UndecodableEventException} when the next thing is not what it asks
 * for, and Jackson's own unchecked exception when the bytes are no JSON. Nothing nests deeper than
 * its caller asks. Not thread-safe.
 */
final class JsonCursor {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;
  private @Nullable JsonToken ahead;

  JsonCursor(byte[] bytes) {
    parser = FACTORY.createParser(ObjectReadContext.empty(), bytes);
  }

  /** True when the member that comes next has this name; reads nothing. */
  boolean has(String name) {
    if (ahead == null) {
      ahead = parser.nextToken();
    }
    return ahead == JsonToken.PROPERTY_NAME && name.equals(parser.currentName());
  }

  void begin() {
    require(JsonToken.START_OBJECT, next());
  }

  void end() {
    require(JsonToken.END_OBJECT, next());
  }

  void begin(String key) {
    key(key);
    begin();
  }

  String text(String key) {
    key(key);
    require(JsonToken.VALUE_STRING, next());
    return parser.getString();
  }

  /** One of the words, as what it stands for. */
  <T> T word(String key, Map<String, T> words) {
    T meant = words.get(text(key));
    if (meant == null) {
      throw new UndecodableEventException("unknown word for " + key);
    }
    return meant;
  }

  int integer(String key) {
    key(key);
    require(JsonToken.VALUE_NUMBER_INT, next());
    return parser.getIntValue();
  }

  double decimal(String key) {
    key(key);
    require(JsonToken.VALUE_NUMBER_FLOAT, next());
    return parser.getDoubleValue();
  }

  boolean bool(String key) {
    key(key);
    JsonToken token = next();
    if (token != JsonToken.VALUE_TRUE) {
      require(JsonToken.VALUE_FALSE, token);
    }
    return token == JsonToken.VALUE_TRUE;
  }

  List<String> texts(String key) {
    beginList(key);
    return elements(JsonToken.VALUE_STRING, parser::getString);
  }

  /** A list of objects; {@code members} reads what is between the braces of one. */
  <T> List<T> objects(String key, Supplier<T> members) {
    beginList(key);
    return objects(members);
  }

  /** A list of lists of objects. */
  <T> List<List<T>> objectLists(String key, Supplier<T> members) {
    beginList(key);
    return elements(JsonToken.START_ARRAY, () -> objects(members));
  }

  Map<String, String> textMap(String key) {
    return map(key, JsonToken.VALUE_STRING, parser::getString);
  }

  Map<String, Long> numberMap(String key) {
    return map(key, JsonToken.VALUE_NUMBER_INT, parser::getLongValue);
  }

  private <T> Map<String, T> map(String key, JsonToken kind, Supplier<T> value) {
    begin(key);
    Map<String, T> map = new HashMap<>();
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      require(JsonToken.PROPERTY_NAME, token);
      String name = parser.currentName();
      require(kind, next());
      map.put(name, value.get());
    }
    return map;
  }

  private <T> List<T> objects(Supplier<T> members) {
    return elements(
        JsonToken.START_OBJECT,
        () -> {
          T object = members.get();
          end();
          return object;
        });
  }

  /** Reads to the end of a list; each element begins with {@code first}. */
  private <T> List<T> elements(JsonToken first, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      require(first, token);
      list.add(element.get());
    }
    return list;
  }

  private void beginList(String key) {
    key(key);
    require(JsonToken.START_ARRAY, next());
  }

  private void key(String name) {
    require(JsonToken.PROPERTY_NAME, next());
    if (!name.equals(parser.currentName())) {
      throw new UndecodableEventException("no " + name + " where it belongs");
    }
  }

  private @Nullable JsonToken next() {
    JsonToken token = ahead == null ? parser.nextToken() : ahead;
    ahead = null;
    return token;
  }

  private static void require(JsonToken wanted, @Nullable JsonToken found) {
    if (found != wanted) {
      throw new UndecodableEventException("not the shape of an event");
    }
  }
}
