package io.sallyport.proxy;

import io.vertx.core.Future;

/** A request that makes nothing: forwarded, its reply swept for images that nobody claimed. */
final class StaticFlow {
  private final Corridor corridor;
  private final Visit visit;
  private final Responder responder;
  private final Steps steps;

  StaticFlow(Corridor corridor, Visit visit, Responder responder) {
    this.corridor = corridor;
    this.visit = visit;
    this.responder = responder;
    this.steps = new Steps(corridor, visit);
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(
            body ->
                body.length() == 0
                    ? steps.call(body)
                    : Future.failedFuture(new RefusedException(TransportReason.REQUEST_TOO_LARGE)))
        .compose(reply -> steps.readReply(reply).compose(found -> pass(reply)));
  }

  private Future<Outcome> pass(UpstreamClient.Reply reply) {
    corridor.meters().replyBytes(reply.body().length());
    return responder
        .pass(reply, visit.requestId)
        .map(new Outcome(reply.status() < 400 ? "allowed" : "upstream_error", reply.status()));
  }
}
