package io.sallyport.proxy;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * A request for an image that was made or uploaded before. What others have uploaded does not exist
 * for this owner; every image is judged as it leaves, for each spelling of a request may bring
 * other bytes.
 */
final class HandOutFlow {
  private final Steps steps;

  HandOutFlow(Steps steps) {
    this.steps = steps;
  }

  Future<Outcome> run() {
    Visit visit = steps.visit();
    String query = visit.request.query();
    Optional<String> asked = visit.route.asked(query == null ? "" : query);
    if (visit.route.ref().isPresent() && asked.isEmpty()) {
      return Future.failedFuture(new RefusedException(TransportReason.QUERY));
    }
    return asked.filter(it -> steps.corridor().references().isOthers(visit.owner(), it)).isPresent()
        ? Future.failedFuture(new RefusedException(TransportReason.UNKNOWN_REFERENCE))
        : new GenerationFlow(steps).run();
  }
}
