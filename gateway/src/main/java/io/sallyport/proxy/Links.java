package io.sallyport.proxy;

import io.sallyport.dialect.Effect;
import io.sallyport.dialect.ImagePart;
import io.sallyport.dialect.LinkPart;
import io.sallyport.dialect.RouteMatch;
import io.sallyport.fetch.FetchUrl;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images that a reply, or an event of one, names by URL. Those that the gateway itself hands
 * out later are judged then; all others are fetched now. Lives on the visit's event loop.
 */
final class Links {
  /** Fetches of one reply at a time. */
  private static final int AT_ONCE = 4;

  private final Corridor corridor;
  private final Visit visit;
  private final List<ImagePart.Unpacked> fetched = new ArrayList<>();
  private final List<BodyCollector> collectors = new ArrayList<>();

  /** Ends what still runs: the client left, or one of them failed. */
  private final Departure stop = new Departure();

  Links(Corridor corridor, Visit visit) {
    this.corridor = corridor;
    this.visit = visit;
    visit.departure.onLeaving(stop::leave);
  }

  /** An image that must be fetched. */
  private record Away(LinkPart link, FetchUrl url) {}

  /**
   * Fetches what has to be.
   *
   * @param judged false when nobody looks at images: then it is only checked where they are
   * @return the images; fails with {@link RefusedException}
   */
  Future<List<ImagePart.Unpacked>> fetch(List<LinkPart> links, boolean judged) {
    List<Away> away = new ArrayList<>();
    for (LinkPart link : links) {
      if (handedOut(link.url())) {
        continue;
      }
      Optional<FetchUrl> url =
          FetchUrl.accept(link.url()).filter(it -> corridor.fetcher().allows(it, link.hosts()));
      if (url.isEmpty()) {
        return Future.failedFuture(new RefusedException(FetchReason.UNRESOLVABLE_OUTPUT));
      }
      if (away.stream().noneMatch(other -> other.url().equals(url.get()))) {
        away.add(new Away(link, url.get()));
      }
    }
    return judged
        ? some(away, 0).map(done -> fetched).onFailure(thrown -> stop.leave())
        : Future.succeededFuture(List.of());
  }

  /** Gives back the memory of what was fetched, and of what still comes. Harmless when repeated. */
  void release() {
    collectors.forEach(BodyCollector::release);
  }

  private Future<Void> some(List<Away> away, int from) {
    if (from >= away.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(away.size(), from + AT_ONCE);
    List<Future<ImagePart.Unpacked>> running =
        away.subList(from, to).stream().map(this::one).toList();
    return Future.all(running)
        .compose(
            done -> {
              running.forEach(image -> fetched.add(image.result()));
              return some(away, to);
            });
  }

  private Future<ImagePart.Unpacked> one(Away away) {
    BodyCollector collector =
        new BodyCollector(
            corridor.fetcher().size(), corridor.budget(), FetchReason.FETCH_TOO_LARGE);
    collectors.add(collector);
    return corridor
        .fetcher()
        .fetch(visit.context, away.url(), away.link().hosts(), collector, stop)
        .map(
            body ->
                new ImagePart.Unpacked(
                    ByteBuffer.wrap(body.bytes(), 0, body.length()).slice(), away.link().where()));
  }

  /** Whether a route of this dialect hands the image out, so that it is judged as it leaves. */
  private boolean handedOut(String url) {
    Optional<String> target = corridor.upstream().target(url);
    if (target.isEmpty()) {
      return false;
    }
    String[] parts = target.get().split("\\?", 2);
    return visit.dialect.match("GET", parts[0]) instanceof RouteMatch.Found(var route)
        && route.effect() == Effect.FETCH
        && route.claimsQuery(parts.length == 1 ? null : parts[1]);
  }
}
