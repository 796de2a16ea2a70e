package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A path that a route claims: literal segments and {@code {name}} for any one segment.
 *
 * <p>Paths are compared as they came, never normalised: what a server would make of another
 * spelling of a path is not guessed at, it is refused.
 *
 * @param segments literal, or {@link #VARIABLE}
 */
record PathPattern(List<String> segments) {
  private static final String VARIABLE = "{}";
  private static final int SPELLINGS_MAX = 256;

  /** RFC 3986 path characters without percent-encoding and without {@code ;}. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+");

  private static final Pattern WRITTEN = Pattern.compile("(/([A-Za-z0-9._~:@-]+|\\{\\}))+|/");

  private static final Pattern VARIABLE_AS_WRITTEN = Pattern.compile("\\{[a-z_]+\\}");

  PathPattern {
    segments = List.copyOf(segments);
  }

  /** Every path that a written one stands for; none, and problems, when it is wrong. */
  static List<PathPattern> parse(String text, List<String> bases, Consumer<String> problem) {
    List<PathPattern> patterns = new ArrayList<>();
    List<String> heads = text.startsWith("{base}") ? bases : List.of("");
    String rest = text.startsWith("{base}") ? text.substring("{base}".length()) : text;
    String marked = VARIABLE_AS_WRITTEN.matcher(rest).replaceAll("\0");
    for (String spelled : Braces.expand(marked, SPELLINGS_MAX, problem)) {
      for (String head : heads) {
        String path = (head + spelled).replace("\0", VARIABLE);
        if (WRITTEN.matcher(path).matches()) {
          patterns.add(new PathPattern(segments(path)));
        } else {
          problem.accept("not a path: '" + path.replace(VARIABLE, "{name}") + "'");
        }
      }
    }
    return patterns;
  }

  /** The segments of a request's path; empty when it is not spelled canonically. */
  static Optional<List<String>> split(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> segments = segments(path);
    return segments.stream().allMatch(PathPattern::canonical)
        ? Optional.of(segments)
        : Optional.empty();
  }

  private static boolean canonical(String segment) {
    return SEGMENT.matcher(segment).matches() && !segment.equals(".") && !segment.equals("..");
  }

  boolean matches(List<String> path) {
    if (path.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!segments.get(i).equals(VARIABLE) && !segments.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** True when this claims every path that {@code other} claims. */
  boolean covers(PathPattern other) {
    return matches(other.segments);
  }

  /** The path, for messages. */
  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }

  private static List<String> segments(String path) {
    return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
  }
}
