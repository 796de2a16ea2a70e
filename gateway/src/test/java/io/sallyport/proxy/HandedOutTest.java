package io.sallyport.proxy;

import static io.sallyport.proxy.LinkHarness.picture;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that a reply names at the upstream itself, and the routes that hand them out. */
class HandedOutTest {
  @TempDir Path dir;
  private ProxyHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new ProxyHarness(dir);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private RawClient.Answer generate(String url) throws Exception {
    harness.upstream.script((request, connection) -> connection.json(LinkHarness.reply(url)));
    return harness.ask(ProxyHarness.generation("a house"));
  }

  private RawClient.Answer get(String path, String... headers) throws Exception {
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: g\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return harness.ask(head + "\r\n");
  }

  private List<AuditEvent.Decided> decisions() {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/images/img-1/content",
        "/v1/images/img-1/content?variant=0",
        "/generated-images/b64-1.png",
        "http://127.0.0.1:%d/v1/images/img-1/content",
        "http://127.0.0.1:%d/generated-images/x.png"
      })
  void aUrlThatARouteHandsOutPassesAndIsJudgedLater(String url) throws Exception {
    String named = url.formatted(harness.upstream.port());
    RawClient.Answer answer = generate(named);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(LinkHarness.reply(named));
    AuditEvent.Decided output = decisions().getFirst();
    assertThat(output.decision().stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(output.coverage().images()).isEqualTo(1);
    assertThat(output.coverage().imagesJudged()).as("told apart in the record").isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/images/img-1/other",
        "/v1/images/img-1/content/more",
        "/v1/images/img-1/content?other=0",
        "/v1/images/img-1/content#x",
        "/v1/images/../content",
        "/v1/images/%2e%2e/content",
        "/v1/models",
        "/generated-images/a/b.png",
        "/generated-images/",
        "//127.0.0.1:%d/generated-images/x.png",
        "/\\\\127.0.0.1:%d/generated-images/x.png",
        "generated-images/x.png",
        "http://127.0.0.1:%d1/generated-images/x.png",
        "http://127.0.0.1/generated-images/x.png",
        "http://127.0.0.1:%d@evil.example/generated-images/x.png",
        "http://127.0.0.1:%d.evil.example/generated-images/x.png",
        "https://127.0.0.1:%d/generated-images/x.png",
        "http://localhost:%d/generated-images/x.png",
        "http://user@127.0.0.1:%d/generated-images/x.png"
      })
  void everyOtherUrlIsRefused(String url) throws Exception {
    RawClient.Answer answer =
        generate(url.replace("%d", Integer.toString(harness.upstream.port())));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"unresolvable_output\"} 1"))
        .isTrue();
  }

  @Test
  void anImageIsJudgedAsItIsHandedOut() throws Exception {
    harness.upstream.script((request, connection) -> picture(connection, "fine"));
    RawClient.Answer answer = get("/v1/images/img-1/content?variant=0");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("fine");
    assertThat(answer.header("content-type")).isEqualTo("image/png");
    assertThat(decisions()).as("no prompt came with it").hasSize(1);
    AuditEvent.Decided output = decisions().getFirst();
    assertThat(output.decision().stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(output.decision().evidence().earlier()).isEmpty();
    assertThat(output.coverage().imagesJudged()).isEqualTo(1);
    assertThat(output.imageHashes()).hasSize(1);
  }

  @Test
  void aForbiddenImageIsNotHandedOut() throws Exception {
    harness.upstream.script((request, connection) -> picture(connection, "all red here"));
    RawClient.Answer answer = get("/generated-images/x.png");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("moderation_blocked", "\"moderation_stage\":\"output\"")
        .doesNotContain("all red");
    assertThat(decisions().getFirst().decision().verdict()).isEqualTo(Verdict.BLOCK);
  }

  @Test
  void onlyTheWholeOfAnImageIsAskedFor() throws Exception {
    harness.upstream.script((request, connection) -> picture(connection, "fine"));
    assertThat(
            get(
                    "/generated-images/x.png",
                    "Range: bytes=0-1",
                    "If-Range: \"a\"",
                    "If-None-Match: \"a\"",
                    "If-Match: \"a\"",
                    "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
                    "If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
                    "X-Kept: yes")
                .status())
        .isEqualTo(200);
    FakeUpstream.Received received = harness.upstream.received().getLast();
    assertThat(received.header("x-kept")).containsExactly("yes");
    assertThat(received.head().toLowerCase(java.util.Locale.ROOT)).doesNotContain("range", "if-");
    harness.upstream.script(
        (request, connection) -> connection.reply(206, "image/png", new byte[] {'r', 'e'}));
    assertThat(get("/generated-images/x.png").status()).isEqualTo(502);
  }

  @Test
  void whatIsNoPictureIsNotHandedOut() throws Exception {
    for (String type : List.of("text/html", "application/json", "application/octet-stream")) {
      harness.upstream.script(
          (request, connection) -> connection.reply(200, type, "fine".getBytes()));
      assertThat(get("/generated-images/x.png").status()).as(type).isEqualTo(502);
    }
  }

  /** One file may be a picture here and a page or a program to whoever goes by its type. */
  @ParameterizedTest
  @ValueSource(strings = {"image/svg+xml", "image/tiff", "image/heic", "image/x-other"})
  void aPictureUnderATypeThatIsNoneOfThoseJudgedIsNotHandedOut(String type) throws Exception {
    harness.upstream.script(
        (request, connection) -> connection.reply(200, type, "fine".getBytes()));
    assertThat(get("/generated-images/x.png").status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_declared_type\"} 1"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/jpeg", "image/webp", "IMAGE/PNG", "image/avif; charset=utf-8"})
  void aPictureUnderAnotherPicturesTypeIs(String type) throws Exception {
    harness.upstream.script(
        (request, connection) -> connection.reply(200, type, "fine".getBytes()));
    assertThat(get("/generated-images/x.png").status()).isEqualTo(200);
  }

  @Test
  void anErrorOfTheUpstreamPasses() throws Exception {
    byte[] body = "{\"error\":{\"message\":\"no such image\"}}".getBytes();
    harness.upstream.script(
        (request, connection) -> connection.reply(404, "application/json", body));
    RawClient.Answer answer = get("/v1/images/img-1/content");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void aRequestWithABodyOrAnotherMethodIsRefused() throws Exception {
    String tail = " /generated-images/x.png HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n{}";
    assertThat(harness.ask("GET" + tail).status()).isEqualTo(415);
    assertThat(harness.ask("POST" + tail).status()).isEqualTo(405);
    assertThat(harness.upstream.received()).isEmpty();
  }
}
