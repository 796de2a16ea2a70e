package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A place in a request's head: {@code query:prompt}, {@code query:*} for any key, {@code
 * path:model} for what stands at {@code {model}} in the route's path, {@code header:x-end-user}.
 * {@code {a,b}} stands for either spelling.
 *
 * @param name {@code *} for any key of a query
 */
record HeadSelector(Source source, String name) {
  private static final int ALTERNATIVES_MAX = 64;
  private static final Pattern HEADER = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  /** Where in the head. */
  enum Source {
    QUERY,
    PATH,
    HEADER;

    private String prefix() {
      return name().toLowerCase(Locale.ROOT) + ":";
    }
  }

  /** True when a written selector is one of these. */
  static boolean is(String text) {
    for (Source source : Source.values()) {
      if (text.startsWith(source.prefix())) {
        return true;
      }
    }
    return false;
  }

  /** Every selector that a written one stands for; none, and problems, when it is wrong. */
  static List<HeadSelector> parse(String text, Consumer<String> problem) {
    List<HeadSelector> selectors = new ArrayList<>();
    for (String spelled : Braces.expand(text, ALTERNATIVES_MAX, problem)) {
      for (Source source : Source.values()) {
        if (spelled.startsWith(source.prefix())) {
          String name = spelled.substring(source.prefix().length());
          if (!fits(source, name)) {
            problem.accept("not a place in a request's head: '" + spelled + "'");
          }
          selectors.add(new HeadSelector(source, name));
        }
      }
    }
    return selectors;
  }

  private static boolean fits(Source source, String name) {
    return switch (source) {
      case QUERY -> name.equals("*") || NAME.matcher(name).matches();
      case PATH -> NAME.matcher(name).matches();
      case HEADER -> HEADER.matcher(name).matches();
    };
  }

  boolean selects(Source from, String key) {
    return source == from && (name.equals("*") || name.equals(key));
  }
}
