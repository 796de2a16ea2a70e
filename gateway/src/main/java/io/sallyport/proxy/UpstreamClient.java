package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Upstream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls the image service: one attempt per call, under three deadlines, never a retry of a
 * generation. A call lives on the event loop that made it.
 */
public final class UpstreamClient implements AutoCloseable {
  private final Upstream upstream;
  private final HttpClientAgent client;
  private final NetClient prober;
  private final Set<String> dropped;
  private final Set<String> origins;

  public UpstreamClient(Vertx vertx, Upstream upstream, int replyHeaderBytes) {
    this.upstream = upstream;
    this.origins = origins(upstream);
    this.dropped = upstream.credential().isPresent() ? Set.of("authorization") : Set.of();
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) upstream.connect().toMillis())
            .setKeepAliveTimeout(30)
            .setPipelining(false)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(replyHeaderBytes)
            .setMaxChunkSize(Bodies.CHUNK)
            .setMaxInitialLineLength(4096);
    if (secure(upstream)) {
      options.setSsl(true).setVerifyHost(true);
      upstream
          .trust()
          .ifPresentOrElse(
              file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())),
              () -> options.setTrustAll(false));
    }
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(upstream.connections())
            .setMaxWaitQueueSize(upstream.waiting());
    client = vertx.httpClientBuilder().with(options).with(pool).build();
    prober =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) Math.min(1000, upstream.connect().toMillis())));
  }

  /**
   * Sends one request and collects its whole reply, or hands out what comes as a stream.
   *
   * @param streamed whether a reply is handed out piece by piece, by its status and header fields
   * @param alsoDropped lower-case header fields that must not go upstream
   * @param collector where the reply's body goes
   * @return fails with {@link RefusedException} for every way in which an upstream can fail
   */
  Future<Answered> call(
      Context context,
      HttpMethod method,
      String uri,
      MultiMap headers,
      Set<String> alsoDropped,
      String requestId,
      Body body,
      BodyCollector collector,
      BiPredicate<Integer, MultiMap> streamed,
      Departure departure) {
    Call call = new Call(context, departure, collector, streamed);
    client
        .request(target(method, uri))
        .onFailure(thrown -> call.fail(connectReason(thrown)))
        .onSuccess(
            request -> {
              if (!call.begin(request)) {
                return;
              }
              HeaderRules.copyUp(headers, request.headers(), union(alsoDropped));
              upstream
                  .credential()
                  .ifPresent(secret -> request.putHeader("authorization", secret.reveal()));
              request.putHeader(HeaderRules.REQUEST_ID, requestId);
              call.send(request, body);
            });
    return call.answered.future();
  }

  @Override
  public void close() {
    client.close();
    prober.close();
  }

  /**
   * Path and query of a URL that leads to the upstream: a whole one of its own origin, or a path,
   * as servers write that do not know their name.
   */
  Optional<String> target(String url) {
    if (url.startsWith("/") && !url.startsWith("//")) {
      return Optional.of(url);
    }
    return origins.stream()
        .filter(origin -> url.startsWith(origin + "/"))
        .findFirst()
        .map(origin -> url.substring(origin.length()));
  }

  /** Opens a connection to see whether somebody listens; for readiness. */
  public Future<Boolean> reachable() {
    return prober
        .connect(port(secure(upstream)), upstream.url().getHost())
        .map(
            socket -> {
              socket.close();
              return true;
            })
        .otherwise(false);
  }

  static boolean secure(Upstream upstream) {
    return "https".equals(upstream.url().getScheme().toLowerCase(Locale.ROOT));
  }

  private static Set<String> origins(Upstream upstream) {
    String scheme = secure(upstream) ? "https" : "http";
    String base = scheme + "://" + upstream.url().getHost();
    int usual = secure(upstream) ? 443 : 80;
    int port = upstream.url().getPort() > 0 ? upstream.url().getPort() : usual;
    return port == usual ? Set.of(base, base + ":" + port) : Set.of(base + ":" + port);
  }

  private int port(boolean secure) {
    return port(upstream, secure);
  }

  static int port(Upstream upstream, boolean secure) {
    int port = upstream.url().getPort();
    return port > 0 ? port : secure ? 443 : 80;
  }

  private Set<String> union(Set<String> alsoDropped) {
    if (dropped.isEmpty() || alsoDropped.isEmpty()) {
      return dropped.isEmpty() ? alsoDropped : dropped;
    }
    Set<String> both = new java.util.HashSet<>(alsoDropped);
    both.addAll(dropped);
    return both;
  }

  private RequestOptions target(HttpMethod method, String uri) {
    return new RequestOptions()
        .setMethod(method)
        .setHost(upstream.url().getHost())
        .setPort(port(secure(upstream)))
        .setSsl(secure(upstream))
        .setURI(uri)
        .setFollowRedirects(false)
        .setConnectTimeout(upstream.acquire().toMillis());
  }

  private static RefusalReason connectReason(Throwable thrown) {
    boolean busy =
        thrown instanceof TimeoutException || thrown instanceof ConnectionPoolTooBusyException;
    return busy ? TransportReason.UPSTREAM_BUSY : TransportReason.UPSTREAM_DOWN;
  }

  /** What an upstream answers. */
  sealed interface Answered permits Reply, ReplyStream {}

  /**
   * A whole reply.
   *
   * @param headers as received
   * @param trailers as received; empty for most
   */
  record Reply(int status, MultiMap headers, MultiMap trailers, Body body) implements Answered {}

  /** One call: whichever of reply, failure, deadline and cancellation comes first ends it. */
  private final class Call {
    private final Context context;
    private final BodyCollector collector;
    private final BiPredicate<Integer, MultiMap> streamed;
    private final Promise<Answered> answered = Promise.promise();
    private final AtomicBoolean over = new AtomicBoolean();
    private final long totalTimer;
    private long firstByteTimer = -1;
    private @Nullable HttpClientRequest request;
    private @Nullable ReplyStream stream;

    Call(
        Context context,
        Departure departure,
        BodyCollector collector,
        BiPredicate<Integer, MultiMap> streamed) {
      this.context = context;
      this.collector = collector;
      this.streamed = streamed;
      totalTimer = timer(upstream.total().toMillis());
      departure.onLeaving(() -> fail(TransportReason.CLIENT_LEFT));
    }

    /** Takes the connection; false, having given it back, when the call is over by now. */
    boolean begin(HttpClientRequest request) {
      if (over.get()) {
        reset(request);
        return false;
      }
      this.request = request;
      request.exceptionHandler(thrown -> fail(TransportReason.UPSTREAM_CUT));
      return true;
    }

    void send(HttpClientRequest request, Body body) {
      firstByteTimer = timer(upstream.firstByte().toMillis());
      request
          .response()
          .onSuccess(this::head)
          .onFailure(thrown -> fail(TransportReason.UPSTREAM_CUT));
      if (body.length() == 0 && request.getMethod().equals(HttpMethod.GET)) {
        request.end().onFailure(thrown -> fail(TransportReason.UPSTREAM_CUT));
        return;
      }
      request.putHeader("content-length", Integer.toString(body.length()));
      Bodies.write(context, body, request, upstream.firstByte())
          .onFailure(thrown -> fail(TransportReason.UPSTREAM_CUT));
    }

    private void head(HttpClientResponse response) {
      context.owner().cancelTimer(firstByteTimer);
      if (over.get()) {
        return;
      }
      if (streamed.test(response.statusCode(), response.headers())) {
        stream = new ReplyStream(response, this::ended, this::fail);
        answered.complete(stream);
        return;
      }
      collector
          .collect(response, Bodies.declaredLength(response.headers()))
          .onSuccess(body -> complete(response, body))
          .onFailure(
              thrown ->
                  fail(
                      thrown instanceof RefusedException refused
                          ? refused.reason()
                          : TransportReason.UPSTREAM_CUT));
    }

    private void complete(HttpClientResponse response, Body body) {
      if (over.compareAndSet(false, true)) {
        context.owner().cancelTimer(totalTimer);
        answered.complete(
            new Reply(response.statusCode(), response.headers(), response.trailers(), body));
      }
    }

    /** The stream was read to its end. */
    private void ended() {
      if (over.compareAndSet(false, true)) {
        context.owner().cancelTimer(totalTimer);
      }
    }

    private void fail(RefusalReason reason) {
      if (over.compareAndSet(false, true)) {
        context.owner().cancelTimer(totalTimer);
        context.owner().cancelTimer(firstByteTimer);
        if (request != null) {
          reset(request);
        }
        if (stream != null) {
          stream.fail(reason);
        }
        answered.tryFail(new RefusedException(reason));
      }
    }

    private long timer(long millis) {
      return context.owner().setTimer(millis, id -> fail(TransportReason.UPSTREAM_TIMEOUT));
    }

    /**
     * Ends the exchange on the wire: closes the connection on HTTP/1, as a reset alone does not.
     */
    private void reset(HttpClientRequest request) {
      request.reset(0x8);
      request.connection().close();
    }
  }
}
