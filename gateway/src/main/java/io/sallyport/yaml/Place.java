package io.sallyport.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands: in which file, on which line, under which keys. Places link to their
 * parents instead of spelling the whole path, so that a long key over many values costs its length
 * once.
 *
 * @param line 1-based
 * @param key the key in the parent's mapping, or empty for an item of a list or the root
 * @param index the position in the parent's list, or -1
 */
record Place(String file, int line, @Nullable Place parent, String key, int index) {
  private static final int SHOWN_MAX = 60;

  static Place root(String file, int line) {
    return new Place(file, line, null, "", -1);
  }

  Place entry(String name, int at) {
    return new Place(file, at, this, name, -1);
  }

  Place item(int position, int at) {
    return new Place(file, at, this, "", position);
  }

  /** {@code rules[2].when}; empty for the root. */
  String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    if (index >= 0) {
      return above + "[" + index + "]";
    }
    return above.isEmpty() ? shorten(key) : above + "." + shorten(key);
  }

  /** At most some sixty characters of the operator's text, for messages. */
  static String shorten(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }
}
