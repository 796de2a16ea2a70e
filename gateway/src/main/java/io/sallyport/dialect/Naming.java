package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an API names the files that it keeps, and where the gateway gets one that it does not know.
 * Each file has one key here, whichever of several spellings a request uses. Immutable.
 *
 * <p>{@code ids}: the key is the id. {@code folders}: the key is {@code ROOT/NAME} or {@code
 * ROOT/FOLDER/NAME}, and requests write {@code NAME}, {@code FOLDER/NAME}, or either with {@code
 * [ROOT]} behind it, as ComfyUI's nodes do; the root is then {@code input} unless it is given.
 *
 * <p>A name that a server could take for another one has no key: with {@code ..}, backslashes,
 * colons, brackets, control characters, or blanks and dots at an end.
 */
public final class Naming {
  /** The root of files that name none. */
  private static final String USUAL_ROOT = "input";

  private static final int KEY_MAX = 512;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern ROOT = Pattern.compile("[a-z]{1,20}");
  private static final Pattern SEGMENT =
      Pattern.compile(
          "[^\\p{Cntrl}\\p{Cs}/\\\\:\\[\\]\\s.][^\\p{Cntrl}\\p{Cs}/\\\\:\\[\\]]{0,199}");
  private static final Pattern ANNOTATED = Pattern.compile("(.*) \\[(input|output|temp)\\]");
  private static final Pattern TARGET = Pattern.compile("/[A-Za-z0-9._~/?=&-]*");
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]*)\\}");

  private final boolean folders;
  private final Optional<String> at;

  private Naming(boolean folders, Optional<String> at) {
    this.folders = folders;
    this.at = at;
  }

  /** How names are made. */
  private enum Names {
    IDS,
    FOLDERS
  }

  /** What becomes of a name that is not known. */
  private enum Unknown {
    REFUSE,
    FETCH
  }

  /** Reads {@code ref: {names, unknown, at}} of a dialect. */
  static Naming of(YamlValue value) {
    YamlMap map = value.asMap();
    boolean folders =
        map.require("names", Names.IDS, it -> it.asEnum(Names.class)) == Names.FOLDERS;
    Unknown unknown = map.require("unknown", Unknown.REFUSE, it -> it.asEnum(Unknown.class));
    Optional<YamlValue> at = map.get("at");
    map.rejectUnknown();
    if (at.isPresent() != (unknown == Unknown.FETCH)) {
      map.self().problem("'at' says where an unknown file is fetched: with 'unknown: fetch' only");
    }
    at.ifPresent(it -> requireTarget(it.asString(), folders, it::problem));
    return new Naming(folders, at.map(YamlValue::asString));
  }

  private static void requireTarget(String target, boolean folders, Consumer<String> problem) {
    List<String> known = folders ? List.of("root", "folder", "name") : List.of("name");
    List<String> used = PLACE.matcher(target).results().map(it -> it.group(1)).toList();
    boolean fixed = TARGET.matcher(PLACE.matcher(target).replaceAll("")).matches();
    if (!fixed || !used.containsAll(known) || used.size() != known.size()) {
      problem.accept("a path and query with " + known + " in braces, each once");
    }
  }

  /** Whether keys have folders. */
  boolean folders() {
    return folders;
  }

  /** Whether a file that is not known is fetched from the upstream and judged; else refused. */
  public boolean fetched() {
    return at.isPresent();
  }

  /** The key of what a request names; empty when it is spelled in no way that all read alike. */
  public Optional<String> key(String spelled) {
    if (!folders) {
      return key(List.of(spelled));
    }
    Matcher annotated = ANNOTATED.matcher(spelled);
    boolean rooted = annotated.matches();
    String path = rooted ? annotated.group(1) : spelled;
    int slash = path.lastIndexOf('/');
    return slash == 0
        ? Optional.empty()
        : key(
            List.of(
                rooted ? annotated.group(2) : USUAL_ROOT,
                path.substring(0, Math.max(0, slash)),
                path.substring(slash + 1)));
  }

  /**
   * The key of a file by what it is made of.
   *
   * @param parts the id; or root, folder and name, of which the folder may be empty
   */
  Optional<String> key(List<String> parts) {
    if (!folders) {
      return Optional.of(parts.getFirst()).filter(id -> ID.matcher(id).matches());
    }
    String folder = parts.get(1);
    boolean plain =
        ROOT.matcher(parts.getFirst()).matches()
            && (folder.isEmpty()
                || List.of(folder.split("/", -1)).stream().allMatch(Naming::isSegment))
            && isSegment(parts.get(2));
    String key = parts.getFirst() + "/" + (folder.isEmpty() ? "" : folder + "/") + parts.get(2);
    return Optional.of(key).filter(it -> plain && it.length() <= KEY_MAX);
  }

  private static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches()
        && !text.contains("..")
        && !text.endsWith(".")
        && !Character.isWhitespace(text.charAt(text.length() - 1));
  }

  /**
   * What to ask the upstream for, to get a file: path and query.
   *
   * @param key one of this naming's, whose {@link #fetched} is true
   */
  public String target(String key) {
    int first = folders ? key.indexOf('/') : -1;
    int last = folders ? key.lastIndexOf('/') : -1;
    String root = first < 0 ? "" : key.substring(0, first);
    String folder = first == last ? "" : key.substring(first + 1, last);
    String name = key.substring(last + 1);
    return PLACE
        .matcher(at.orElseThrow())
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group(1)) {
                      case "root" -> encoded(root);
                      case "folder" -> encoded(folder);
                      default -> encoded(name);
                    }));
  }

  /** Every server undoes {@code %20}; {@code +} is a blank to some only. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
