package io.sallyport.dialect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The short texts among the members of a JSON object, for telling events apart. Pure. */
final class TopMembers {
  private static final int BYTES_MAX = 256;

  private TopMembers() {}

  /** Every text of each name; none of what is not JSON, which is told by whoever reads it whole. */
  static Map<String, Set<String>> of(byte[] json, int depthMax) {
    Map<String, Set<String>> members = new HashMap<>();
    JsonCursor cursor = new JsonCursor(json, json.length, false, depthMax);
    try {
      int depth = 0;
      String name = "";
      for (var token = cursor.next(); token != JsonCursor.Token.END; token = cursor.next()) {
        switch (token) {
          case OBJECT, ARRAY -> depth++;
          case END_OBJECT, END_ARRAY -> depth--;
          case KEY -> name = depth == 1 ? text(json, cursor) : name;
          case STRING -> {
            if (depth == 1) {
              members.computeIfAbsent(name, none -> new HashSet<>()).add(text(json, cursor));
            }
          }
          case NUMBER, TRUE, FALSE, NULL, END -> {}
        }
      }
      return members;
    } catch (UnreadableException e) {
      return Map.of();
    }
  }

  /** Longer ones are nobody's mark: they are read as what no text may hold. */
  private static String text(byte[] json, JsonCursor cursor) {
    return cursor.end() - cursor.start() > BYTES_MAX
        ? "\0"
        : JsonText.decode(json, cursor.start(), cursor.end(), cursor.escaped());
  }
}
