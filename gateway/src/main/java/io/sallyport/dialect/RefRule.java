package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under which key a route keeps a file, or hands one out.
 *
 * <pre>
 * ref:
 *   key: KEY          # effect upload: of the reply; fetch: of the query
 *   replaces: KEY     # upload: of the form, what is there may be another file from now on
 *   original: KEY     # upload: of the form, what the new file is made of
 *   composite: true   # upload: what is kept is not what was sent, and judged by itself
 * </pre>
 */
public final class RefRule {
  private static final int DEPTH_MAX = 16;

  private final Naming naming;
  private final KeyTemplate key;
  private final Optional<KeyTemplate> replaces;
  private final Optional<KeyTemplate> original;
  private final boolean composite;

  private RefRule(
      Naming naming,
      KeyTemplate key,
      Optional<KeyTemplate> replaces,
      Optional<KeyTemplate> original,
      boolean composite) {
    this.naming = naming;
    this.key = key;
    this.replaces = replaces;
    this.original = original;
    this.composite = composite;
  }

  /**
   * Reads what a route says.
   *
   * @param queries the keys of a query whose values the route reads
   */
  static RefRule of(YamlValue value, Naming naming, Effect effect, Set<String> queries) {
    YamlMap map = value.asMap();
    boolean upload = effect == Effect.UPLOAD;
    Set<KeyTemplate.Source> form = EnumSet.of(KeyTemplate.Source.FORM, KeyTemplate.Source.FILE);
    KeyTemplate.Source from = upload ? KeyTemplate.Source.REPLY : KeyTemplate.Source.QUERY;
    KeyTemplate key =
        map.require(
            "key",
            new KeyTemplate(List.of()),
            it -> KeyTemplate.parse(it.asString(), naming, EnumSet.of(from), it::problem));
    Optional<KeyTemplate> replaces =
        map.get("replaces").map(it -> KeyTemplate.parse(it.asString(), naming, form, it::problem));
    Optional<KeyTemplate> original =
        map.get("original").map(it -> KeyTemplate.parse(it.asString(), naming, form, it::problem));
    boolean composite = map.get("composite", false, YamlValue::asBoolean);
    map.rejectUnknown();
    if (!upload && (replaces.isPresent() || original.isPresent() || composite)) {
      value.problem("a route that hands files out has a 'key' only");
    }
    if (composite && !naming.fetched()) {
      value.problem("a composite is fetched to be judged: the dialect's ref says no 'at'");
    }
    if (!queries.containsAll(key.names(KeyTemplate.Source.QUERY))) {
      value.problem("the parts of the key must be claimed: values or plain, with query:NAME");
    }
    return new RefRule(naming, key, replaces, original, composite);
  }

  /** How the files are named. */
  public Naming naming() {
    return naming;
  }

  /** Whether what is kept differs from what was sent, and must be judged too. */
  public boolean composite() {
    return composite;
  }

  /** Whether an upload's form names a file that the new one is made of. */
  public boolean hasOriginal() {
    return original.isPresent();
  }

  /** Whether an upload's form tells whose place the new file may take. */
  public boolean mayReplace() {
    return replaces.isPresent();
  }

  /**
   * The key under which a file is kept from now on, as the reply to its upload says.
   *
   * @param reply the whole body, without content coding
   * @return empty when the reply does not say so in one way
   */
  public Optional<String> stored(byte[] reply) {
    Map<String, Set<String>> members = TopMembers.of(reply, DEPTH_MAX);
    return key.key(naming, place -> only(members.get(place.name().substring(1))));
  }

  /**
   * The key of the file that a request asks for.
   *
   * @param query the values of its query, decoded
   */
  Optional<String> asked(Map<String, String> query) {
    return key.key(naming, place -> Optional.ofNullable(query.get(place.name())));
  }

  /** The key whose file an upload may replace; empty when the form does not say it plainly. */
  public Optional<String> replaced(String contentType, byte[] form) {
    return replaces.flatMap(it -> ofForm(it, contentType, form));
  }

  /** The key of the file that an upload's is made of; empty when it is not said plainly. */
  public Optional<String> original(String contentType, byte[] form) {
    return original.flatMap(it -> ofForm(it, contentType, form));
  }

  private Optional<String> ofForm(KeyTemplate template, String contentType, byte[] form) {
    Optional<byte[]> boundary = FormType.boundary(contentType);
    if (boundary.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<FormPart> parts = FormParts.read(form, boundary.get());
      return template.key(naming, place -> value(place, parts, form));
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> value(
      KeyTemplate.Place place, List<FormPart> parts, byte[] form) {
    boolean file = place.source() == KeyTemplate.Source.FILE;
    String[] path = place.name().split("/", 2);
    return parts.stream()
        .filter(part -> part.file() == file && part.name().equals(path[0]))
        .findFirst()
        .map(
            part ->
                file
                    ? text(form, part.nameStart(), part.nameEnd())
                    : text(form, part.start(), part.end()))
        .flatMap(
            text ->
                path.length == 1
                    ? Optional.of(text)
                    : only(
                        TopMembers.of(text.getBytes(StandardCharsets.UTF_8), DEPTH_MAX)
                            .get(path[1])));
  }

  private static String text(byte[] form, int start, int end) {
    return new String(form, start, end - start, StandardCharsets.UTF_8);
  }

  private static Optional<String> only(@Nullable Set<String> values) {
    return values != null && values.size() == 1
        ? Optional.of(values.iterator().next())
        : Optional.empty();
  }

  /** For messages. */
  @Override
  public String toString() {
    return "RefRule[" + key + "]";
  }
}
