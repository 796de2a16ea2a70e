package io.sallyport.dialect;

import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An image API: which requests it has, where their prompts and images stand, and how it refuses.
 *
 * <p>A dialect is a file of data compiled once; it is immutable and every thread may use it.
 * Reading a body costs one pass over its bytes and, for a reply, memory for what is found only.
 *
 * <p>What is not claimed is refused: routes, methods, content types, statuses; and within a body
 * every unclaimed text is judged and every unclaimed image refused.
 */
public final class Dialect {
  /** Long enough for a full queue to move on, short enough to be no outage. */
  private static final Map<String, String> RETRY_SOON =
      Map.of("retry-after", "1", "retry-after-ms", "500");

  private final String name;
  private final String serves;
  private final String digest;
  private final List<Route> routes;
  private final Optional<Naming> naming;
  private final Refusals refusals;
  private final Optional<ChannelRules> channel;
  private final Errors errors;

  Dialect(
      String name,
      String serves,
      String digest,
      List<Route> routes,
      Optional<Naming> naming,
      Refusals refusals,
      Optional<ChannelRules> channel,
      Errors errors) {
    this.name = name;
    this.serves = serves;
    this.digest = digest;
    this.routes = List.copyOf(routes);
    this.naming = naming;
    this.refusals = refusals;
    this.channel = channel;
    this.errors = errors;
  }

  /**
   * Compiles a dialect file, which may extend one that comes with the program.
   *
   * @param file the name for problems
   * @return empty when problems were added
   */
  public static Optional<Dialect> parse(String file, byte[] yaml, Problems problems) {
    return DialectFile.read(new Source(file, yaml), Dialects::shipped, problems);
  }

  /**
   * A dialect that comes with the program.
   *
   * @throws InvalidFileException when there is none of this name
   */
  public static Dialect bundled(String name) {
    Problems problems = new Problems();
    Source source =
        Dialects.shipped(name)
            .orElseThrow(
                () ->
                    new InvalidFileException(
                        List.of(new Problem(name + ".yaml", 0, "no such dialect"))));
    Optional<Dialect> dialect = DialectFile.read(source, Dialects::shipped, problems);
    problems.throwIfAny();
    return dialect.orElseThrow();
  }

  /** The name in configuration, metrics and the record. */
  public String name() {
    return name;
  }

  /** Which servers speak it, in words; empty when the file does not say. */
  public String serves() {
    return serves;
  }

  /** SHA-256 of the file and of those that it extends, 64 lower-case hex digits. */
  public String digest() {
    return digest;
  }

  /** Its routes, in the order in which they are tried. */
  public List<Route> routes() {
    return routes;
  }

  /** How it names files that are kept; empty when its requests name none. */
  public Optional<Naming> naming() {
    return naming;
  }

  /**
   * Finds the route of a request.
   *
   * @param path the raw path, without query. It is compared as it is; one with percent-encoding,
   *     {@code ;}, {@code \}, empty or dot segments is unknown
   */
  public RouteMatch match(String method, String path) {
    return match(method, path, null);
  }

  /**
   * Finds the route of a request, of several that differ in their type the one of this type.
   *
   * @param contentType the header's value, or null when there is none
   * @see #match(String, String)
   */
  public RouteMatch match(String method, String path, @Nullable String contentType) {
    Optional<List<String>> segments = PathPattern.split(path);
    if (segments.isEmpty()) {
      return new RouteMatch.UnknownRoute();
    }
    List<Route> there = routes.stream().filter(route -> route.claimsPath(segments.get())).toList();
    List<Route> open = there.stream().filter(route -> route.claimsMethod(method)).toList();
    if (!open.isEmpty()) {
      Optional<MediaType> type = MediaType.of(contentType);
      return new RouteMatch.Found(
          open.stream()
              .filter(route -> route.claimsType(type))
              .findFirst()
              .orElse(open.getFirst()));
    }
    Set<String> allowed = new TreeSet<>();
    there.forEach(route -> allowed.addAll(route.methods()));
    return allowed.isEmpty() ? new RouteMatch.UnknownRoute() : new RouteMatch.WrongMethod(allowed);
  }

  /**
   * Reads a request strictly; nothing is thrown for any bytes.
   *
   * <p>A prompt is one text, whatever a server makes of its inside: LocalAI's {@code
   * positive|negative} is judged as a whole. A text that makes a server read a second request out
   * of it (the arguments tag of stable-diffusion.cpp) is {@link Defect#NOT_JUDGED}.
   *
   * @param route one of this dialect
   * @param contentType the header's value, or null when there is none
   * @param body the whole body, not compressed
   */
  public Reading readRequest(
      Route route, @Nullable String contentType, byte[] body, ReadLimits limits) {
    return route.readRequest(contentType, body, limits);
  }

  /**
   * Reads a request strictly, its head too: texts in a query, names in a path, header fields.
   *
   * @see #readRequest(Route, String, byte[], ReadLimits)
   */
  public Reading readRequest(
      Route route, RequestHead head, @Nullable String contentType, byte[] body, ReadLimits limits) {
    return route.readRequest(head, contentType, body, limits);
  }

  /**
   * Reads a reply; nothing is thrown for any bytes.
   *
   * <p>Leniently: strings need not be well-formed UTF-8, and of members of the same name every one
   * is read. Its texts have the role {@link TextPart.Role#CONTEXT}: they are listed for coverage,
   * not to be judged as prompts. An empty body passes with every claimed status.
   *
   * @param route the route of the request
   * @param body the first {@code length} bytes are the whole body, not compressed
   */
  public Reading readReply(
      Route route,
      int status,
      @Nullable String contentType,
      byte[] body,
      int length,
      ReadLimits limits) {
    return readReply(
        route, new ReplyHead(status, contentType, Map.of()), body, length, limits, Room.UNBOUNDED);
  }

  /**
   * Reads a reply in the light of its head, with a bound on what is unpacked from it.
   *
   * @param room asked before memory is taken for what an archive holds
   * @see #readReply(Route, int, String, byte[], int, ReadLimits)
   */
  public Reading readReply(
      Route route, ReplyHead head, byte[] body, int length, ReadLimits limits, Room room) {
    return route.readReply(head, body, length, limits, room);
  }

  /**
   * The API's own refusal.
   *
   * @param message what the client may read
   * @param requestId 1 to 128 visible ASCII characters
   * @param told what else the policy discloses
   * @throws IllegalStateException when no route of this dialect generates, so nothing is refused
   */
  public Refusal refuse(Gate gate, String message, String requestId, Told told) {
    return refuse(gate, message, requestId, told, JobWords.NONE);
  }

  /** The same of a job, or of a request for one. */
  public Refusal refuse(Gate gate, String message, String requestId, Told told, JobWords job) {
    Block block = refusals.gates().get(gate);
    if (block == null) {
      throw new IllegalStateException("dialect " + name + " has no refusals");
    }
    return block.render(gate, message, requestId, told, job);
  }

  /**
   * What the API answers to whoever asks about a job whose request was refused.
   *
   * @param route what was asked
   */
  public Refusal refuseJob(Route route, String message, String requestId, Told told, JobWords job) {
    return route
        .refused()
        .map(block -> block.render(Gate.INPUT, message, requestId, told, job))
        .orElseGet(() -> refuse(Gate.INPUT, message, requestId, told, job));
  }

  /**
   * What the API answers to a request that is refused when its job is asked for: as if there was
   * one.
   *
   * @throws IllegalStateException when no route of this dialect defers refusals
   */
  public Refusal defer(String message, String requestId, JobWords job) {
    return refusals
        .submit()
        .orElseThrow(() -> new IllegalStateException("dialect " + name + " defers nothing"))
        .render(Gate.INPUT, message, requestId, Told.nothing(), job);
  }

  /**
   * A reply with URLs written anew that would lead around the gateway; all other bytes are the
   * same.
   *
   * @param body the first {@code length} bytes are the reply
   * @param edits of the reading of this reply
   * @return empty when one cannot be written so that it leads to where this dialect is asked for
   *     jobs
   */
  public Optional<byte[]> rewrite(byte[] body, int length, List<UrlEdit> edits, JobWords job) {
    return UrlEdit.written(body, length, edits, job, this::asksForJobs);
  }

  private boolean asksForJobs(String path, String query) {
    return PathPattern.split(path)
        .filter(
            segments ->
                routes.stream()
                    .filter(route -> route.isOfJobs() && route.effect() != Effect.CREATE_JOB)
                    .filter(route -> route.claimsPath(segments))
                    .anyMatch(route -> route.claimsQuery(query)))
        .isPresent();
  }

  /**
   * The API's own refusal of an image in a stream that has begun: its last event.
   *
   * @param message what the client may read
   * @param requestId 1 to 128 visible ASCII characters
   * @param told what else the policy discloses
   * @param job what the stream is about
   * @throws IllegalStateException when no reply of this dialect is a stream
   */
  public byte[] refuseInStream(String message, String requestId, Told told, JobWords job) {
    Map<Template.Field, Object> values = Block.values(Gate.OUTPUT, message, told);
    values.put(Template.Field.REQUEST_ID, requestId);
    values.put(Template.Field.ID, requestId);
    job.tell(values);
    return streamBlock().refusal(values);
  }

  /**
   * An error in a stream that has begun, in the API's own envelope: its last event.
   *
   * @throws IllegalStateException when no reply of this dialect is a stream
   */
  public byte[] errorInStream(ClientError kind, String message, String requestId) {
    return streamBlock().event(error(kind, message, requestId).body());
  }

  /** What its channels may carry; empty when no route opens one. */
  public Optional<ChannelRules> channel() {
    return channel;
  }

  /**
   * The API's own message that an image of a channel is withheld by policy.
   *
   * @param job the id of the job whose image it is
   * @throws IllegalStateException when this dialect has no channels
   */
  public byte[] refuseInChannel(String message, String requestId, String job, Told told) {
    Map<Template.Field, Object> values = Block.values(Gate.OUTPUT, message, told);
    values.put(Template.Field.REQUEST_ID, requestId);
    values.put(Template.Field.ID, job);
    return channelBlock().refusal(values);
  }

  /**
   * The API's own message that an image of a channel is withheld for another reason.
   *
   * @see #refuseInChannel
   */
  public byte[] errorInChannel(ClientError kind, String message, String requestId, String job) {
    return channelBlock()
        .failure(
            Map.of(
                Template.Field.MESSAGE, Answer.wellFormed(message),
                Template.Field.REQUEST_ID, requestId,
                Template.Field.ID, job,
                Template.Field.TYPE, kind.type(),
                Template.Field.CODE, kind.code()));
  }

  private ChannelBlock channelBlock() {
    return refusals
        .channel()
        .orElseThrow(() -> new IllegalStateException("dialect " + name + " has no channels"));
  }

  private StreamBlock streamBlock() {
    return refusals.stream()
        .orElseThrow(() -> new IllegalStateException("dialect " + name + " has no streams"));
  }

  /**
   * An error in the API's own envelope.
   *
   * @param message what the client may read
   * @param requestId 1 to 128 visible ASCII characters
   */
  public Refusal error(ClientError kind, String message, String requestId) {
    Map<String, String> headers = new HashMap<>();
    if (!kind.retryable()) {
      headers.put("x-should-retry", "false");
    }
    if (kind == ClientError.OVERLOADED) {
      headers.putAll(RETRY_SOON);
    }
    if (kind == ClientError.UNAUTHENTICATED) {
      headers.put("www-authenticate", "Bearer");
    }
    Map<Template.Field, Object> values =
        Map.of(
            Template.Field.MESSAGE, Answer.wellFormed(message),
            Template.Field.TYPE, kind.type(),
            Template.Field.CODE, kind.code(),
            Template.Field.STATUS, kind.status(),
            Template.Field.RPC_STATUS, RpcStatus.of(kind));
    return errors.of(kind).render(kind.status(), requestId, values, headers);
  }

  /** For messages. */
  @Override
  public String toString() {
    return "Dialect[" + name + "]";
  }
}
