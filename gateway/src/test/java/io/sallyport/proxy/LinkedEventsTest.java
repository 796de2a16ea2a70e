package io.sallyport.proxy;

import static io.sallyport.proxy.Events.delta;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.Poll;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of a stream that name their images by URL: each is fetched and judged before it goes on.
 */
class LinkedEventsTest {
  private static final String DONE = "data: [DONE]\n\n";
  private static Certificate certificate;

  @TempDir Path dir;
  private LinkHarness links;

  @BeforeAll
  static void certify(@TempDir Path dir) throws Exception {
    certificate = new Certificate(dir.resolve("tls"), LinkHarness.NAMES);
  }

  @BeforeEach
  void start() throws Exception {
    links = new LinkHarness(dir, certificate);
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(links.gateway.metrics()).doesNotContain("reason=\"internal\"");
    links.close();
  }

  private void restart(String more) throws Exception {
    links.close();
    links = new LinkHarness(dir.resolve("again"), certificate, more, ProxyHarness.POLICY);
  }

  private static String completed(String url) {
    return event("completed", url);
  }

  private static String partial(String url) {
    return event("partial_image", url);
  }

  private static String event(String name, String url) {
    return "event: image_generation."
        + name
        + "\ndata: {\"type\":\"image_generation."
        + name
        + "\",\"url\":\""
        + url
        + "\"}\n\n";
  }

  private RawClient.Answer ask(String... events) throws Exception {
    links.gateway.upstream.script((request, connection) -> Events.stream(connection, events));
    return links.gateway.ask(Events.request());
  }

  @Test
  void anAllowedImageIsFetchedAndItsEventPassesAsItCame() throws Exception {
    String[] events = {
      delta("a house"), completed(links.url("cdn.example/a.png?sig=1")), delta("there"), DONE
    };
    RawClient.Answer answer = ask(events);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(String.join("", events));
    assertThat(links.outputs())
        .singleElement()
        .matches(decided -> decided.coverage().images() == 1)
        .matches(decided -> decided.coverage().imagesJudged() == 1)
        .matches(decided -> decided.imageHashes().size() == 1);
    assertThat(links.cdn.received()).hasSize(1);
  }

  @Test
  void anEventWaitsForItsImageAndTheNextBehindIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    links.cdn.script(
        (request, connection) -> {
          asked.countDown();
          go.await();
          LinkHarness.picture(connection, "fine");
        });
    String slow = completed(links.url("cdn.example/a.png"));
    links.gateway.upstream.script(
        (request, connection) -> Events.stream(connection, delta("one"), slow, delta("two"), DONE));
    try (RawClient client = links.gateway.client()) {
      client.send(Events.request());
      client.head();
      assertThat(client.chunk()).isEqualTo(delta("one"));
      assertThat(asked.await(20, TimeUnit.SECONDS)).as("the image is asked for").isTrue();
      assertThat(links.outputs()).isEmpty();
      go.countDown();
      assertThat(client.chunk()).isEqualTo(slow);
      assertThat(client.chunk()).isEqualTo(delta("two"));
      assertThat(client.chunk()).isEqualTo(DONE);
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void aForbiddenImageBehindAUrlIsRefused() throws Exception {
    links.cdn.script((request, connection) -> LinkHarness.picture(connection, "all red"));
    String url = links.url("cdn.example/a.png");
    RawClient.Answer plain = ask(completed(url), DONE);
    assertThat(plain.status()).isEqualTo(400);
    assertThat(plain.text()).contains("\"moderation_blocked\"").doesNotContain("example");
    RawClient.Answer begun = ask(delta("a house"), completed(url), DONE);
    assertThat(begun.status()).isEqualTo(200);
    assertThat(begun.text())
        .startsWith(delta("a house") + "event: error\n")
        .contains("\"moderation_blocked\"")
        .doesNotContain("example", "DONE");
  }

  @Test
  void aUrlThatMayNotBeAskedEndsTheStream() throws Exception {
    for (String url :
        List.of("https://elsewhere.example/a.png", "http://cdn.example/a.png", "//cdn.example/a")) {
      RawClient.Answer answer = ask(delta("a house"), completed(url), DONE);
      assertThat(answer.text())
          .startsWith(delta("a house") + "event: error\n")
          .contains("\"code\":\"upstream_bad_reply\"")
          .doesNotContain("example", "DONE");
    }
    assertThat(
            links.refused(ask(completed("https://elsewhere.example/a.png")), "unresolvable_output"))
        .isTrue();
    links.cdn.script(
        (request, connection) -> connection.reply(404, "text/plain", new byte[] {'x'}));
    assertThat(links.refused(ask(completed(links.url("cdn.example/a.png"))), "fetch_status"))
        .isTrue();
    assertThat(links.cdn.received()).hasSize(1);
  }

  @Test
  void anImageThatTheGatewayHandsOutIsJudgedWhenItLeaves() throws Exception {
    String event = completed("/v1/images/x/content");
    assertThat(ask(event, DONE).text()).isEqualTo(event + DONE);
    assertThat(links.cdn.received()).isEmpty();
  }

  @Test
  void aPreviewIsFetchedOnlyWhereItIsJudged() throws Exception {
    String preview = partial(links.url("cdn.example/p.png"));
    String image = completed(links.url("cdn.example/a.png"));
    assertThat(ask(preview, image).text()).isEqualTo(image);
    assertThat(links.cdn.received()).hasSize(1);
    restart("streams: {previews: hold}\n");
    preview = partial(links.url("cdn.example/p.png"));
    image = completed(links.url("cdn.example/a.png"));
    assertThat(ask(preview, image).text()).isEqualTo(preview + image);
    assertThat(links.outputs()).singleElement().matches(it -> it.coverage().imagesJudged() == 2);
    links.cdn.script(
        (request, connection) ->
            LinkHarness.picture(connection, request.line().contains("/p.png") ? "red" : "fine"));
    assertThat(ask(preview, image).status()).isEqualTo(400);
  }

  /** What one event fetched is given back with it, however long the stream is. */
  @Test
  void aLongStreamHoldsTheImagesOfOneEventOnly() throws Exception {
    restart("limits: {buffered: 4MiB, request: 64KiB, reply: 1MiB}\n");
    byte[] large = new byte[700 << 10];
    links.cdn.script((request, connection) -> connection.reply(200, "image/png", large));
    String[] events = new String[20];
    for (int i = 0; i < events.length; i++) {
      events[i] = completed(links.url("cdn.example/" + i + ".png"));
    }
    assertThat(ask(events).text()).isEqualTo(String.join("", events));
    Poll.until("memory is given back", () -> links.gateway.path.bufferedBytes() == 0);
  }

  @Test
  void aClientThatLeavesEndsTheFetch() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    links.cdn.script(
        (request, connection) -> {
          asked.countDown();
          links.cdn.event(connection.closedWithin(20_000) ? "closed" : "open");
        });
    String url = links.url("cdn.example/a.png");
    links.gateway.upstream.script(
        (request, connection) -> Events.stream(connection, delta("a house"), completed(url)));
    try (RawClient client = links.gateway.client()) {
      client.send(Events.request());
      client.head();
      assertThat(asked.await(20, TimeUnit.SECONDS)).as("the image is asked for").isTrue();
      client.abort();
    }
    assertThat(links.cdn.await("closed")).isTrue();
    Poll.until("memory is given back", () -> links.gateway.path.bufferedBytes() == 0);
  }
}
