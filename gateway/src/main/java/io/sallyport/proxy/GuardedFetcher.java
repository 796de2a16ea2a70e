package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Fetch;
import io.sallyport.fetch.FetchUrl;
import io.sallyport.fetch.HostPattern;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches images from the internet for somebody else, who may be an attacker: only what {@link
 * io.sallyport.fetch.FetchRules} allow, each name resolved once and the connection made to the
 * address that was looked at, within caps. Nothing of the client's goes along. Safe on every event
 * loop; a fetch lives on the one that asked for it.
 */
final class GuardedFetcher implements AutoCloseable {
  private static final int REDIRECTS_MAX = 3;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Fetch config;
  private final HttpClientAgent client;
  private final Function<String, Future<List<InetAddress>>> lookup;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * @param lookup the addresses of a name; completes on the caller's context
   */
  GuardedFetcher(
      Vertx vertx,
      Fetch config,
      int headerBytes,
      Function<String, Future<List<InetAddress>>> lookup) {
    this.config = config;
    this.lookup = lookup;
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) config.connect().toMillis())
            .setSslHandshakeTimeout(config.connect().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAlive(false)
            .setPipelining(false)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(headerBytes)
            .setMaxChunkSize(Bodies.CHUNK)
            .setMaxInitialLineLength(4096)
            .setSsl(true)
            .setForceSni(true)
            .setVerifyHost(true)
            .setTrustAll(false);
    config
        .trust()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(config.connections());
    client = vertx.httpClientBuilder().with(options).with(pool).build();
  }

  /** Whether a URL may be asked for at all. */
  boolean allows(FetchUrl url, List<HostPattern> hosts) {
    return config.rules().allows(url, hosts);
  }

  /** One image at most, in bytes. */
  long size() {
    return config.size();
  }

  /**
   * Fetches one image, whole.
   *
   * @param hosts that may be asked beside the operator's
   * @param collector where its bytes go; its reason for too much is {@link
   *     FetchReason#FETCH_TOO_LARGE}
   * @return fails with {@link RefusedException} for every way in which it can fail
   */
  Future<Body> fetch(
      Context context,
      FetchUrl url,
      List<HostPattern> hosts,
      BodyCollector collector,
      Departure departure) {
    if (inFlight.incrementAndGet() > config.connections()) {
      inFlight.decrementAndGet();
      return Future.failedFuture(new RefusedException(FetchReason.FETCH_BUSY));
    }
    Run run = new Run(context, hosts, collector);
    departure.onLeaving(() -> run.fail(TransportReason.CLIENT_LEFT));
    run.ask(url);
    return run.done.future().onComplete(done -> inFlight.decrementAndGet());
  }

  @Override
  public void close() {
    client.close();
  }

  private static RequestOptions options(FetchUrl url, InetAddress address) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setServer(SocketAddress.inetSocketAddress(url.port(), address.getHostAddress()))
        .setHost(url.host())
        .setPort(url.port())
        .setSsl(url.secure())
        .setURI(url.target())
        .setFollowRedirects(false);
  }

  private static FetchReason connectReason(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SSLException) {
        return FetchReason.FETCH_TLS;
      }
      if (at instanceof TimeoutException
          || at instanceof io.netty.channel.ConnectTimeoutException) {
        return FetchReason.FETCH_TIMEOUT;
      }
    }
    return FetchReason.FETCH_CONNECT;
  }

  /** One image: its hops one after the other; whatever ends it first ends it for good. */
  private final class Run {
    private final Context context;
    private final List<HostPattern> hosts;
    private final BodyCollector collector;
    private final Promise<Body> done = Promise.promise();
    private final long totalTimer;
    private long firstByteTimer = -1;
    private int redirects;
    private @Nullable HttpClientRequest request;

    Run(Context context, List<HostPattern> hosts, BodyCollector collector) {
      this.context = context;
      this.hosts = hosts;
      this.collector = collector;
      this.totalTimer = timer(config.total().toMillis());
    }

    void ask(FetchUrl url) {
      if (over()) {
        return;
      }
      if (!allows(url, hosts)) {
        fail(redirects == 0 ? FetchReason.UNRESOLVABLE_OUTPUT : FetchReason.FETCH_REDIRECT);
        return;
      }
      lookup
          .apply(url.host())
          .onSuccess(addresses -> connect(url, addresses))
          .onFailure(
              thrown ->
                  fail(
                      thrown instanceof RefusedException refused
                          ? refused.reason()
                          : FetchReason.FETCH_NAME));
    }

    /** Every address must be allowed; the first of them is the one that is connected to. */
    private void connect(FetchUrl url, List<InetAddress> addresses) {
      if (over()) {
        return;
      }
      if (addresses.isEmpty()) {
        fail(FetchReason.FETCH_NAME);
      } else if (!config
          .rules()
          .mayConnect(url, addresses.stream().map(InetAddress::getAddress).toList())) {
        fail(FetchReason.FETCH_ADDRESS);
      } else {
        client
            .request(options(url, addresses.getFirst()))
            .onFailure(thrown -> fail(connectReason(thrown)))
            .onSuccess(opened -> send(url, opened));
      }
    }

    private void send(FetchUrl url, HttpClientRequest opened) {
      if (over()) {
        opened.connection().close();
        return;
      }
      request = opened;
      firstByteTimer = timer(config.firstByte().toMillis());
      opened
          .putHeader(HttpHeaders.ACCEPT, "image/*")
          .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY)
          .putHeader(HttpHeaders.USER_AGENT, "sallyport")
          .exceptionHandler(thrown -> cut(opened));
      opened.response().onSuccess(response -> head(url, response)).onFailure(thrown -> cut(opened));
      opened.end().onFailure(thrown -> cut(opened));
    }

    /** A connection that this side has ended, for a redirect, says nothing any more. */
    private void cut(HttpClientRequest hop) {
      if (hop.equals(request)) {
        fail(FetchReason.FETCH_CUT);
      }
    }

    private void head(FetchUrl url, HttpClientResponse response) {
      context.owner().cancelTimer(firstByteTimer);
      if (over()) {
        return;
      }
      if (REDIRECTS.contains(response.statusCode())) {
        redirect(url, response.headers().getAll(HttpHeaders.LOCATION));
        return;
      }
      Optional<FetchReason> problem = ImageHead.problem(response.statusCode(), response.headers());
      if (problem.isPresent()) {
        fail(problem.get());
        return;
      }
      collector
          .collect(response, Bodies.declaredLength(response.headers()))
          .onSuccess(this::complete)
          .onFailure(
              thrown ->
                  fail(
                      thrown instanceof RefusedException refused
                          ? refused.reason()
                          : FetchReason.FETCH_CUT));
    }

    /**
     * By the same rules from the start, its name and addresses included, and never down to HTTP.
     */
    private void redirect(FetchUrl from, List<String> locations) {
      Optional<FetchUrl> to =
          locations.size() == 1 ? from.redirect(locations.getFirst()) : Optional.empty();
      if (to.isEmpty() || ++redirects > REDIRECTS_MAX || (from.secure() && !to.get().secure())) {
        fail(FetchReason.FETCH_REDIRECT);
        return;
      }
      hangUp();
      ask(to.get());
    }

    private void complete(Body body) {
      if (done.tryComplete(body)) {
        end();
      }
    }

    private void fail(RefusalReason reason) {
      if (done.tryFail(new RefusedException(reason))) {
        end();
      }
    }

    private void end() {
      context.owner().cancelTimer(totalTimer);
      context.owner().cancelTimer(firstByteTimer);
      hangUp();
    }

    /** What the connection still has to say, of this hop, is of no interest any more. */
    private void hangUp() {
      if (request != null) {
        HttpClientRequest hop = request;
        request = null;
        hop.connection().close();
      }
    }

    private boolean over() {
      return done.future().isComplete();
    }

    private long timer(long millis) {
      return context.owner().setTimer(millis, id -> fail(FetchReason.FETCH_TIMEOUT));
    }
  }
}
