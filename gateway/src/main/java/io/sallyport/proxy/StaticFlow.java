package io.sallyport.proxy;

import io.vertx.core.Future;

/** A request that makes nothing: forwarded, its reply swept for images that nobody claimed. */
final class StaticFlow {
  private final Steps steps;

  StaticFlow(Steps steps) {
    this.steps = steps;
  }

  Future<Outcome> run() {
    return steps
        .receive()
        .compose(
            body ->
                body.length() == 0
                    ? steps.call(body)
                    : Future.failedFuture(new RefusedException(TransportReason.REQUEST_TOO_LARGE)))
        .compose(reply -> steps.readReply(reply).compose(found -> steps.pass(reply)));
  }
}
