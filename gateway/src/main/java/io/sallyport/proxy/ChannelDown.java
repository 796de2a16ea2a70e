package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Previews;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.ChannelReader;
import io.sallyport.dialect.ChannelReading;
import io.sallyport.dialect.Defect;
import io.sallyport.dialect.ImagePart;
import io.sallyport.ops.ChannelMeters.Direction;
import io.sallyport.ops.ChannelMeters.Result;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The way of a channel's messages from the upstream to the client: each is read, judged, recorded
 * and only then written, in order. A refused image ends its job for this client, and not the
 * channel. Lives on the channel's event loop.
 */
final class ChannelDown {
  private static final Duration READ_WITHIN = Duration.ofSeconds(10);

  private final Corridor corridor;
  private final Visit visit;
  private final Responder responder;
  private final ChannelEnd upstream;
  private final ChannelEnd client;
  private final ChannelReader reader;
  private final LaneRead lane;
  private final ChannelJobs jobs;
  private final HeldMessages held;

  /** Whose previews wait; empty before the first job. */
  private String heldFor = "";

  ChannelDown(
      Corridor corridor,
      Visit visit,
      Responder responder,
      ChannelEnd upstream,
      ChannelEnd client,
      ChannelReader reader) {
    this.corridor = corridor;
    this.visit = visit;
    this.responder = responder;
    this.upstream = upstream;
    this.client = client;
    this.reader = reader;
    this.lane = new LaneRead(corridor.lane(), READ_WITHIN, visit.caller.name());
    this.jobs = new ChannelJobs(corridor, visit);
    this.held = new HeldMessages(corridor.streams().messageBytes(), corridor.limits().images());
  }

  /** Whether a text of the client's may go to the upstream. */
  boolean goesUp(ChannelMessage message) {
    return reader.goesUp(message.bytes());
  }

  /** Does with a message what is to be done; the next may follow then. */
  Future<Void> pass(ChannelMessage message) {
    return read(message)
        .compose(
            reading ->
                switch (reading) {
                  case ChannelReading.Dropped dropped -> gone(message, Result.DROPPED);
                  case ChannelReading.Plain(var about) ->
                      own(message, about, whose -> plain(message)).compose(x -> over(about));
                  case ChannelReading.Images(var about, var images, var preview) ->
                      own(message, about, whose -> pictured(message, whose, images, preview))
                          .compose(x -> over(about));
                  case ChannelReading.Unreadable(var about, var defect, var where) ->
                      own(message, about, whose -> unreadable(message, whose, defect))
                          .compose(x -> over(about));
                });
  }

  /** The upstream has said all: what waits with a preview waits no longer. */
  Future<Void> end() {
    return withoutPreviews();
  }

  /** Forgets what waits. */
  void release() {
    held.take();
  }

  private Future<ChannelReading> read(ChannelMessage message) {
    return message.text()
        ? lane.read(
            visit.context, visit.departure, message.length(), () -> reader.text(message.bytes()))
        : Future.succeededFuture(reader.binary(message.bytes()));
  }

  private Future<Void> own(
      ChannelMessage message,
      ChannelReading.About about,
      Function<ChannelJobs.Whose, Future<Void>> then) {
    return jobs.of(about)
        .compose(
            whose ->
                switch (whose) {
                  case ChannelJobs.Foreign foreign -> gone(message, Result.FOREIGN);
                  case ChannelJobs.Refused refused -> gone(message, Result.REFUSED);
                  case ChannelJobs.Own own -> next(own).compose(x -> then.apply(own));
                  case ChannelJobs.Shared shared -> then.apply(shared);
                });
  }

  /** What waits for an image of one job does not wait for another's. */
  private Future<Void> next(ChannelJobs.Own own) {
    boolean other = !own.id().equals(heldFor);
    heldFor = own.id();
    return other ? withoutPreviews() : Future.succeededFuture();
  }

  /** Behind the last message of a job nothing waits, and what names no job is nobody's. */
  private Future<Void> over(ChannelReading.About about) {
    if (!about.ends()) {
      return Future.succeededFuture();
    }
    jobs.ended();
    return withoutPreviews();
  }

  /** Messages keep their order: behind a preview that waits, others wait. */
  private Future<Void> plain(ChannelMessage message) {
    return held.isEmpty() ? write(message) : hold(message, List.of());
  }

  private Future<Void> hold(ChannelMessage message, List<ImagePart> images) {
    count(Result.HELD);
    return held.add(new HeldMessages.Waiting(message, images))
        ? Future.succeededFuture()
        : withoutPreviews();
  }

  /** No image came, or too much waits: previews go no further, and the rest goes on. */
  private Future<Void> withoutPreviews() {
    Future<Void> written = Future.succeededFuture();
    for (HeldMessages.Waiting waiting : held.take()) {
      written =
          written.compose(
              before ->
                  waiting.isPreview()
                      ? gone(waiting.message(), Result.DROPPED)
                      : write(waiting.message()));
    }
    return written;
  }

  private Future<Void> pictured(
      ChannelMessage message, ChannelJobs.Whose whose, List<ImagePart> images, boolean preview) {
    if (!(whose instanceof ChannelJobs.Own own)) {
      // An image that is nobody's has no prompt in whose light it could be judged.
      return gone(message, Result.FOREIGN);
    }
    if (preview && corridor.streams().previews() == Previews.HOLD) {
      return hold(message, images);
    }
    count(Result.JUDGED);
    List<HeldMessages.Waiting> waited = held.take();
    HeldMessages.Waiting last = new HeldMessages.Waiting(message, images);
    return judged(
        steps ->
            judge(steps, own, waited, last)
                .recover(thrown -> withheld(steps, own, waited, last, thrown)));
  }

  private Future<Void> judge(
      Steps steps,
      ChannelJobs.Own own,
      List<HeldMessages.Waiting> waited,
      HeldMessages.Waiting last) {
    Future<Steps.Images> all = Future.succeededFuture(Steps.Images.NONE);
    for (HeldMessages.Waiting one : waited) {
      all = all.compose(images -> with(steps, images, one));
    }
    return all.compose(images -> with(steps, images, last))
        .compose(
            images ->
                steps
                    .gates()
                    .images(steps.visit(), Stage.OUTPUT_IMAGE, images, own.job().signals()))
        .compose(judgement -> judgement.receipt().map(judgement.decision()))
        .compose(
            decision ->
                decision.blocked()
                    ? block(steps, own, waited, last, decision)
                    : release(waited, last));
  }

  private static Future<Steps.Images> with(
      Steps steps, Steps.Images images, HeldMessages.Waiting one) {
    return one.isPreview()
        ? steps.readOutput(one.message().bytes(), one.images()).map(images::and)
        : Future.succeededFuture(images);
  }

  /** Writes what waited and then the message that it waited for. */
  private Future<Void> release(List<HeldMessages.Waiting> waited, HeldMessages.Waiting last) {
    long since = System.nanoTime();
    Future<Void> written = Future.succeededFuture();
    for (HeldMessages.Waiting one : waited) {
      written = written.compose(before -> write(one.message()));
    }
    return written
        .compose(before -> write(last.message()))
        .onSuccess(now -> corridor.meters().streams().written(System.nanoTime() - since));
  }

  private Future<Void> block(
      Steps steps,
      ChannelJobs.Own own,
      List<HeldMessages.Waiting> waited,
      HeldMessages.Waiting last,
      Decision decision) {
    if (decision.blockedUnavailable()) {
      return Future.failedFuture(
          new RefusedException(Unavailability.reason(Stage.OUTPUT_IMAGE, decision)));
    }
    String id = steps.visit().requestId;
    return refuse(own, waited, last, Blocks.inChannel(visit.dialect, decision, id, own.id()));
  }

  /** A check that failed, a record that cannot be written: told apart from a verdict. */
  private Future<Void> withheld(
      Steps steps,
      ChannelJobs.Own own,
      List<HeldMessages.Waiting> waited,
      HeldMessages.Waiting last,
      Throwable thrown) {
    if (!(thrown instanceof RefusedException refused)
        || refused.reason() == TransportReason.CLIENT_LEFT) {
      return Future.failedFuture(thrown);
    }
    corridor.meters().refusal(refused.reason().label());
    byte[] told =
        Responder.inChannel(visit.dialect, refused.reason(), steps.visit().requestId, own.id());
    return refuse(own, waited, last, told);
  }

  private Future<Void> unreadable(ChannelMessage message, ChannelJobs.Whose whose, Defect defect) {
    if (defect == Defect.UNCLAIMED_IMAGE) {
      corridor.meters().drift(visit.dialect.name(), visit.route.id(), "image");
    }
    RefusalReason reason = new RefusalReason.Reply(defect);
    if (!(whose instanceof ChannelJobs.Own own)) {
      corridor.meters().refusal(reason.label());
      return gone(message, Result.REFUSED);
    }
    HeldMessages.Waiting last = new HeldMessages.Waiting(message, List.of());
    return judged(
        steps ->
            steps
                .<Void>refuse(Stage.OUTPUT_IMAGE, reason)
                .recover(thrown -> withheld(steps, own, held.take(), last, thrown)));
  }

  /** Nothing of the job passes any more, and the client is told why. */
  private Future<Void> refuse(
      ChannelJobs.Own own,
      List<HeldMessages.Waiting> waited,
      HeldMessages.Waiting last,
      byte[] told) {
    jobs.refuse(own);
    waited.forEach(one -> gone(one.message(), Result.REFUSED));
    gone(last.message(), Result.REFUSED);
    return client.write(new ChannelMessage(true, told));
  }

  /** Works under the rules in force now, whichever were when the channel was opened. */
  private Future<Void> judged(Function<Steps, Future<Void>> work) {
    Rules rules = Rules.entered(corridor.rules());
    Future<Void> worked;
    try {
      Visit now = visit.again(rules, RequestIds.next());
      worked = work.apply(new Steps(corridor, now, responder)).onComplete(done -> now.release());
    } catch (RuntimeException e) {
      worked = Future.failedFuture(e);
    }
    return worked.onComplete(done -> rules.uses().leave());
  }

  private Future<Void> write(ChannelMessage message) {
    count(Result.PASSED);
    corridor.meters().replyBytes(message.length());
    return client.write(message).onSuccess(written -> upstream.give(message));
  }

  private Future<Void> gone(ChannelMessage message, Result result) {
    count(result);
    upstream.give(message);
    return Future.succeededFuture();
  }

  private void count(Result result) {
    corridor.meters().channels().message(Direction.DOWN, result);
  }
}
