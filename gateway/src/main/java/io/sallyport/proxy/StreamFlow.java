package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Previews;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.EventFrame;
import io.sallyport.dialect.EventReader;
import io.sallyport.dialect.EventSplitter;
import io.sallyport.dialect.JobWords;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.StreamMeters;
import io.sallyport.ops.StreamMeters.Kind;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A reply that comes event by event: each is read, judged, recorded and only then written, in
 * order, and nothing more is read from the upstream meanwhile. So a stream holds one event, or what
 * waits with a preview, and a slow client slows the upstream down. Lives on one event loop.
 */
final class StreamFlow {
  private static final EventLog LOG = EventLog.of(StreamFlow.class);

  private final Steps steps;
  private final Visit visit;
  private final ReplyStream upstream;
  private final Trail before;
  private final JobWords job;
  private final ClientStream client;
  private final StreamMeters meters;
  private final HeldEvents held;
  private final EventSplitter splitter;
  private final EventReader reader;
  private final boolean holds;
  private final Promise<Outcome> done = Promise.promise();
  private boolean judgedAny;

  StreamFlow(Steps steps, ReplyStream upstream, Trail before) {
    this(steps, upstream, before, JobWords.NONE);
  }

  /**
   * @param job what the stream is about
   */
  StreamFlow(Steps steps, ReplyStream upstream, Trail before, JobWords job) {
    this.job = job;
    Corridor corridor = steps.corridor();
    this.steps = steps;
    this.visit = steps.visit();
    this.upstream = upstream;
    this.before = before;
    this.client = new ClientStream(visit, upstream, corridor.limits().idle());
    this.meters = corridor.meters().streams();
    this.held = new HeldEvents(corridor.limits(), corridor.budget());
    this.splitter = new EventSplitter((int) corridor.limits().replyBytes() + Bodies.CHUNK);
    Previews previews = corridor.streams().previews();
    this.holds = previews == Previews.HOLD;
    this.reader =
        visit
            .route
            .events(upstream.status(), Bodies.contentType(upstream.headers()))
            .orElseThrow()
            .reader(corridor.readLimits(), previews == Previews.DROP);
  }

  /** Passes the stream on to its end; fails where the client can still be given a plain answer. */
  Future<Outcome> run() {
    meters.opened();
    before.durable().compose(durable -> coding()).onSuccess(plain -> begin()).onFailure(this::fail);
    return done.future()
        .onComplete(
            ended -> {
              meters.closed();
              client.stop();
              held.release();
            });
  }

  private Future<Void> coding() {
    List<String> codings = upstream.headers().getAll(HttpHeaders.CONTENT_ENCODING);
    return codings.stream().allMatch(coding -> coding.equalsIgnoreCase("identity"))
        ? Future.succeededFuture()
        : steps.refuse(Stage.OUTPUT_IMAGE, TransportReason.REPLY_ENCODING);
  }

  private void begin() {
    var streams = steps.corridor().streams();
    streams
        .commitAfter()
        .ifPresent(after -> client.keepAlive(after.minusNanos(visit.nanos()), streams.keepalive()));
    step();
  }

  /** Goes on until something has to be waited for. */
  private void step() {
    while (!done.future().isComplete()) {
      Future<Void> work;
      try {
        work = advance();
      } catch (RuntimeException e) {
        work = Future.failedFuture(e);
      }
      if (!work.isComplete()) {
        work.onSuccess(worked -> step()).onFailure(this::fail);
        return;
      }
      if (work.failed()) {
        fail(work.cause());
        return;
      }
    }
  }

  private Future<Void> advance() {
    return switch (splitter.next()) {
      case EventSplitter.Split.Found(EventFrame frame) ->
          steps.readEvent(reader, frame).compose(event -> event(event, frame));
      case EventSplitter.Split.Starved starved -> fetch();
      case EventSplitter.Split.Malformed malformed ->
          steps.refuse(Stage.OUTPUT_IMAGE, TransportReason.REPLY_STREAM);
    };
  }

  private Future<Void> fetch() {
    long since = System.nanoTime();
    return upstream
        .next()
        .onComplete(done -> visit.timed("upstream", since))
        .compose(piece -> piece.isPresent() ? feed(piece.get()) : end());
  }

  private Future<Void> feed(Buffer piece) {
    if (!held.take(piece.length())) {
      return Future.failedFuture(new RefusedException(TransportReason.BUFFER_FULL));
    }
    return splitter.feed(piece.getBytes())
        ? Future.succeededFuture()
        : Future.failedFuture(new RefusedException(TransportReason.REPLY_TOO_LARGE));
  }

  private Future<Void> event(StreamedEvent event, EventFrame frame) {
    return switch (event) {
      case StreamedEvent.Comment comment -> client.begun() ? write(frame) : gone(frame);
      case StreamedEvent.Plain plain -> plain(frame);
      case StreamedEvent.Dropped dropped -> {
        meters.event(Kind.DROPPED);
        yield gone(frame);
      }
      case StreamedEvent.Pictured(var images, var preview) ->
          preview && holds ? hold(frame, images, true) : judge(frame, images);
    };
  }

  /** Events keep their order: behind a preview that waits, others wait. */
  private Future<Void> plain(EventFrame frame) {
    if (!held.isEmpty()) {
      return hold(frame, Steps.Images.NONE, false);
    }
    meters.event(Kind.PASSED);
    return write(frame);
  }

  private Future<Void> hold(EventFrame frame, Steps.Images images, boolean preview) {
    meters.event(Kind.HELD);
    return held.add(frame, images, preview)
        ? Future.succeededFuture()
        : Future.failedFuture(new RefusedException(TransportReason.REPLY_TOO_LARGE));
  }

  private Future<Void> judge(EventFrame frame, Steps.Images images) {
    meters.event(Kind.JUDGED);
    judgedAny = true;
    return verdict(held.images().and(images), () -> release(frame));
  }

  /** Decides, and goes on once that is on record (I2). */
  private Future<Void> verdict(Steps.Images images, Supplier<Future<Void>> allowed) {
    return steps
        .gates()
        .images(visit, Stage.OUTPUT_IMAGE, images, before.signals())
        .compose(
            judgement ->
                judgement
                    .receipt()
                    .compose(
                        durable ->
                            judgement.decision().blocked()
                                ? block(judgement.decision())
                                : allowed.get()));
  }

  /** Writes what waited and then the event that it waited for. */
  private Future<Void> release(EventFrame frame) {
    long since = System.nanoTime();
    Future<Void> written = Future.succeededFuture();
    for (Optional<EventFrame> next = held.poll(); next.isPresent(); next = held.poll()) {
      EventFrame waiting = next.get();
      written = written.compose(before -> passed(waiting));
    }
    return written
        .compose(before -> passed(frame))
        .onSuccess(now -> meters.written(System.nanoTime() - since));
  }

  private Future<Void> passed(EventFrame frame) {
    meters.event(Kind.PASSED);
    return write(frame);
  }

  private Future<Void> write(EventFrame frame) {
    steps.corridor().meters().replyBytes(frame.length());
    return client
        .write(new Body(frame.bytes(), frame.length()))
        .onSuccess(written -> held.give(frame.length()));
  }

  private Future<Void> gone(EventFrame frame) {
    held.give(frame.length());
    return Future.succeededFuture();
  }

  private Future<Void> block(Decision decision) {
    meters.event(Kind.REFUSED);
    upstream.cancel();
    if (!client.begun()) {
      client.stop();
      return steps.block(decision, job).onSuccess(done::tryComplete).mapEmpty();
    }
    if (decision.blockedUnavailable()) {
      return Future.failedFuture(
          new RefusedException(Unavailability.reason(Stage.OUTPUT_IMAGE, decision)));
    }
    return finish("blocked", Blocks.inStream(visit.dialect, decision, visit.requestId, job));
  }

  /** The upstream has said all. An event without its blank line is one that was broken off. */
  private Future<Void> end() {
    if (splitter.held() > 0) {
      return Future.failedFuture(new RefusedException(TransportReason.UPSTREAM_CUT));
    }
    return judgedAny ? close() : judgeNothing();
  }

  /** That there was no image is a decision of the record too, as for a reply that comes whole. */
  private Future<Void> judgeNothing() {
    return verdict(Steps.Images.NONE, this::close);
  }

  private Future<Void> close() {
    Future<Void> written = Future.succeededFuture();
    for (Optional<EventFrame> next = held.pollPlain(); next.isPresent(); next = held.pollPlain()) {
      EventFrame waiting = next.get();
      written = written.compose(before -> passed(waiting));
    }
    return written.compose(before -> finish("allowed", new byte[0]));
  }

  private Future<Void> finish(String label, byte[] last) {
    Outcome outcome = new Outcome(label, upstream.status());
    return client.end(last).onSuccess(ended -> done.tryComplete(outcome));
  }

  /** Whatever failed, a client that has read the head is told so by a last event. */
  private void fail(Throwable thrown) {
    upstream.cancel();
    RefusalReason reason =
        thrown instanceof RefusedException refused ? refused.reason() : TransportReason.INTERNAL;
    if (!client.begun() || visit.departure.left() || reason == TransportReason.CLIENT_LEFT) {
      done.tryFail(thrown);
      return;
    }
    if (reason == TransportReason.INTERNAL) {
      LOG.error().with(LogKey.REQUEST_ID, visit.requestId).with(thrown).say("a stream failed");
    }
    meters.event(Kind.REFUSED);
    steps.corridor().meters().refusal(reason.label());
    finish(reason.label(), Responder.lastEvent(visit.dialect, reason, visit.requestId))
        .onFailure(done::tryFail);
  }
}
