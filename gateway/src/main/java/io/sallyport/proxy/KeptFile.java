package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.ImagePart;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gets a file that the upstream keeps, whole, in the client's name: the client's own header fields
 * go along, but for those about its body and about parts. Lives on the visit's event loop.
 */
final class KeptFile {
  /** What is about the request's own body. */
  private static final Set<String> OF_BODY =
      Set.of("content-type", "content-encoding", "content-language", "origin");

  private final Steps steps;

  KeptFile(Steps steps) {
    this.steps = steps;
  }

  /**
   * Fetches one.
   *
   * @param target path and query
   * @param noPicture why a file of another kind is refused
   * @return the file as an image with its hash; fails with {@link RefusedException}, on record
   */
  Future<Steps.Images> fetch(String target, RefusalReason noPicture) {
    Visit visit = steps.visit();
    Corridor corridor = steps.corridor();
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
            HttpMethod.GET,
            target,
            headers(visit.request.headers()),
            notForwarded(visit),
            visit.requestId,
            Body.EMPTY,
            collector,
            (status, headers) -> false,
            visit.departure)
        .map(UpstreamClient.Reply.class::cast)
        .compose(reply -> whole(reply, noPicture))
        .onComplete(done -> visit.timed("fetch", since))
        .compose(body -> steps.images(Stage.INPUT_IMAGE, body, List.of(all(body))));
  }

  private static ImagePart all(Body body) {
    return new ImagePart.Raw(0, body.length(), "file");
  }

  private Future<Body> whole(UpstreamClient.Reply reply, RefusalReason noPicture) {
    if (reply.status() >= 400 && reply.status() < 500) {
      return steps.refuse(Stage.INPUT_IMAGE, TransportReason.UNKNOWN_REFERENCE);
    }
    Optional<FetchReason> problem = ImageHead.problem(reply.status(), reply.headers());
    if (problem.isEmpty()) {
      return Future.succeededFuture(reply.body());
    }
    boolean otherKind = problem.get() == FetchReason.FETCH_TYPE;
    return steps.refuse(
        Stage.INPUT_IMAGE, otherKind ? noPicture : new RefusalReason.Reply(Defect.NOT_JUDGED));
  }

  private static MultiMap headers(MultiMap client) {
    return MultiMap.caseInsensitiveMultiMap()
        .addAll(client)
        .set(HttpHeaders.ACCEPT, "image/*")
        .set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
  }

  private static Set<String> notForwarded(Visit visit) {
    Set<String> names = new HashSet<>(visit.caller.ownHeaders());
    names.addAll(HeaderRules.FOR_PARTS);
    names.addAll(OF_BODY);
    return names;
  }
}
