package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.FakeUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's client as it comes offers HTTP/2 with its first request in clear text. */
class DefaultClientTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";

  @TempDir Path dir;

  @Test
  void aClientThatOffersHttp2InClearTextIsServedInHttp11() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((request, line) -> line.json(REPLY));
        RealGateway gateway = RealGateway.start(new GatewayFiles(dir).config(upstream.port(), ""));
        HttpClient client = HttpClient.newHttpClient()) {
      for (String text : new String[] {"a house", "a tree"}) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/images/generations"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(prompt(text)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).isEqualTo(REPLY);
        var received = upstream.received().getLast();
        assertThat(received.body()).asString().isEqualTo(prompt(text));
        for (String name : new String[] {"upgrade", "http2-settings", "connection"}) {
          assertThat(received.header(name)).as(name).isEmpty();
        }
      }
    }
  }
}
