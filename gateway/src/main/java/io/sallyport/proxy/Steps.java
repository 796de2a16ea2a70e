package io.sallyport.proxy;

import io.sallyport.coding.ContentCoding;
import io.sallyport.config.GatewayConfig.Drift;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.BadBase64Exception;
import io.sallyport.dialect.Defect;
import io.sallyport.dialect.Effect;
import io.sallyport.dialect.EventFrame;
import io.sallyport.dialect.EventReader;
import io.sallyport.dialect.EventReading;
import io.sallyport.dialect.ImagePart;
import io.sallyport.dialect.JobWords;
import io.sallyport.dialect.LinkPart;
import io.sallyport.dialect.ReadLimits;
import io.sallyport.dialect.Reading;
import io.sallyport.dialect.Refusal;
import io.sallyport.dialect.ReplyHead;
import io.sallyport.dialect.RequestHead;
import io.sallyport.dialect.UrlEdit;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;

/** The steps that several flows share. Lives on the visit's event loop. */
final class Steps {
  private static final Duration READ_WITHIN = Duration.ofSeconds(10);

  /** What hands out what is there already. */
  private static final Set<Effect> WHOLE = EnumSet.of(Effect.FETCH, Effect.POLL, Effect.LIST);

  private final Corridor corridor;
  private final Visit visit;
  private final Responder responder;
  private final LaneRead reader;
  private final PlainCopies copies;

  Steps(Corridor corridor, Visit visit, Responder responder) {
    this.corridor = corridor;
    this.visit = visit;
    this.responder = responder;
    this.reader = new LaneRead(corridor.lane(), READ_WITHIN, visit.caller.name());
    this.copies = new PlainCopies(corridor, visit, reader);
  }

  Visit visit() {
    return visit;
  }

  Responder responder() {
    return responder;
  }

  Corridor corridor() {
    return corridor;
  }

  Gates gates() {
    return corridor.gates();
  }

  /** Answers with the upstream's reply. */
  Future<Outcome> pass(UpstreamClient.Reply reply) {
    corridor.meters().replyBytes(reply.body().length());
    if (corridor.dialects().coverageHeader()) {
      visit.request.response().putHeader(HeaderRules.COVERAGE, visit.coverage());
    }
    return responder
        .pass(reply, visit.requestId)
        .map(new Outcome(reply.status() < 400 ? "allowed" : "upstream_error", reply.status()));
  }

  /**
   * Collects the request's body within its caps and its deadline, and undoes its content coding
   * beside it; refuses, on record, what cannot be decoded.
   */
  Future<Body> receive() {
    long since = System.nanoTime();
    BodyCollector collector =
        visit.keep(
            new BodyCollector(
                corridor.limits().requestBytes(),
                corridor.budget(),
                TransportReason.REQUEST_TOO_LARGE));
    Future<Body> body =
        collector.collect(visit.request, Bodies.declaredLength(visit.request.headers()));
    return within(body, corridor.limits().bodyTime())
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof RefusedException
                        ? thrown
                        : new RefusedException(TransportReason.CLIENT_LEFT)))
        .onSuccess(
            received -> {
              visit.timed("receive", since);
              corridor.meters().requestBytes(received.length());
            })
        .compose(this::decoded);
  }

  private Future<Body> decoded(Body body) {
    long since = System.nanoTime();
    ContentCoding coding =
        ContentCoding.of(visit.request.headers().getAll(HttpHeaders.CONTENT_ENCODING))
            .orElseThrow();
    return copies
        .ofRequest(body, coding)
        .recover(thrown -> unreadable(Stage.PROMPT, thrown))
        .onSuccess(plain -> visit.timed("read", since))
        .map(body::with);
  }

  /** Reads a request's body by the dialect; refuses, on record, what cannot be read. */
  Future<Reading.Parts> readRequest(Body body) {
    long since = System.nanoTime();
    Body plain = body.plain();
    String type = Bodies.contentType(visit.request.headers());
    RequestHead head = head();
    return reader
        .read(
            visit.context,
            visit.departure,
            visit.route.readsGraphs() ? Integer.MAX_VALUE : plain.length(),
            () ->
                visit.dialect.readRequest(visit.route, head, type, plain.exact(), requestLimits()))
        .compose(
            reading -> {
              visit.timed("read", since);
              return switch (reading) {
                case Reading.Parts parts -> claimed(parts);
                case Reading.Unreadable(var defect, var where) -> {
                  drifted(defect);
                  yield refuse(Stage.PROMPT, new RefusalReason.Request(defect));
                }
              };
            });
  }

  private ReadLimits requestLimits() {
    return corridor.readLimits().withRequestUrls(corridor.requestFetcher().isPresent());
  }

  /** Works on a body of this length, on a lane thread when it is large. */
  <T> Future<T> onLane(int length, Callable<T> work) {
    return reader.read(visit.context, visit.departure, length, work);
  }

  private RequestHead head() {
    return new RequestHead(path(), query(), values(visit.request.headers(), visit.route.headers()));
  }

  private static Map<String, List<String>> values(MultiMap headers, Set<String> names) {
    Map<String, List<String>> values = new HashMap<>();
    names.forEach(name -> values.put(name, List.copyOf(headers.getAll(name))));
    return values;
  }

  private String path() {
    String path = visit.request.path();
    return path == null ? "" : path;
  }

  private String query() {
    String query = visit.request.query();
    return query == null ? "" : query;
  }

  /** Counts what a dialect does not know of its API, or an upstream does not keep to. */
  private void drifted(Defect defect) {
    if (defect == Defect.UNCLAIMED_IMAGE) {
      corridor.meters().drift(visit.dialect.name(), visit.route.id(), "image");
    }
  }

  private Future<Reading.Parts> claimed(Reading.Parts parts) {
    if (parts.swept() > 0) {
      corridor.meters().drift(visit.dialect.name(), visit.route.id(), "text");
      if (corridor.dialects().drift() == Drift.REFUSE) {
        return refuse(Stage.PROMPT, new RefusalReason.Request(Defect.UNCLAIMED_TEXT));
      }
    }
    parts.user().ifPresent(user -> visit.subject(corridor.gates().subject(user)));
    return Future.succeededFuture(parts);
  }

  /** Calls the upstream once and collects its whole reply. */
  Future<UpstreamClient.Reply> call(Body body) {
    return ask(body, (status, headers) -> false).map(UpstreamClient.Reply.class::cast);
  }

  /** Calls the upstream once; a stream of events that the route claims is handed out as one. */
  Future<UpstreamClient.Answered> ask(Body body) {
    return ask(
        body,
        (status, headers) -> visit.route.events(status, Bodies.contentType(headers)).isPresent());
  }

  private Future<UpstreamClient.Answered> ask(Body body, BiPredicate<Integer, MultiMap> streamed) {
    long since = System.nanoTime();
    BodyCollector collector =
        visit.keep(
            new BodyCollector(
                corridor.limits().replyBytes(),
                corridor.budget(),
                TransportReason.REPLY_TOO_LARGE));
    return corridor
        .upstream()
        .call(
            visit.context,
            visit.request.method(),
            visit.route.target(path(), query()),
            asked(body.plain()),
            notForwarded(body),
            visit.requestId,
            body,
            collector,
            streamed,
            visit.departure)
        .onComplete(done -> visit.timed("upstream", since));
  }

  /**
   * The request's header fields. Events are judged as they come, so their stream is not coded; nor
   * is a reply in which something is written anew.
   */
  private MultiMap asked(Body plain) {
    MultiMap headers = visit.request.headers();
    boolean events = String.valueOf(headers.get(HttpHeaders.ACCEPT)).contains("event-stream");
    return visit.route.editsReplies()
            || visit.route.mayStream(path(), plain.bytes(), plain.length(), events)
        ? MultiMap.caseInsensitiveMultiMap()
            .addAll(headers)
            .set(HttpHeaders.ACCEPT_ENCODING, "identity")
        : headers;
  }

  /**
   * Reads one block of a stream, decodes and hashes its images, and fetches those that it names by
   * URL; refuses, on record, what cannot be read.
   */
  Future<StreamedEvent> readEvent(EventReader events, EventFrame frame) {
    return reader
        .read(visit.context, visit.departure, frame.length(), () -> event(events, frame))
        .compose(read -> withLinked(read))
        .recover(thrown -> unreadable(Stage.OUTPUT_IMAGE, thrown));
  }

  /**
   * One block of a stream.
   *
   * @param links images of it that are elsewhere: only of one that is {@code Pictured}
   */
  private record ReadEvent(StreamedEvent event, List<LinkPart> links) {
    ReadEvent(StreamedEvent event) {
      this(event, List.of());
    }
  }

  private ReadEvent event(EventReader events, EventFrame frame) throws BadBase64Exception {
    return switch (events.read(frame)) {
      case EventReading.Comment comment -> new ReadEvent(new StreamedEvent.Comment());
      case EventReading.Plain plain -> new ReadEvent(new StreamedEvent.Plain());
      case EventReading.Dropped dropped -> new ReadEvent(new StreamedEvent.Dropped());
      case EventReading.Images(var data, var images, var links, var preview) -> {
        Images found = decode(Stage.OUTPUT_IMAGE, data, images);
        yield new ReadEvent(new StreamedEvent.Pictured(found, preview, () -> {}), links);
      }
      case EventReading.Malformed malformed ->
          throw new RefusedException(TransportReason.REPLY_STREAM);
      case EventReading.Unreadable(var defect, var where) ->
          throw new RefusedException(new RefusalReason.Reply(defect));
    };
  }

  /** A stream may be long: what was fetched for an event is kept no longer than the event. */
  private Future<StreamedEvent> withLinked(ReadEvent read) {
    if (read.links().isEmpty()
        || !(read.event() instanceof StreamedEvent.Pictured(var images, var preview, var none))) {
      return Future.succeededFuture(read.event());
    }
    Links links = new Links(corridor, visit);
    return linked(links, new Found(images, read.links(), List.of(), List.of()))
        .<StreamedEvent>map(
            all -> new StreamedEvent.Pictured(all.images(), preview, links::release))
        .onFailure(thrown -> links.release());
  }

  /**
   * Decodes and hashes the images of a channel's message; refuses, on record, what cannot be
   * decoded.
   */
  Future<Images> readOutput(byte[] message, List<ImagePart> parts) {
    return reader
        .read(
            visit.context,
            visit.departure,
            message.length,
            () -> decode(Stage.OUTPUT_IMAGE, message, parts))
        .recover(thrown -> unreadable(Stage.OUTPUT_IMAGE, thrown));
  }

  /** An image goes out whole or not at all: a part of one cannot be judged. */
  private Set<String> notForwarded(Body body) {
    Set<String> names = new HashSet<>(visit.caller.ownHeaders());
    if (body.edited()) {
      names.addAll(HeaderRules.OF_BYTES);
    }
    if (WHOLE.contains(visit.route.effect())) {
      names.addAll(HeaderRules.FOR_PARTS);
    }
    return names;
  }

  /** Finds, decodes and hashes every image of a reply; refuses, on record, what cannot be read. */
  Future<Images> readReply(UpstreamClient.Reply reply) {
    return read(reply).map(Found::images);
  }

  /** The same, with what the reply says of jobs. */
  Future<Found> read(UpstreamClient.Reply reply) {
    Optional<ContentCoding> coding =
        ContentCoding.of(reply.headers().getAll(HttpHeaders.CONTENT_ENCODING));
    if (coding.isEmpty()) {
      return refuse(Stage.OUTPUT_IMAGE, TransportReason.REPLY_ENCODING);
    }
    long since = System.nanoTime();
    return copies
        .ofReply(reply.body(), coding.get())
        .compose(plain -> readPlain(reply, plain))
        .onSuccess(found -> visit.timed("reply_read", since))
        .compose(this::withLinked)
        .recover(thrown -> unreadable(Stage.OUTPUT_IMAGE, thrown));
  }

  private Future<Found> readPlain(UpstreamClient.Reply reply, Body body) {
    ReplyHead head =
        new ReplyHead(
            reply.status(),
            Bodies.contentType(reply.headers()),
            values(reply.headers(), visit.route.replyHeaders()));
    BudgetShare unpacked = visit.keep(new BudgetShare(corridor.budget()));
    return reader.read(
        visit.context,
        visit.departure,
        body.length(),
        () -> {
          Reading reading =
              visit.dialect.readReply(
                  visit.route,
                  head,
                  body.bytes(),
                  body.length(),
                  corridor.readLimits(),
                  bytes -> roomFor(bytes, unpacked));
          return switch (reading) {
            case Reading.Parts parts ->
                new Found(
                    decode(Stage.OUTPUT_IMAGE, body.bytes(), parts.images()),
                    parts.links(),
                    parts.jobs(),
                    parts.edits());
            case Reading.Unreadable(var defect, var where) -> {
              drifted(defect);
              throw new RefusedException(new RefusalReason.Reply(defect));
            }
          };
        });
  }

  private static void roomFor(long bytes, BudgetShare share) {
    if (!share.take(bytes)) {
      throw new RefusedException(TransportReason.BUFFER_FULL);
    }
  }

  /**
   * What a reply holds.
   *
   * @param images those that are elsewhere among them, once they were fetched
   * @param links images of it that are elsewhere
   * @param jobs ids of jobs that it names
   * @param edits what is to be written anew in it
   */
  record Found(Images images, List<LinkPart> links, List<String> jobs, List<UrlEdit> edits) {
    Found and(Images linked) {
      return new Found(images.and(linked, links.size()), List.of(), jobs, edits);
    }
  }

  /** Fetches what a reply names by URL; it counts as if it stood in the reply. */
  private Future<Found> withLinked(Found found) {
    return found.links().isEmpty()
        ? Future.succeededFuture(found)
        : linked(visit.keep(new Links(corridor, visit)), found);
  }

  private Future<Found> linked(Links links, Found found) {
    long since = System.nanoTime();
    boolean judged = corridor.gates().judges(visit, Stage.OUTPUT_IMAGE);
    return links
        .fetch(found.links(), judged)
        .onSuccess(fetched -> visit.timed("fetch", since))
        .compose(this::hashed)
        .map(found::and);
  }

  private Future<Images> hashed(List<ImagePart.Unpacked> fetched) {
    int length = fetched.stream().mapToInt(it -> it.image().remaining()).sum();
    return reader.read(
        visit.context,
        visit.departure,
        length,
        () -> decode(Stage.OUTPUT_IMAGE, Body.EMPTY.bytes(), fetched));
  }

  /**
   * Decodes images of a body and takes their keyed hashes; runs on a lane thread when large. What
   * nobody judges is counted only: a hash on record ties a decision to the bytes that it judged.
   */
  private Images decode(Stage stage, byte[] body, List<? extends ImagePart> parts)
      throws BadBase64Exception {
    if (!corridor.gates().judges(visit, stage)) {
      return new Images(parts.size(), List.of(), List.of());
    }
    List<ByteBuffer> images = new ArrayList<>(parts.size());
    List<String> hashes = new ArrayList<>(parts.size());
    for (ImagePart part : parts) {
      ByteBuffer image = part.bytes(body);
      images.add(image);
      hashes.add(corridor.gates().imageHash(image));
    }
    return new Images(images.size(), images, hashes);
  }

  /** Decodes the images that a request brings; refuses, on record, what cannot be decoded. */
  Future<Images> readImages(Body body, List<ImagePart> parts) {
    return images(Stage.INPUT_IMAGE, body.plain(), parts);
  }

  /** Decodes images of a plain body; refuses, on record, what cannot be decoded. */
  Future<Images> images(Stage stage, Body plain, List<ImagePart> parts) {
    return reader
        .read(
            visit.context,
            visit.departure,
            plain.length(),
            () -> decode(stage, plain.bytes(), parts))
        .recover(thrown -> unreadable(stage, thrown));
  }

  /** What a reply says without its content coding. */
  Future<Body> plain(UpstreamClient.Reply reply) {
    ContentCoding coding =
        ContentCoding.of(reply.headers().getAll(HttpHeaders.CONTENT_ENCODING)).orElseThrow();
    return copies.ofReply(reply.body(), coding);
  }

  private <T> Future<T> unreadable(Stage stage, Throwable thrown) {
    if (thrown instanceof BadBase64Exception) {
      return refuse(
          stage,
          stage == Stage.OUTPUT_IMAGE
              ? new RefusalReason.Reply(Defect.BAD_BASE64)
              : new RefusalReason.Request(Defect.BAD_BASE64));
    }
    return thrown instanceof RefusedException refused && unjudgeable(refused.reason())
        ? refuse(stage, refused.reason())
        : Future.failedFuture(thrown);
  }

  private static boolean unjudgeable(RefusalReason reason) {
    return reason instanceof RefusalReason.Request
        || reason instanceof RefusalReason.Reply
        || reason instanceof FetchReason
        || reason == TransportReason.REPLY_STREAM;
  }

  /** Answers that a decision blocks; a check that failed is told as such. */
  Future<Outcome> block(Decision decision) {
    return block(decision, JobWords.NONE);
  }

  /** The same about a job. */
  Future<Outcome> block(Decision decision, JobWords job) {
    Stage stage = decision.stage();
    if (decision.blockedUnavailable()) {
      return Future.failedFuture(new RefusedException(Unavailability.reason(stage, decision)));
    }
    var refusal = Blocks.refusal(visit.dialect, stage, decision, visit.requestId, job);
    return responder.send(refusal).map(new Outcome("blocked", refusal.status()));
  }

  /** Answers about what a decision refused that is on record already. */
  Future<Outcome> answerRefused(Refusal refusal) {
    return responder.send(refusal).map(new Outcome("blocked", refusal.status()));
  }

  /** Refuses something claimed: first on record, then to the client. */
  <T> Future<T> refuse(Stage stage, RefusalReason reason) {
    return corridor
        .gates()
        .refused(visit, stage, reason)
        .compose(durable -> Future.failedFuture(new RefusedException(reason)));
  }

  private Future<Body> within(Future<Body> body, Duration time) {
    Promise<Body> first = Promise.promise();
    long timer =
        visit
            .context
            .owner()
            .setTimer(
                time.toMillis(),
                id -> first.tryFail(new RefusedException(TransportReason.BODY_TIMEOUT)));
    body.onComplete(
        done -> {
          visit.context.owner().cancelTimer(timer);
          if (done.succeeded()) {
            first.tryComplete(done.result());
          } else {
            first.tryFail(done.cause());
          }
        });
    return first.future();
  }

  /**
   * The images of a body.
   *
   * @param count how many there are
   * @param images none when the policy has nobody to judge them: they are counted then, not
   *     decoded; else encoded files, each from its first byte to its last
   * @param hashes their keyed hashes, in order; after them those of the known
   * @param known what was said, when it was uploaded, of each that is not here itself
   */
  record Images(int count, List<ByteBuffer> images, List<String> hashes, List<List<Signal>> known) {
    static final Images NONE = new Images(0, List.of(), List.of());

    Images(int count, List<ByteBuffer> images, List<String> hashes) {
      this(count, images, hashes, List.of());
    }

    /**
     * One that was uploaded before.
     *
     * @param judged false when nobody looks at images: then it is counted only
     */
    static Images known(References.Known file, boolean judged) {
      return judged
          ? new Images(1, List.of(), List.of(file.hash()), List.of(file.signals()))
          : new Images(1, List.of(), List.of());
    }

    /** These and then those. */
    Images and(Images more) {
      return and(more, more.count);
    }

    /**
     * These, and others that belong to the same body.
     *
     * @param moreCount how many the others are, among them those that are judged elsewhere
     */
    Images and(Images more, int moreCount) {
      List<ByteBuffer> allImages = new ArrayList<>(images);
      allImages.addAll(more.images());
      List<String> allHashes = new ArrayList<>(hashes);
      allHashes.addAll(more.hashes());
      List<List<Signal>> allKnown = new ArrayList<>(known);
      allKnown.addAll(more.known());
      return new Images(count + moreCount, allImages, allHashes, allKnown);
    }
  }
}
