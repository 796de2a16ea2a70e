package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests that a dialect claims, and how they and their replies are read. Immutable. */
public final class Route {
  private static final ByteSearch STREAM =
      new ByteSearch("stream".getBytes(StandardCharsets.US_ASCII));

  private final String id;
  private final Effect effect;
  private final Set<String> methods;
  private final List<PathPattern> paths;
  private final QueryRule query;
  private final Optional<String> type;
  private final RequestRules request;
  private final List<ReplyRule> replies;
  private final Optional<RefRule> ref;
  private final Optional<JobRules> job;

  Route(
      String id,
      Effect effect,
      Target target,
      Optional<String> type,
      RequestRules request,
      List<ReplyRule> replies,
      Optional<RefRule> ref,
      Optional<JobRules> job) {
    this.id = id;
    this.effect = effect;
    this.methods = target.methods();
    this.paths = target.paths();
    this.query = target.query();
    this.type = type;
    this.request = request;
    this.replies = List.copyOf(replies);
    this.ref = ref;
    this.job = job;
  }

  /**
   * What a route is for: which methods, paths and query keys.
   *
   * @param methods none means any
   */
  record Target(Set<String> methods, List<PathPattern> paths, QueryRule query) {
    Target {
      methods = Set.copyOf(methods);
      paths = List.copyOf(paths);
    }
  }

  /** The name in metrics and the record. */
  public String id() {
    return id;
  }

  /** What it does. */
  public Effect effect() {
    return effect;
  }

  /** The media type of its requests; empty when they have no body. */
  public Optional<String> contentType() {
    return type;
  }

  /**
   * Whether a request's query is claimed.
   *
   * @param rawQuery what follows {@code ?}, not decoded; null or empty when there is none
   */
  public boolean claimsQuery(@Nullable String rawQuery) {
    return query.claims(rawQuery);
  }

  /** Under which key it keeps a file or hands one out, when it says so. */
  public Optional<RefRule> ref() {
    return ref;
  }

  /**
   * The key of the file that a request asks for.
   *
   * @param query a claimed query, not decoded; empty for none
   * @return empty when it is not spelled in the one way, or the route does not say
   */
  public Optional<String> asked(String query) {
    return ref.flatMap(rule -> this.query.values(query).flatMap(rule::asked));
  }

  /**
   * What a claimed query says at a key, as it is written.
   *
   * @param query not decoded; empty for none
   */
  public Optional<String> queryValue(String query, String key) {
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> pair.startsWith(key + "="))
        .map(pair -> pair.substring(key.length() + 1))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** The lower-case names of the request's header fields that say how it is read, or are read. */
  public Set<String> headers() {
    Set<String> names = new HashSet<>(request.head().names(HeadSelector.Source.HEADER));
    request.codec().ifPresent(codec -> names.addAll(Set.of(codec.header(), Codec.CONTENT_TYPE)));
    return names;
  }

  /** The lower-case names of a reply's header fields that say how it is read. */
  public Set<String> replyHeaders() {
    return replies.stream()
        .flatMap(rule -> rule.codec().stream())
        .map(Codec::header)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What is asked of the upstream: the request's own target, but for query keys that the dialect
   * sets.
   *
   * @param path the raw path
   * @param query a claimed query, not decoded; empty for none
   */
  public String target(String path, String query) {
    String sent = this.query.sent(query);
    return sent.isEmpty() ? path : path + "?" + sent;
  }

  /** True when its requests are graphs of nodes, which take longer to read than other bodies. */
  public boolean readsGraphs() {
    return request.graph().isPresent();
  }

  /** True when it is about jobs: whoever asks must own those that it names. */
  public boolean isOfJobs() {
    return job.isPresent();
  }

  /** True when a reply must name the job that its request began. */
  public boolean namesJob() {
    return job.filter(JobRules::named).isPresent();
  }

  /** True when a refusal is told to whoever asks for the job, not to who submits it. */
  public boolean defersRefusals() {
    return job.filter(JobRules::deferred).isPresent();
  }

  /** True when URLs of its replies are written anew: they must come without a content coding. */
  public boolean editsReplies() {
    return job.filter(it -> it.edits() || it.items().isPresent()).isPresent();
  }

  /**
   * A list of everybody's jobs without those of others.
   *
   * @param body the first {@code length} bytes are the whole reply, without content coding
   * @param own whether the job of an id is the caller's; asked on this thread
   * @return empty when the reply is no list as the dialect says, or this is no route of lists
   */
  public Optional<byte[]> own(byte[] body, int length, ReadLimits limits, Predicate<String> own) {
    return job.flatMap(JobRules::items).flatMap(it -> it.of(body, length, limits.depth(), own));
  }

  /** How it answers about a job that was refused; empty for the dialect's own refusal. */
  Optional<Block> refused() {
    return job.flatMap(JobRules::refused);
  }

  /** What stands at the names of a path that it claims. */
  public Map<String, String> captures(String path) {
    return PathPattern.split(path).flatMap(this::captures).orElse(Map.of());
  }

  private Optional<Map<String, String>> captures(List<String> segments) {
    return paths.stream()
        .filter(path -> path.matches(segments))
        .findFirst()
        .map(path -> path.captures(segments));
  }

  boolean everyPathHas(String name) {
    return paths.stream().allMatch(path -> path.names().contains(name));
  }

  Set<String> methods() {
    return methods;
  }

  boolean claimsMethod(String method) {
    return methods.isEmpty() || methods.contains(method);
  }

  boolean covers(PathPattern path) {
    return paths.stream().anyMatch(mine -> mine.covers(path));
  }

  /** Whether requests of this media type are claimed; one without a type may be any. */
  boolean claimsType(Optional<MediaType> given) {
    return type.isEmpty()
        || readsGraphs()
        || given.isEmpty()
        || given.get().essence().equals(type.get());
  }

  boolean claimsPath(List<String> segments) {
    return paths.stream().anyMatch(path -> path.matches(segments));
  }

  /** Reads body and head; what the head says comes after what the body does. */
  Reading readRequest(
      RequestHead head, @Nullable String contentType, byte[] body, ReadLimits limits) {
    Reading read =
        request.codec().filter(codec -> codec.isFor(head)).isPresent()
            ? request.codec().get().request(head, body, request, limits)
            : readRequest(contentType, body, limits);
    if (request.head().rules().isEmpty() || !(read instanceof Reading.Parts inBody)) {
      return read;
    }
    Reading before = readHead(head, limits);
    return before instanceof Reading.Parts inHead
        ? join(inBody, inHead, reverses(head.query()), limits)
        : before;
  }

  private Reading readHead(RequestHead head, ReadLimits limits) {
    Optional<Map<String, String>> values = query.values(head.query());
    Optional<Map<String, String>> captures = PathPattern.split(head.path()).flatMap(this::captures);
    return values.isEmpty() || captures.isEmpty()
        ? new Reading.Unreadable(Defect.NOT_JUDGED, "query")
        : new HeadReader(request.head(), request.denied(), limits)
            .read(head, captures.get(), values.get());
  }

  /**
   * Servers make parameters of a query: guidance there shows what the body's negative text says.
   */
  private boolean reverses(String rawQuery) {
    return query.values(rawQuery).orElse(Map.of()).entrySet().stream()
        .anyMatch(it -> Guidance.isNamed(it.getKey()) && Guidance.shows(it.getValue()));
  }

  /** Claimed texts come first, wherever they stood. */
  private static Reading join(
      Reading.Parts body, Reading.Parts head, boolean reversed, ReadLimits limits) {
    List<TextPart> texts = new ArrayList<>(body.texts());
    texts.addAll(
        body.texts().size() - body.swept(),
        head.texts().subList(0, head.texts().size() - head.swept()));
    texts.addAll(head.texts().subList(head.texts().size() - head.swept(), head.texts().size()));
    if (reversed) {
      texts.replaceAll(TextPart::asPrompt);
    }
    long chars = texts.stream().mapToLong(text -> text.value().length()).sum();
    if (texts.size() > limits.texts() || chars > limits.allTextChars()) {
      return new Reading.Unreadable(Defect.TEXT_TOO_LONG, "");
    }
    Set<String> jobs = new LinkedHashSet<>(body.jobs());
    jobs.addAll(head.jobs());
    return new Reading.Parts(
        texts,
        body.images(),
        body.links(),
        body.references(),
        head.user().or(body::user),
        body.swept() + head.swept(),
        List.copyOf(jobs),
        body.edits());
  }

  Reading readRequest(@Nullable String contentType, byte[] body, ReadLimits limits) {
    boolean mayBeEmpty = effect == Effect.CONTROL || effect == Effect.POLL;
    if (type.isEmpty() || (mayBeEmpty && body.length == 0)) {
      return body.length == 0
          ? new Reading.Parts(List.of(), List.of(), Optional.empty(), 0)
          : new Reading.Unreadable(Defect.CONTENT_TYPE, "body");
    }
    if (contentType != null
        && type.get().equals(FormType.ESSENCE)
        && FormType.isClaimed(contentType)) {
      Reading read = FormReader.read(contentType, body, request, limits);
      return effect == Effect.UPLOAD ? kept(read, body) : read;
    }
    Optional<MediaType> given = MediaType.of(contentType).filter(MediaType::plain);
    if (request.graph().isPresent() && given.filter(GraphReader::takes).isPresent()) {
      return new GraphReader(body, request, request.graph().get(), limits).read();
    }
    return given.filter(it -> it.essence().equals(type.get())).isPresent()
        ? new RequestReader(body, request, limits).read()
        : new Reading.Unreadable(Defect.CONTENT_TYPE, "content-type");
  }

  /** What is kept is used as a picture later: it must be there, and be one of those judged here. */
  private static Reading kept(Reading read, byte[] body) {
    if (!(read instanceof Reading.Parts parts)) {
      return read;
    }
    if (parts.images().isEmpty()) {
      return new Reading.Unreadable(Defect.MISSING_FIELD, "file");
    }
    boolean pictures =
        parts.images().stream()
            .allMatch(
                image ->
                    image instanceof ImagePart.Raw raw
                        && Signature.isJudged(body, raw.start(), raw.end()));
    return pictures ? read : new Reading.Unreadable(Defect.NOT_JUDGED, "file");
  }

  Reading readReply(ReplyHead head, byte[] body, int length, ReadLimits limits, Room room) {
    List<ReplyRule> rules = replies.stream().filter(rule -> rule.claims(head.status())).toList();
    if (rules.isEmpty()) {
      return new Reading.Unreadable(Defect.NOT_JUDGED, "status");
    }
    if (length == 0 && rules.stream().anyMatch(rule -> rule.imagesMin() == 0)) {
      return new Reading.Parts(List.of(), List.of(), Optional.empty(), 0);
    }
    Optional<MediaType> type = MediaType.of(head.contentType()).filter(MediaType::plain);
    for (ReplyRule rule : rules) {
      if (type.isPresent() && rule.claims(type.get())) {
        return rule.codec().isPresent()
            ? rule.codec().get().reply(head, body, length, rule, limits)
            : coded(head)
                ? new Reading.Unreadable(Defect.NOT_JUDGED, "header")
                : read(rule, type.get(), body, length, limits, room);
      }
    }
    return new Reading.Unreadable(Defect.CONTENT_TYPE, "content-type");
  }

  /** Whether a reader would take the body for one of a codec, whatever its type is. */
  private boolean coded(ReplyHead head) {
    return replyHeaders().stream().anyMatch(name -> !head.header(name).isEmpty());
  }

  /**
   * What a reply may consist of when it is a stream of events that this route claims.
   *
   * @return empty when it is to be read whole
   */
  public Optional<EventRules> events(int status, @Nullable String contentType) {
    Optional<MediaType> type = MediaType.of(contentType).filter(MediaType::plain);
    return replies.stream()
        .filter(rule -> rule.claims(status))
        .filter(rule -> type.isPresent() && rule.claims(type.get()))
        .findFirst()
        .flatMap(ReplyRule::events);
  }

  /**
   * Whether the reply to a request may be a stream of events: the route has such replies, and the
   * path or the body speaks of streams at all. A guess, for what only saves work; a reply is known
   * by its type.
   *
   * @param asked true when the request's head asks for one
   */
  public boolean mayStream(String path, byte[] body, int length, boolean asked) {
    return streams()
        && (asked
            || path.toLowerCase(Locale.ROOT).contains("stream")
            || STREAM.find(body, 0, length) >= 0);
  }

  /** True when some reply may be a stream of events. */
  boolean streams() {
    return replies.stream().anyMatch(rule -> rule.events().isPresent());
  }

  private static Reading read(
      ReplyRule rule, MediaType type, byte[] body, int length, ReadLimits limits, Room room) {
    if (length > rule.bytesMax() || rule.events().isPresent()) {
      return new Reading.Unreadable(Defect.NOT_JUDGED, "body");
    }
    if (rule.raw() && !PictureType.is(type.essence())) {
      return new Reading.Unreadable(Defect.DECLARED_TYPE, "content-type");
    }
    if (rule.raw()) {
      List<ImagePart> image = List.of(new ImagePart.Raw(0, length, "body"));
      return new Reading.Parts(List.of(), image, Optional.empty(), 0);
    }
    if (type.essence().equals(ZipReply.ESSENCE)) {
      return ZipReply.read(body, length, limits, room);
    }
    return type.json()
        ? new ReplyReader(body, length, rule, limits).read()
        : TextReply.read(body, length);
  }

  /** For messages: never holds content. */
  @Override
  public String toString() {
    return "Route[" + id + "]";
  }
}
