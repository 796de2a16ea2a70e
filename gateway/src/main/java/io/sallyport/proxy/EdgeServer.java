package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.config.GatewayConfig.Listen;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens for clients, one server per event loop on one port, and starts an {@link Exchange} for
 * each request. Stops by draining: new requests get 503, running ones may finish.
 */
public final class EdgeServer {
  private static final long DRAIN_POLL_MILLIS = 20;
  private static final long SWEEP_MILLIS = 1000;

  /** The one refusal without an answer: there is no request yet that could be answered. */
  private static final String CONNECTIONS_FULL = "connections_full";

  private final Vertx vertx;
  private final Corridor corridor;
  private final Listen listen;
  private final AtomicInteger port = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean draining;

  EdgeServer(Vertx vertx, Corridor corridor, Listen listen) {
    this.vertx = vertx;
    this.corridor = corridor;
    this.listen = listen;
  }

  /** Starts listening; the port that it listens on. */
  public Future<Integer> start() {
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
    return vertx
        .deployVerticle(Loop::new, new DeploymentOptions().setInstances(loops))
        .map(deployed -> port.get());
  }

  /** Refuses new requests and waits for running ones, at most for {@code grace}. */
  public Future<Void> drain(Duration grace) {
    draining = true;
    corridor.channels().drain();
    long end = System.nanoTime() + grace.toNanos();
    var promise = io.vertx.core.Promise.<Void>promise();
    vertx.setPeriodic(
        DRAIN_POLL_MILLIS,
        id -> {
          if (corridor.inFlight().get() == 0 || System.nanoTime() - end > 0) {
            vertx.cancelTimer(id);
            promise.tryComplete();
          }
        });
    return promise.future();
  }

  /** Exchanges let in and not ended. */
  public int inFlight() {
    return corridor.inFlight().get();
  }

  /** Connections of clients that are open now. */
  public int connections() {
    return connections.get();
  }

  public boolean draining() {
    return draining;
  }

  /** A port that the system chooses must be the same for all loops. */
  private SocketAddress address() {
    return listen.port() == 0
        ? SocketAddress.sharedRandomPort(1, listen.host())
        : SocketAddress.inetSocketAddress(listen.port(), listen.host());
  }

  private HttpServerOptions options() {
    Limits limits = corridor.limits();
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxInitialLineLength(8 << 10)
            .setMaxChunkSize(Bodies.CHUNK)
            .setMaxFormFields(0)
            .setHttp2ClearTextEnabled(false)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(100)
                    .setMaxHeaderListSize(limits.headerBytes()))
            .setDecompressionSupported(false)
            .setCompressionSupported(false)
            .setMaxWebSocketFrameSize(Bodies.CHUNK)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setHandle100ContinueAutomatically(false);
    listen
        .tls()
        .ifPresent(
            tls ->
                options
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(tls.certificate().toString())
                            .addKeyPath(tls.key().toString())));
    return options;
  }

  /** One server on one event loop; Vert.x shares the port among them. */
  private final class Loop extends VerticleBase {
    @Override
    public Future<?> start() {
      ConnectionWatch watch = new ConnectionWatch(corridor.limits().idle());
      vertx.setPeriodic(SWEEP_MILLIS, id -> watch.sweep());
      HttpServer server = vertx.createHttpServer(options());
      server.connectionHandler(connection -> open(watch, connection));
      server.invalidRequestHandler(request -> begin(watch, request));
      server.requestHandler(request -> begin(watch, request));
      return server.listen(address()).onSuccess(ready -> port.set(ready.actualPort()));
    }

    private void open(ConnectionWatch watch, HttpConnection connection) {
      if (connections.incrementAndGet() > corridor.limits().connections()) {
        connections.decrementAndGet();
        corridor.meters().refusal(CONNECTIONS_FULL);
        connection.close();
      } else {
        watch.opened(connection, connections::decrementAndGet);
      }
    }

    private void begin(ConnectionWatch watch, HttpServerRequest request) {
      new Exchange(corridor, watch, request, context).run(draining);
    }
  }
}
