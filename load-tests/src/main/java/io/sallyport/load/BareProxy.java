package io.sallyport.load;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * A proxy that streams both ways and does nothing else: what the gateway's own work is compared
 * with.
 */
public final class BareProxy extends VerticleBase {
  private static final int CONNECTIONS = 64;

  private final int port;
  private final int upstreamPort;

  BareProxy(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  /** Arguments: the port, the upstream's port. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int upstreamPort = Integer.parseInt(args[1]);
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx.vertx()
        .deployVerticle(
            () -> new BareProxy(port, upstreamPort), new DeploymentOptions().setInstances(loops))
        .await();
  }

  @Override
  public Future<?> start() {
    HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    return vertx
        .createHttpServer()
        .requestHandler(request -> forward(client, request))
        .listen(port, "127.0.0.1");
  }

  private void forward(HttpClient client, HttpServerRequest request) {
    request.pause();
    RequestOptions target =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(upstreamPort)
            .setMethod(request.method())
            .setURI(request.uri());
    client
        .request(target)
        .compose(call -> send(request, call))
        .compose(answer -> relay(answer, request))
        .onFailure(_ -> request.connection().close());
  }

  private static Future<HttpClientResponse> send(HttpServerRequest from, HttpClientRequest to) {
    from.headers().forEach((name, value) -> to.putHeader(name, value));
    return to.send(from);
  }

  private static Future<Void> relay(HttpClientResponse from, HttpServerRequest to) {
    to.response().setStatusCode(from.statusCode());
    from.headers().forEach((name, value) -> to.response().putHeader(name, value));
    return from.pipeTo(to.response());
  }
}
