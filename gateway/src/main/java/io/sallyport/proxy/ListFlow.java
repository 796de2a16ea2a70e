package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.JobWords;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * A list of everybody's jobs, of which a client is answered with its own. Their images are judged,
 * each time they come, without any prompt's signals. Lives on the visit's event loop.
 */
final class ListFlow {
  private final Steps steps;
  private final Visit visit;

  ListFlow(Steps steps) {
    this.steps = steps;
    this.visit = steps.visit();
  }

  Future<Outcome> run() {
    JobReplies replies = new JobReplies(steps);
    return steps
        .receive()
        .compose(body -> steps.readRequest(body).compose(empty -> steps.call(body)))
        .compose(this::own)
        .compose(
            own ->
                steps
                    .read(own)
                    .compose(found -> replies.pass(own, found, JobWords.NONE, Trail.BEGIN)));
  }

  /** An error is nobody's. */
  private Future<UpstreamClient.Reply> own(UpstreamClient.Reply reply) {
    if (reply.status() >= 400) {
      return Future.succeededFuture(reply);
    }
    if (reply.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      return steps.refuse(Stage.OUTPUT_IMAGE, TransportReason.REPLY_ENCODING);
    }
    Corridor corridor = steps.corridor();
    BudgetShare share = visit.keep(new BudgetShare(corridor.budget()));
    if (!share.take(reply.body().length())) {
      return Future.failedFuture(new RefusedException(TransportReason.BUFFER_FULL));
    }
    Owner owner = visit.owner();
    return steps
        .onLane(
            reply.body().length(),
            () ->
                visit.route.own(
                    reply.body().bytes(),
                    reply.body().length(),
                    corridor.readLimits(),
                    id -> corridor.jobs().find(owner, id).isPresent()))
        .compose(own -> with(reply, own));
  }

  private Future<UpstreamClient.Reply> with(UpstreamClient.Reply reply, Optional<byte[]> own) {
    return own.map(bytes -> Future.succeededFuture(JobReplies.with(reply, bytes)))
        .orElseGet(
            () -> steps.refuse(Stage.OUTPUT_IMAGE, new RefusalReason.Reply(Defect.MALFORMED_JSON)));
  }
}
