package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.JobWords;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Passes replies about jobs on: URLs that would lead around the gateway are written anew, images
 * are judged. Lives on the visit's event loop.
 */
final class JobReplies {
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?");

  /** Digests of the bytes that a reply had before something was written anew in it. */
  private static final Set<String> DIGESTS =
      Set.of("etag", "digest", "content-digest", "repr-digest", "content-md5");

  private static final Duration WRITE_WITHIN = Duration.ofSeconds(10);

  private final Steps steps;
  private final Visit visit;
  private final LaneRead lane;

  JobReplies(Steps steps) {
    this.steps = steps;
    this.visit = steps.visit();
    this.lane = new LaneRead(steps.corridor().lane(), WRITE_WITHIN, visit.caller.name());
  }

  /** What answers about a job are filled with. */
  JobWords words(String id) {
    String path = visit.request.path();
    return new JobWords(id, self(), visit.route.captures(path == null ? "" : path));
  }

  /** Where the client reached the gateway; a name that is none leads nowhere. */
  private String self() {
    Optional<String> configured = steps.corridor().publicUrl();
    if (configured.isPresent()) {
      return configured.get();
    }
    var authority = visit.request.authority();
    String name = authority == null ? "" : authority.toString();
    return AUTHORITY.matcher(name).matches()
        ? (visit.request.isSSL() ? "https://" : "http://") + name
        : "";
  }

  /** Answers with the reply once its images are judged. One without any is no result yet. */
  Future<Outcome> pass(
      UpstreamClient.Reply reply, Steps.Found found, JobWords words, Trail before) {
    return written(reply, found, words)
        .compose(
            written ->
                written.isPresent()
                    ? judged(written.get(), found, words, before)
                    : steps.refuse(Stage.OUTPUT_IMAGE, new RefusalReason.Reply(Defect.NOT_JUDGED)));
  }

  private Future<Outcome> judged(
      UpstreamClient.Reply reply, Steps.Found found, JobWords words, Trail before) {
    if (reply.status() >= 400 || found.images().count() == 0) {
      return before.durable().compose(durable -> steps.pass(reply));
    }
    return before.through(
        steps.gates().images(visit, Stage.OUTPUT_IMAGE, found.images(), before.signals()),
        passed -> passed.durable().compose(durable -> steps.pass(reply)),
        decision -> steps.block(decision, words));
  }

  /** Empty when a URL of it leads nowhere here, or cannot be written in a coded body. */
  private Future<Optional<UpstreamClient.Reply>> written(
      UpstreamClient.Reply reply, Steps.Found found, JobWords words) {
    if (found.edits().isEmpty()) {
      return Future.succeededFuture(Optional.of(reply));
    }
    if (reply.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      return Future.succeededFuture(Optional.empty());
    }
    Body body = reply.body();
    if (!visit.keep(new BudgetShare(steps.corridor().budget())).take(body.length())) {
      return Future.failedFuture(new RefusedException(TransportReason.BUFFER_FULL));
    }
    return lane.read(
            visit.context,
            visit.departure,
            body.length(),
            () -> visit.dialect.rewrite(body.bytes(), body.length(), found.edits(), words))
        .map(written -> written.map(bytes -> with(reply, bytes)));
  }

  /** The reply with another body. */
  static UpstreamClient.Reply with(UpstreamClient.Reply reply, byte[] body) {
    return new UpstreamClient.Reply(
        reply.status(),
        withoutDigests(reply.headers()),
        withoutDigests(reply.trailers()),
        new Body(body, body.length));
  }

  private static MultiMap withoutDigests(MultiMap headers) {
    MultiMap kept = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    DIGESTS.forEach(kept::remove);
    return kept;
  }
}
