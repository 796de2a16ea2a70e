package io.sallyport.proxy;

import io.sallyport.dialect.Defect;
import io.sallyport.dialect.ImagePart;
import io.sallyport.dialect.LinkPart;
import io.sallyport.dialect.PictureType;
import io.sallyport.fetch.FetchUrl;
import io.sallyport.signal.Stage;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts images into the place of their URLs in a request: each is fetched once, by the guarded
 * fetcher, and what was fetched is judged and sent. So nobody can show the gateway one picture and
 * the upstream another. Lives on the visit's event loop.
 */
final class Inlining {
  /** Fetches for one request at a time. */
  private static final int AT_ONCE = 4;

  private final Steps steps;
  private final Corridor corridor;
  private final Visit visit;
  private final GuardedFetcher fetcher;

  /** Ends what still runs: the client left, or one of them failed. */
  private final Departure stop = new Departure();

  Inlining(Steps steps) {
    this.steps = steps;
    this.corridor = steps.corridor();
    this.visit = steps.visit();
    this.fetcher = corridor.requestFetcher().orElseThrow();
    visit.departure.onLeaving(stop::leave);
  }

  /**
   * What a request became.
   *
   * @param body the same with a data URI in the place of each URL
   */
  record Made(Body body, Steps.Images images) {}

  /** One URL and what stands in its place. */
  private record Piece(LinkPart link, String type, Body image) {}

  /**
   * Fetches what the links name; refuses, on record, what cannot be had.
   *
   * @param plain the request's body without content coding
   */
  Future<Made> inline(Body plain, List<LinkPart> links) {
    long since = System.nanoTime();
    Map<LinkPart, FetchUrl> urls = new LinkedHashMap<>();
    for (LinkPart link : links) {
      Optional<FetchUrl> url =
          FetchUrl.accept(link.url()).filter(it -> fetcher.allows(it, List.of()));
      if (url.isEmpty()) {
        return steps.refuse(Stage.INPUT_IMAGE, new RefusalReason.Request(Defect.NOT_JUDGED));
      }
      urls.put(link, url.get());
    }
    return fetch(List.copyOf(new LinkedHashSet<>(urls.values())), Map.of())
        .map(fetched -> pieces(urls, fetched))
        .onFailure(thrown -> stop.leave())
        .onComplete(done -> visit.timed("fetch", since))
        .recover(this::refused)
        .compose(pieces -> made(plain, pieces));
  }

  private Future<Map<FetchUrl, Body>> fetch(List<FetchUrl> urls, Map<FetchUrl, Body> before) {
    if (before.size() == urls.size()) {
      return Future.succeededFuture(before);
    }
    List<FetchUrl> now =
        urls.subList(before.size(), Math.min(urls.size(), before.size() + AT_ONCE));
    List<Future<Body>> running = now.stream().map(this::one).toList();
    return Future.all(running)
        .compose(
            done -> {
              Map<FetchUrl, Body> fetched = new LinkedHashMap<>(before);
              for (int i = 0; i < now.size(); i++) {
                fetched.put(now.get(i), running.get(i).result());
              }
              return fetch(urls, fetched);
            });
  }

  /** Every place of one URL gets the same bytes. */
  private static List<Piece> pieces(Map<LinkPart, FetchUrl> urls, Map<FetchUrl, Body> fetched) {
    List<Piece> pieces = new ArrayList<>();
    urls.forEach(
        (link, url) -> {
          Body image = fetched.getOrDefault(url, Body.EMPTY);
          String type =
              PictureType.of(image.bytes(), 0, image.length())
                  .orElseThrow(() -> new RefusedException(FetchReason.FETCH_TYPE));
          pieces.add(new Piece(link, type, image));
        });
    return pieces;
  }

  private Future<Body> one(FetchUrl url) {
    BodyCollector collector =
        visit.keep(
            new BodyCollector(fetcher.size(), corridor.budget(), FetchReason.FETCH_TOO_LARGE));
    return fetcher.fetch(visit.context, url, List.of(), collector, stop);
  }

  private <T> Future<T> refused(Throwable thrown) {
    if (!(thrown instanceof RefusedException refused)) {
      return Future.failedFuture(thrown);
    }
    return switch (refused.reason()) {
      case FetchReason reason ->
          steps.refuse(Stage.INPUT_IMAGE, new RefusalReason.RequestUrl(reason));
      case TransportReason reason -> Future.failedFuture(thrown);
      case RefusalReason.RequestUrl reason -> Future.failedFuture(thrown);
      case RefusalReason.WrongMethod reason -> Future.failedFuture(thrown);
      case RefusalReason.Request reason -> Future.failedFuture(thrown);
      case RefusalReason.Reply reason -> Future.failedFuture(thrown);
    };
  }

  private Future<Made> made(Body plain, List<Piece> pieces) {
    long length = plain.length();
    for (Piece piece : pieces) {
      length +=
          head(piece).length()
              + (piece.image().length() + 2) / 3 * 4L
              - (piece.link().end() - piece.link().start());
    }
    if (length > corridor.limits().requestBytes()) {
      return Future.failedFuture(new RefusedException(TransportReason.REQUEST_TOO_LARGE));
    }
    if (!visit.keep(new BudgetShare(corridor.budget())).take(length)) {
      return Future.failedFuture(new RefusedException(TransportReason.BUFFER_FULL));
    }
    int whole = (int) length;
    List<ImagePart> images =
        pieces.stream()
            .<ImagePart>map(
                it ->
                    new ImagePart.Unpacked(
                        ByteBuffer.wrap(it.image().bytes(), 0, it.image().length()).slice(),
                        it.link().where()))
            .toList();
    return steps
        .onLane(whole, () -> Body.edited(written(plain, pieces, whole)))
        .compose(
            body -> steps.images(Stage.INPUT_IMAGE, body, images).map(it -> new Made(body, it)));
  }

  private static String head(Piece piece) {
    return "data:" + piece.type() + ";base64,";
  }

  /** The bytes between the URLs stay as they are. */
  private static byte[] written(Body plain, List<Piece> pieces, int length) {
    ByteBuffer out = ByteBuffer.allocate(length);
    int at = 0;
    for (Piece piece :
        pieces.stream().sorted(Comparator.comparingInt(it -> it.link().start())).toList()) {
      out.put(plain.bytes(), at, piece.link().start() - at);
      out.put(head(piece).getBytes(StandardCharsets.US_ASCII));
      ByteBuffer image = ByteBuffer.wrap(piece.image().bytes(), 0, piece.image().length());
      out.put(Base64.getEncoder().encode(image));
      at = piece.link().end();
    }
    return out.put(plain.bytes(), at, plain.length() - at).array();
  }
}
