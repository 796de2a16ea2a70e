package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BareProxyTest {
  private static final byte[] LARGE = new byte[3_000_000];

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int upstreamPort;
  private int port;

  @BeforeEach
  void start() throws IOException {
    new SplittableRandom(1).nextBytes(LARGE);
    upstreamPort = freePort();
    port = freePort();
    vertx.deployVerticle(new FixedUpstream(upstreamPort, Buffer.buffer(LARGE))).await();
    vertx.deployVerticle(new BareProxy(port, upstreamPort)).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    client.close();
  }

  @Test
  void bodiesPassUnchangedThroughTheBareProxy() throws Exception {
    HttpResponse<byte[]> large = post(port, FixedUpstream.LARGE);
    assertThat(large.statusCode()).isEqualTo(200);
    assertThat(large.body()).isEqualTo(LARGE);
    assertThat(large.headers().firstValue("content-type")).contains("application/json");
    assertThat(post(port, FixedUpstream.TINY).body())
        .isEqualTo(post(upstreamPort, FixedUpstream.TINY).body());
  }

  @Test
  void anUpstreamThatIsGoneClosesTheClientsConnection() throws Exception {
    int nobody = freePort();
    int deaf = freePort();
    vertx.deployVerticle(new BareProxy(deaf, nobody)).await();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> post(deaf, FixedUpstream.TINY))
        .isInstanceOf(IOException.class);
  }

  private HttpResponse<byte[]> post(int to, String size) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to + "/v1/images/generations"))
            .POST(HttpRequest.BodyPublishers.ofString(Prompts.body(1, size)))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
