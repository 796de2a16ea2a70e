package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A path that a route claims: literal segments, {@code {name}} for any one segment, {@code
 * {name}:verb} for one that ends so, {@code {a,b}} for either, and {@code **} at the end for any
 * number of segments, none included.
 *
 * <p>Paths are compared as they came, never normalised: what a server would make of another
 * spelling of a path is not guessed at, it is refused.
 *
 * @param open true when it ends in {@code **}
 */
record PathPattern(List<Segment> segments, boolean open) {
  /** The name under which selectors find what {@code **} stands for. */
  static final String REST = "rest";

  private static final int SPELLINGS_MAX = 256;

  /** RFC 3986 path characters without percent-encoding and without {@code ;}. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+");

  /** Names stand between angle brackets once alternatives are spelled out. */
  private static final Pattern WRITTEN =
      Pattern.compile("(/(<[a-z_]+>(:[A-Za-z0-9._-]+)?|[A-Za-z0-9._~:@-]+))*(/\\*\\*)?|/");

  private static final Pattern NAME_AS_WRITTEN = Pattern.compile("\\{([a-z_]+)\\}");

  /**
   * One segment.
   *
   * @param name of what stands there; empty when it is literal
   * @param text the whole of a literal segment; what another one ends in, {@code :} first
   */
  record Segment(String name, String text) {
    private static Segment of(String written) {
      int end = written.indexOf('>');
      return end < 0
          ? new Segment("", written)
          : new Segment(written.substring(1, end), written.substring(end + 1));
    }

    boolean literal() {
      return name.isEmpty();
    }

    /** A verb is what follows the only colon: another one could be read as its beginning. */
    boolean fits(String segment) {
      if (literal()) {
        return segment.equals(text);
      }
      int verb = segment.length() - text.length();
      return text.isEmpty() || (verb > 0 && segment.endsWith(text) && segment.indexOf(':') == verb);
    }

    String captured(String segment) {
      return segment.substring(0, segment.length() - text.length());
    }

    boolean covers(Segment other) {
      return other.literal() ? fits(other.text) : !literal() && (text.isEmpty() || equalEnd(other));
    }

    private boolean equalEnd(Segment other) {
      return text.equals(other.text);
    }

    @Override
    public String toString() {
      return literal() ? text : "{" + name + "}" + text;
    }
  }

  PathPattern {
    segments = List.copyOf(segments);
  }

  /** Every path that a written one stands for; none, and problems, when it is wrong. */
  static List<PathPattern> parse(String text, List<String> bases, Consumer<String> problem) {
    List<PathPattern> patterns = new ArrayList<>();
    List<String> heads = text.startsWith("{base}") ? bases : List.of("");
    String rest = text.startsWith("{base}") ? text.substring("{base}".length()) : text;
    for (String spelled : Braces.expand(marked(rest), SPELLINGS_MAX, problem)) {
      for (String head : heads) {
        String path = marked(head) + spelled;
        if (text.indexOf('<') < 0 && !path.isEmpty() && WRITTEN.matcher(path).matches()) {
          patterns.add(pattern(path, problem));
        } else {
          problem.accept("not a path: '" + path.replace('<', '{').replace('>', '}') + "'");
        }
      }
    }
    return patterns;
  }

  private static PathPattern pattern(String path, Consumer<String> problem) {
    boolean open = path.endsWith("/**");
    String closed = open ? path.substring(0, path.length() - 3) : path;
    List<Segment> segments =
        closed.isEmpty() ? List.of() : pieces(closed).stream().map(Segment::of).toList();
    Set<String> names = new HashSet<>();
    for (Segment segment : segments) {
      if (!segment.literal() && !(names.add(segment.name()) && !segment.name().equals(REST))) {
        problem.accept("the name {" + segment.name() + "} cannot stand here");
      }
    }
    return new PathPattern(segments, open);
  }

  private static String marked(String text) {
    return NAME_AS_WRITTEN.matcher(text).replaceAll("<$1>");
  }

  /** The segments of a request's path; empty when it is not spelled canonically. */
  static Optional<List<String>> split(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> segments = pieces(path);
    return segments.stream().allMatch(PathPattern::canonical)
        ? Optional.of(segments)
        : Optional.empty();
  }

  private static boolean canonical(String segment) {
    return SEGMENT.matcher(segment).matches() && !segment.equals(".") && !segment.equals("..");
  }

  boolean matches(List<String> path) {
    if (open ? path.size() < segments.size() : path.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!segments.get(i).fits(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** What stands at each name of a path that matches; {@link #REST} only when there is some. */
  Map<String, String> captures(List<String> path) {
    Map<String, String> captures = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      if (!segments.get(i).literal()) {
        captures.put(segments.get(i).name(), segments.get(i).captured(path.get(i)));
      }
    }
    if (path.size() > segments.size()) {
      captures.put(REST, String.join("/", path.subList(segments.size(), path.size())));
    }
    return captures;
  }

  /** The names under which something may be captured. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    segments.stream().filter(it -> !it.literal()).forEach(it -> names.add(it.name()));
    if (open) {
      names.add(REST);
    }
    return names;
  }

  /** True when this claims every path that {@code other} claims. */
  boolean covers(PathPattern other) {
    int mine = segments.size();
    int others = other.segments.size();
    if (open ? mine > others : other.open || mine != others) {
      return false;
    }
    for (int i = 0; i < mine; i++) {
      if (!segments.get(i).covers(other.segments.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The path, for messages. */
  @Override
  public String toString() {
    String path = "/" + String.join("/", segments.stream().map(Segment::toString).toList());
    return open ? (segments.isEmpty() ? "/**" : path + "/**") : path;
  }

  private static List<String> pieces(String path) {
    return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
  }
}
