package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Upstream;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Set;

/**
 * Opens WebSockets to the image service: one attempt each, a connection of its own, no extensions
 * and no subprotocols. A socket lives on the event loop that opened it.
 */
final class UpstreamSockets implements AutoCloseable {
  private final Upstream upstream;
  private final WebSocketClient client;

  /**
   * @param messageMax bytes of one message at most, and so of one frame
   */
  UpstreamSockets(Vertx vertx, Upstream upstream, int messageMax) {
    this.upstream = upstream;
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setConnectTimeout((int) upstream.connect().toMillis())
            // Who opens one has taken a place among the channels already.
            .setMaxConnections(Integer.MAX_VALUE)
            .setMaxFrameSize(messageMax)
            .setTryUsePerFrameCompression(false)
            .setTryUsePerMessageCompression(false);
    if (UpstreamClient.secure(upstream)) {
      options.setSsl(true).setVerifyHost(true);
      upstream
          .trust()
          .ifPresentOrElse(
              file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())),
              () -> options.setTrustAll(false));
    }
    client = vertx.createWebSocketClient(options);
  }

  /**
   * Opens one for a client's handshake.
   *
   * @param target path and query
   * @param headers the client's
   * @param dropped lower-case header fields that must not go upstream
   * @param end what listens to it
   * @return fails with {@link RefusedException}
   */
  Future<Void> open(
      String target, MultiMap headers, Set<String> dropped, String requestId, ChannelEnd end) {
    if (!isUri(target)) {
      return Future.failedFuture(new RefusedException(TransportReason.QUERY));
    }
    ClientWebSocket socket = client.webSocket();
    end.listen(socket);
    long since = System.nanoTime();
    return socket
        .connect(options(target, headers, dropped, requestId))
        .<Void>mapEmpty()
        .onSuccess(opened -> end.connected())
        .recover(thrown -> Future.failedFuture(new RefusedException(reason(thrown, since))));
  }

  private WebSocketConnectOptions options(
      String target, MultiMap headers, Set<String> dropped, String requestId) {
    Set<String> left = new HashSet<>(dropped);
    left.addAll(Handshake.OWN_FIELDS);
    upstream.credential().ifPresent(secret -> left.add("authorization"));
    MultiMap sent = MultiMap.caseInsensitiveMultiMap();
    HeaderRules.copyUp(headers, sent, left);
    sent.remove(HttpHeaders.ACCEPT_ENCODING);
    upstream.credential().ifPresent(secret -> sent.set("authorization", secret.reveal()));
    sent.set(HeaderRules.REQUEST_ID, requestId);
    boolean secure = UpstreamClient.secure(upstream);
    return new WebSocketConnectOptions()
        .setHost(upstream.url().getHost())
        .setPort(UpstreamClient.port(upstream, secure))
        .setSsl(secure)
        .setURI(target)
        .setHeaders(sent)
        // The client's own, where it has one: services compare it with the host that they know.
        .setAllowOriginHeader(sent.contains(HttpHeaders.ORIGIN))
        .setTimeout(upstream.firstByte().toMillis());
  }

  private RefusalReason reason(Throwable thrown, long since) {
    if (thrown instanceof UpgradeRejectedException) {
      return TransportReason.UPSTREAM_UPGRADE;
    }
    return System.nanoTime() - since >= upstream.firstByte().toNanos()
        ? TransportReason.UPSTREAM_TIMEOUT
        : TransportReason.UPSTREAM_DOWN;
  }

  /** Vert.x would never answer for one that is none. */
  private static boolean isUri(String target) {
    try {
      return !new URI(target).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
