package io.sallyport.proxy;

import io.vertx.core.Future;

/**
 * A request that makes nothing: forwarded, when there is nothing in it to judge, its reply swept
 * for images that nobody claimed.
 */
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
                    : steps.visit().route.contentType().isPresent()
                        ? steps.readRequest(body).compose(empty -> steps.call(body))
                        : Future.failedFuture(
                            new RefusedException(TransportReason.REQUEST_TOO_LARGE)))
        .compose(reply -> steps.readReply(reply).compose(found -> steps.pass(reply)));
  }
}
