package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.audit.AuditEvent;
import io.sallyport.coding.ContentCoding;
import io.sallyport.signal.Stage;
import io.sallyport.testing.Coded;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that a request names by URL: fetched once, judged, and put into their URLs' place. */
class InlinedImagesTest {
  private static final String INLINE = "  requests: inline\n  request_hosts: [b.store.example]\n";
  private static final String PNG = "\u0089PNG\r\n\u001a\n";
  private static Certificate certificate;

  @TempDir Path dir;
  private LinkHarness links;

  @BeforeAll
  static void certify(@TempDir Path dir) throws Exception {
    certificate = new Certificate(dir.resolve("tls"), LinkHarness.NAMES);
  }

  @BeforeEach
  void start() throws Exception {
    start(INLINE, dir);
  }

  private void start(String section, Path at) throws Exception {
    links = new LinkHarness(at, certificate, section, ProxyHarness.POLICY);
    links.cdn.script((request, connection) -> picture(connection, PNG + "fine"));
  }

  private void restart(String section) throws Exception {
    links.close();
    start(section, dir.resolve("again"));
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(links.gateway.metrics()).doesNotContain("reason=\"internal\"");
    links.close();
  }

  private static void picture(FakeUpstream.Connection connection, String latin1)
      throws IOException {
    connection.reply(200, "image/png", latin1.getBytes(ISO_8859_1));
  }

  private RawClient.Answer edit(String json) throws IOException {
    return send("Content-Type: application/json", json.getBytes(UTF_8));
  }

  private RawClient.Answer send(String fields, byte[] body) throws IOException {
    try (RawClient client = links.gateway.client()) {
      return client
          .send(
              "POST /v1/images/edits HTTP/1.1\r\nHost: g\r\n"
                  + fields
                  + "\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
          .send(body)
          .read();
    }
  }

  private static String named(String... urls) {
    StringBuilder images = new StringBuilder();
    for (String url : urls) {
      images.append(images.isEmpty() ? "" : " ,").append("{ \"image_url\":\"").append(url);
      images.append("\"}");
    }
    return "{\"prompt\" : \"a h\u00f6use\",\"images\":[" + images + "] , \"n\":1 }";
  }

  private static String uri(String type, String latin1) {
    return "data:"
        + type
        + ";base64,"
        + Base64.getEncoder().encodeToString(latin1.getBytes(ISO_8859_1));
  }

  private FakeUpstream.Received sent() {
    return links.gateway.upstream.received().getLast();
  }

  /** Whether an answer refuses for this reason, which was counted and put on record. */
  private boolean refused(RawClient.Answer answer, String reason) throws Exception {
    return answer.status() == 400
        && "false".equals(answer.header("x-should-retry"))
        && answer.text().contains("\"invalid_request\"")
        && !answer.text().contains("example")
        && links.gateway.upstream.received().isEmpty()
        && links.gateway.rows().stream()
            .anyMatch(
                row ->
                    row.event() instanceof AuditEvent.Refused event
                        && event.reason().equals(reason))
        && links.gateway.counted("sallyport_refusals_total{reason=\"" + reason + "\"}");
  }

  @Test
  void theImageComesIntoThePlaceOfItsUrlAndEveryOtherByteStays() throws Exception {
    String url = links.url("b.store.example/x.png?sig=a%2Fb");
    RawClient.Answer answer = edit(named(url));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(new String(sent().body(), UTF_8)).isEqualTo(named(uri("image/png", PNG + "fine")));
    assertThat(sent().header("content-length"))
        .containsExactly(Integer.toString(sent().body().length));
    AuditEvent.Decided judged =
        links.gateway.rows().stream()
            .map(row -> row.event())
            .filter(AuditEvent.Decided.class::isInstance)
            .map(AuditEvent.Decided.class::cast)
            .filter(it -> it.decision().stage() == Stage.INPUT_IMAGE)
            .findFirst()
            .orElseThrow();
    assertThat(judged.coverage().imagesJudged()).isEqualTo(1);
    assertThat(judged.imageHashes()).hasSize(1);
  }

  @Test
  void aUrlThatIsNamedTwiceIsFetchedOnce() throws Exception {
    String a = links.url("b.store.example/a");
    String b = links.url("b.store.example/b");
    String own = uri("image/png", PNG + "own");
    links.cdn.script(
        (request, connection) ->
            picture(connection, request.line().contains("/a") ? PNG + "fine" : "GIF89a"));
    String body =
        "{\"mask\":{\"image_url\":\"%s\"},\"images\":[{\"image_url\":\"%s\"},{\"image_url\":\"%s\"},"
            + "{\"image_url\":\"%s\"}],\"prompt\":\"a\"}";
    assertThat(edit(body.formatted(a, b, own, a)).status()).isEqualTo(200);
    assertThat(links.cdn.received()).hasSize(2);
    String fine = uri("image/png", PNG + "fine");
    assertThat(new String(sent().body(), UTF_8))
        .isEqualTo(body.formatted(fine, uri("image/gif", "GIF89a"), own, fine));
  }

  @Test
  void manyAreAllFetched() throws Exception {
    String[] urls = new String[9];
    String[] uris = new String[9];
    links.cdn.script(
        (request, connection) -> picture(connection, PNG + request.line().split(" ")[1]));
    for (int i = 0; i < urls.length; i++) {
      urls[i] = links.url("b.store.example/" + i);
      uris[i] = uri("image/png", PNG + "/" + i);
    }
    assertThat(edit(named(urls)).status()).isEqualTo(200);
    assertThat(new String(sent().body(), UTF_8)).isEqualTo(named(uris));
  }

  @Test
  void escapesInAUrlAreUndone() throws Exception {
    String url = links.url("b.store.example/x.png");
    assertThat(edit(named(url.replace("/", "\\/"))).status()).isEqualTo(200);
    assertThat(new String(sent().body(), UTF_8)).isEqualTo(named(uri("image/png", PNG + "fine")));
  }

  @Test
  void aForbiddenImageIsRefusedAndNeverForwarded() throws Exception {
    links.cdn.script((request, connection) -> picture(connection, PNG + "all red here"));
    RawClient.Answer answer = edit(named(links.url("b.store.example/x.png")));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked", "\"moderation_stage\":\"input\"");
    assertThat(links.gateway.upstream.received()).isEmpty();
  }

  /** The next who asks is shown another picture: so nobody asks again. */
  @Test
  void whatWasJudgedIsWhatIsSent() throws Exception {
    links.cdn.script(
        (request, connection) ->
            picture(connection, PNG + (links.cdn.received().size() == 1 ? "fine" : "red")));
    assertThat(edit(named(links.url("b.store.example/x.png"))).status()).isEqualTo(200);
    assertThat(links.cdn.received()).hasSize(1);
    assertThat(new String(sent().body(), UTF_8)).isEqualTo(named(uri("image/png", PNG + "fine")));
  }

  @Test
  void byDefaultUrlsAreRefusedUnasked() throws Exception {
    restart("");
    assertThat(refused(edit(named(links.url("cdn.example/x.png"))), "request_not_judged")).isTrue();
    assertThat(links.lookups).isEmpty();
  }

  /** Whose pictures replies may name is not whose pictures clients may. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://cdn.example:%d/x",
        "https://a.store.example:%d/x",
        "http://b.store.example:%d/x",
        "https://b.store.example/x%d",
        "https://user@b.store.example:%d/x",
        "https://127.0.0.1:%d/x",
        "https://b.store.example.:%d/x",
        "//b.store.example:%d/x",
        "ftp://b.store.example:%d/x",
        "file://localhost/x%d"
      })
  void whatIsNotListedIsRefusedUnasked(String url) throws Exception {
    assertThat(refused(edit(named(url.formatted(links.cdn.port()))), "request_not_judged"))
        .isTrue();
    assertThat(links.lookups).isEmpty();
    assertThat(links.cdn.connections()).isZero();
  }

  @Test
  void aReplyMayNotNameWhatRequestsMay() throws Exception {
    restart(INLINE.replace("b.store.example", "pictures.example"));
    RawClient.Answer answer = links.generate(links.url("pictures.example/x"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(links.lookups).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 X|Content-Type: image/png|request_fetch_status",
        "200 X|Content-Type: text/html|request_fetch_type",
        "200 X|Content-Type: image/svg+xml|request_fetch_type",
        "200 X|Content-Type: image/png|request_fetch_type",
        "200 X|Content-Encoding: gzip|request_fetch_coding",
        "302 X|Location: https://cdn.example/x|request_fetch_redirect",
      })
  void whatIsNoPictureIsRefused(String status, String field, String reason) throws Exception {
    links.cdn.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 " + status + "\r\n" + field + "\r\nContent-Length: 4\r\n\r\nfine"));
    assertThat(refused(edit(named(links.url("b.store.example/x"))), reason)).isTrue();
  }

  @Test
  void aHostInThePrivateNetworkIsRefused() throws Exception {
    links.answers("b.store.example", "169.254.169.254");
    assertThat(refused(edit(named(links.url("b.store.example/x"))), "request_fetch_address"))
        .isTrue();
    assertThat(links.cdn.connections()).isZero();
  }

  @Test
  void aCodedRequestGoesOnWithoutItsCoding() throws Exception {
    byte[] coded = Coded.in(ContentCoding.GZIP, named(links.url("b.store.example/x.png")));
    RawClient.Answer answer =
        send(
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Digest: a=:b:",
            coded);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().head().toLowerCase()).doesNotContain("content-encoding", "digest");
    assertThat(new String(sent().body(), UTF_8)).isEqualTo(named(uri("image/png", PNG + "fine")));
  }

  @Test
  void aRequestThatNamesNoUrlPassesAsItIs() throws Exception {
    String own = named(uri("image/png", PNG + "own"));
    byte[] coded = Coded.in(ContentCoding.GZIP, own);
    assertThat(send("Content-Type: application/json\r\nContent-Encoding: gzip", coded).status())
        .isEqualTo(200);
    assertThat(sent().header("content-encoding")).containsExactly("gzip");
    assertThat(sent().body()).isEqualTo(coded);
  }

  @Test
  void aUrlInAFormIsRefused() throws Exception {
    String form =
        "--b0\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\n"
            + links.url("b.store.example/x")
            + "\r\n--b0--\r\n";
    RawClient.Answer answer =
        send("Content-Type: multipart/form-data; boundary=b0", form.getBytes(UTF_8));
    assertThat(refused(answer, "request_not_judged")).isTrue();
    assertThat(links.lookups).isEmpty();
  }

  @Test
  void aUrlAtAnyOtherPlaceIsRefused() throws Exception {
    String url = links.url("b.store.example/x.png");
    assertThat(edit("{\"prompt\":\"a\",\"other\":\"" + url + "\"}").status()).isEqualTo(400);
    assertThat(edit("{\"prompt\":\"a\",\"image_url\":\"" + url + "\"}").status()).isEqualTo(400);
    assertThat(links.lookups).isEmpty();
  }

  @Test
  void whatGrowsBeyondTheCapIsRefused() throws Exception {
    restart(INLINE + "limits: {request: 8KiB, reply: 64KiB, buffered: 1MiB}\n");
    links.cdn.script((request, connection) -> picture(connection, PNG + "x".repeat(7 << 10)));
    RawClient.Answer answer = edit(named(links.url("b.store.example/x")));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(links.gateway.counted("reason=\"request_too_large\"} 1")).isTrue();
    assertThat(links.gateway.upstream.received()).isEmpty();
    for (int i = 0; i < 500 && links.gateway.path.bufferedBytes() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(links.gateway.path.bufferedBytes()).isZero();
  }
}
