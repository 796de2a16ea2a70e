package io.sallyport.proxy;

import static io.sallyport.proxy.LinkHarness.picture;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.KeyedHash;
import io.sallyport.coding.ContentCoding;
import io.sallyport.policy.Verdict;
import io.sallyport.testing.Coded;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that a reply names by URL: fetched by the guarded fetcher and judged, or refused. */
class LinkedImagesTest {
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

  private void restart(String more, String policy) throws Exception {
    links.close();
    links = new LinkHarness(dir.resolve("again"), certificate, more, policy);
  }

  private static void redirect(FakeUpstream.Connection connection, String... locations)
      throws Exception {
    StringBuilder head = new StringBuilder("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n");
    for (String location : locations) {
      head.append("Location: ").append(location).append("\r\n");
    }
    connection.write(head.append("\r\n").toString());
  }

  @Test
  void anAllowedImageIsFetchedJudgedAndTheReplyLeftAsItIs() throws Exception {
    String url = links.url("cdn.example/a/x.png?sig=a%2Fb&se=1#top");
    RawClient.Answer answer = links.generate(url);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(LinkHarness.reply(url));
    AuditEvent.Decided decided = links.outputs().getFirst();
    assertThat(decided.coverage().images()).isEqualTo(1);
    assertThat(decided.coverage().imagesJudged()).isEqualTo(1);
    assertThat(decided.imageHashes())
        .as("the verdict is tied to the bytes")
        .containsExactly(
            KeyedHash.open(links.gateway.dir.resolve("audit"))
                .ofImage(ByteBuffer.wrap("fine".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void nothingOfTheClientsOrTheUpstreamsGoesAlong() throws Exception {
    links.gateway.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nSet-Cookie: a=b\r\n"
                    + "Content-Length: "
                    + LinkHarness.reply(links.url("cdn.example/x?a=b#c")).length()
                    + "\r\n\r\n"
                    + LinkHarness.reply(links.url("cdn.example/x?a=b#c"))));
    links.gateway.ask(
        ProxyHarness.generation(
            "a house", "Authorization: Bearer key", "Cookie: a=b", "Referer: r", "X-Mine: m"));
    assertThat(links.cdn.received()).hasSize(1);
    FakeUpstream.Received asked = links.cdn.received().getFirst();
    assertThat(asked.line()).isEqualTo("GET /x?a=b HTTP/1.1");
    assertThat(asked.header("host")).containsExactly("cdn.example:" + links.cdn.port());
    assertThat(asked.header("accept-encoding")).containsExactly("identity");
    assertThat(asked.head().lines().skip(1).map(line -> line.split(":", 2)[0].toLowerCase()))
        .containsExactlyInAnyOrder(
            "host", "accept", "accept-encoding", "user-agent", "connection", "");
    assertThat(links.serverNames).containsOnly("cdn.example");
  }

  @Test
  void aForbiddenImageBehindAUrlBlocksTheReply() throws Exception {
    links.cdn.script((request, connection) -> picture(connection, "all red here"));
    RawClient.Answer answer = links.generate(links.url("cdn.example/x.png"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("moderation_blocked", "\"moderation_stage\":\"output\"")
        .doesNotContain("cdn.example");
    assertThat(links.outputs().getFirst().decision().verdict()).isEqualTo(Verdict.BLOCK);
  }

  @ParameterizedTest
  @EnumSource
  void urlsInACodedReplyAreFollowedAndTheReplyPassesAsItCame(ContentCoding coding)
      throws Exception {
    byte[] reply = Coded.in(coding, LinkHarness.reply(links.url("cdn.example/x.png")));
    links.gateway.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Encoding: "
                  + coding.wire()
                  + "\r\nContent-Length: "
                  + reply.length
                  + "\r\n\r\n");
          connection.write(reply);
        });
    RawClient.Answer fine = links.gateway.ask(ProxyHarness.generation("a house"));
    assertThat(fine.status()).isEqualTo(200);
    assertThat(fine.body()).isEqualTo(reply);
    assertThat(links.outputs().getFirst().coverage().imagesJudged()).isEqualTo(1);
    links.cdn.script((request, connection) -> picture(connection, "all red here"));
    RawClient.Answer red = links.gateway.ask(ProxyHarness.generation("a house"));
    assertThat(red.status()).isEqualTo(400);
    assertThat(red.text()).contains("moderation_blocked");
  }

  @Test
  void imagesInTheReplyAndBehindUrlsAreDecidedTogether() throws Exception {
    String red = Base64.getEncoder().encodeToString("red".getBytes(StandardCharsets.UTF_8));
    String fine = Base64.getEncoder().encodeToString("fine".getBytes(StandardCharsets.UTF_8));
    String body = "{\"data\":[{\"b64_json\":\"%s\"},{\"url\":\"%s\"}]}";
    links.gateway.upstream.script(
        (request, connection) ->
            connection.json(body.formatted(fine, links.url("a.store.example/x"))));
    assertThat(links.gateway.ask(ProxyHarness.generation("a house")).status()).isEqualTo(200);
    assertThat(links.outputs().getFirst().coverage().imagesJudged()).isEqualTo(2);
    assertThat(links.outputs().getFirst().imageHashes()).hasSize(2);
    links.gateway.upstream.script(
        (request, connection) ->
            connection.json(body.formatted(red, links.url("a.store.example/x"))));
    assertThat(links.gateway.ask(ProxyHarness.generation("a house")).status()).isEqualTo(400);
  }

  @Test
  void everyOneOfManyIsFetchedAndTheSameOneOnlyOnce() throws Exception {
    String[] urls = new String[10];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = links.url("cdn.example/" + i % 9);
    }
    assertThat(links.generate(urls).status()).isEqualTo(200);
    assertThat(links.cdn.received()).hasSize(9);
    links.cdn.script(
        (request, connection) ->
            picture(connection, request.line().contains("/8") ? "red" : "fine"));
    assertThat(links.generate(urls).status()).isEqualTo(400);
  }

  @Test
  void anImageThatCannotBeReadBlocks() throws Exception {
    links.cdn.script((request, connection) -> picture(connection, "UNDECODABLE"));
    RawClient.Answer answer = links.generate(links.url("cdn.example/x"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(links.gateway.counted("sallyport_refusals_total{reason=\"reply_image\"}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example:%d/x",
        "https://store.example:%d/x",
        "https://cdn.example.other.example:%d/x",
        "https://cdn.example/x",
        "https://cdn.example:1/x",
        "http://cdn.example:%d/x",
        "https://user@cdn.example:%d/x",
        "https://127.0.0.1:%d/x",
        "https://2130706433:%d/x",
        "https://[::1]:%d/x",
        "https://cdn.example.:%d/x",
        "https://cdn.example:%d/../x",
        "//cdn.example:%d/x",
        "ftp://cdn.example:%d/x",
        "file:///x%d",
        "/x%d",
        "x%d",
        "/v1/images/generations?%d",
        "/v1/models?%d"
      })
  void whatIsNotListedIsRefusedUnasked(String url) throws Exception {
    assertThat(
            links.refused(links.generate(url.formatted(links.cdn.port())), "unresolvable_output"))
        .isTrue();
    assertThat(links.lookups).isEmpty();
    assertThat(links.cdn.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.2",
        "127.0.0.1 127.0.0.2",
        "127.0.0.2 127.0.0.1",
        "127.0.0.1 ::1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::1",
        "fd00::1",
        "fe80::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "::ffff:10.0.0.1",
        "168.63.129.16"
      })
  void aNameWithAnAddressThatIsNotPublicIsRefusedUnasked(String addresses) throws Exception {
    links.answers("cdn.example", addresses);
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_address")).isTrue();
    assertThat(links.cdn.connections()).isZero();
  }

  @Test
  void privateIsRefusedUnlessTheConfigurationNamesIt() throws Exception {
    links.close();
    links = new LinkHarness(dir.resolve("again"), certificate, "", ProxyHarness.POLICY, "");
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_address")).isTrue();
    assertThat(links.cdn.connections()).isZero();
  }

  @Test
  void aNameWithoutAddressIsRefused() throws Exception {
    links.answers("cdn.example", "");
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_name")).isTrue();
  }

  @Test
  void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() throws Exception {
    links.answers("cdn.example", "127.0.0.1", "127.0.0.2");
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(200);
    assertThat(links.lookups).containsExactly("cdn.example");
    assertThat(links.cdn.received()).hasSize(1);
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_address"))
        .as("and every fetch looks anew")
        .isTrue();
    assertThat(links.cdn.received()).hasSize(1);
  }

  @Test
  void aRedirectIsFollowedToWhereverAFetchMayGo() throws Exception {
    links.cdn.script(
        (request, connection) -> {
          switch (request.line().split(" ")[1]) {
            case "/1" -> redirect(connection, "/2?a=b");
            case "/2?a=b" -> redirect(connection, links.url("b.store.example/3"));
            case "/3" -> redirect(connection, links.url("cdn.example/4"));
            default -> picture(connection, "all red here");
          }
        });
    assertThat(links.generate(links.url("cdn.example/1")).status()).isEqualTo(400);
    assertThat(links.cdn.received()).hasSize(4);
    assertThat(links.lookups)
        .containsExactly("cdn.example", "cdn.example", "b.store.example", "cdn.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example:%d/x",
        "http://cdn.example:%d/x",
        "https://127.0.0.1:%d/x",
        "https://cdn.example:1/x%d",
        "https://user@cdn.example:%d/x",
        "//cdn.example:%d/x",
        "file:///x%d",
        "x%d",
        "/../x%d",
        "/again"
      })
  void aRedirectToElsewhereIsNotFollowed(String location) throws Exception {
    links.cdn.script(
        (request, connection) -> redirect(connection, location.formatted(links.cdn.port())));
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_redirect"))
        .isTrue();
    assertThat(links.cdn.received()).hasSize(location.equals("/again") ? 4 : 1);
  }

  @Test
  void aRedirectWithoutOneLocationIsNotFollowed() throws Exception {
    links.cdn.script((request, connection) -> redirect(connection));
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_redirect"))
        .isTrue();
    links.cdn.script((request, connection) -> redirect(connection, "/a", "/b"));
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(502);
    assertThat(links.cdn.received()).hasSize(2);
  }

  @Test
  void aRedirectIntoThePrivateNetworkIsRefused() throws Exception {
    links.answers("cdn.example", "127.0.0.1", "127.0.0.2");
    links.cdn.script((request, connection) -> redirect(connection, "/y"));
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_address")).isTrue();
    links.answers("cdn.example", "127.0.0.1");
    links.answers("a.store.example", "169.254.169.254");
    links.cdn.script((request, connection) -> redirect(connection, links.url("a.store.example/y")));
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(502);
    assertThat(links.cdn.received()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 X|Content-Type: image/png|fetch_status",
        "206 X|Content-Type: image/png|fetch_status",
        "500 X|Content-Type: image/png|fetch_status",
        "204 X|Content-Type: image/png|fetch_status",
        "304 X|Content-Type: image/png|fetch_status",
        "200 X|Content-Type: text/html|fetch_type",
        "200 X|Content-Type: application/json|fetch_type",
        "200 X|Content-Type: image/svg+xml|fetch_type",
        "200 X|Content-Type: image/x-other|fetch_type",
        "200 X|Content-Type: multipart/x-mixed-replace|fetch_type",
        "200 X|Content-Encoding: gzip|fetch_coding",
        "200 X|Content-Encoding: br|fetch_coding",
        "200 X|Content-Encoding: identity, gzip|fetch_coding"
      })
  void anAnswerThatIsNoImageIsRefused(String status, String field, String reason) throws Exception {
    links.cdn.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 " + status + "\r\n" + field + "\r\nContent-Length: 4\r\n\r\nfine"));
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), reason)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: image/webp",
        "Content-Type: IMAGE/PNG; a=b",
        "Content-Type: application/octet-stream",
        "Content-Type: binary/octet-stream",
        "Content-Encoding: identity",
        "X-Other: y"
      })
  void anAnswerThatMayBeAnImageIsJudged(String field) throws Exception {
    links.cdn.script(
        (request, connection) ->
            connection.write("HTTP/1.1 200 X\r\n" + field + "\r\nContent-Length: 3\r\n\r\nred"));
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(400);
  }

  @Test
  void oneThatIsTooLargeIsRefusedAsSoonAsItIsKnown() throws Exception {
    restart("  size: 64KiB\n", ProxyHarness.POLICY);
    links.cdn.script(
        (request, connection) -> {
          connection.write("HTTP/1.1 200 X\r\nContent-Length: 999999999999\r\n\r\n");
          links.cdn.event(connection.closedWithin(10_000) ? "closed" : "open");
        });
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_too_large"))
        .isTrue();
    assertThat(links.cdn.await("closed")).isTrue();
    links.cdn.script(
        (request, connection) -> {
          connection.write("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n");
          String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
          for (int i = 0; i < 10_000; i++) {
            connection.write(chunk);
          }
        });
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(502);
    assertThat(links.gateway.counted("sallyport_refusals_total{reason=\"fetch_too_large\"} 2"))
        .isTrue();
    links.cdn.script((request, connection) -> picture(connection, "x".repeat(64 << 10)));
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Length: 40|fetch_cut",
        "Content-Length: -4|fetch_cut",
        "Content-Length: 4, 5|fetch_cut",
        "Content-Length: four|fetch_cut",
        "Transfer-Encoding: chunked|fetch_cut"
      })
  void aLieAboutTheLengthIsRefused(String field, String reason) throws Exception {
    links.cdn.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 X\r\nContent-Type: image/png\r\n" + field + "\r\n\r\nfine");
          connection.cut();
        });
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), reason)).isTrue();
  }

  @Test
  void whatIsNoHttpIsRefused() throws Exception {
    for (String answer :
        new String[] {"hello\r\n\r\n", "HTTP/1.1 200 X\r\nA: " + "b".repeat(99999)}) {
      links.cdn.script(
          (request, connection) -> {
            connection.write(answer);
            connection.cut();
          });
      assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_cut")).isTrue();
    }
  }

  @Test
  void oneThatDripsIsRefusedInTime() throws Exception {
    restart("  total: 1500ms\n", ProxyHarness.POLICY);
    links.cdn.script(
        (request, connection) -> {
          connection.write("HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n");
          for (int i = 0; i < 5000; i++) {
            connection.write("x");
            Thread.sleep(20);
          }
        });
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_timeout")).isTrue();
  }

  @Test
  void oneThatSaysNothingIsRefusedInTime() throws Exception {
    restart("  first_byte: 100ms\n", ProxyHarness.POLICY);
    links.cdn.script((request, connection) -> connection.closedWithin(20_000));
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_timeout")).isTrue();
  }

  @Test
  void aServerThatCannotBeReachedIsRefused() throws Exception {
    links.cdn.close();
    assertThat(links.refused(links.generate(links.url("cdn.example/x")), "fetch_connect")).isTrue();
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    assertThat(links.refused(links.generate(links.url("c.store.example/x")), "fetch_tls")).isTrue();
    assertThat(links.cdn.received()).isEmpty();
  }

  @Test
  void moreAtOnceThanConfiguredAreRefused() throws Exception {
    restart("  connections: 1\n", ProxyHarness.POLICY);
    String[] two = {links.url("cdn.example/1"), links.url("cdn.example/2")};
    assertThat(links.refused(links.generate(two), "fetch_busy")).isTrue();
    AtomicInteger status = new AtomicInteger();
    for (int i = 0; i < 500 && status.get() != 200; i++) {
      status.set(links.generate(two[0]).status());
      Thread.sleep(10);
    }
    assertThat(status).as("the place is given back").hasValue(200);
  }

  @Test
  void aClientThatLeavesEndsTheFetch() throws Exception {
    String body = LinkHarness.reply(links.url("cdn.example/x"));
    links.gateway.upstream.script((request, connection) -> connection.json(body));
    links.cdn.script(
        (request, connection) -> {
          links.cdn.event("asked");
          links.cdn.event(connection.closedWithin(10_000) ? "closed" : "open");
        });
    try (RawClient client = links.gateway.client()) {
      client.send(ProxyHarness.generation("a house"));
      assertThat(links.cdn.await("asked")).isTrue();
    }
    assertThat(links.cdn.await("closed")).isTrue();
  }

  @Test
  void oneThatFailsEndsTheOthers() throws Exception {
    links.cdn.script(
        (request, connection) -> {
          if (request.line().contains("/slow")) {
            connection.write("HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\nxx");
            links.cdn.event("asked");
            links.cdn.event(connection.closedWithin(10_000) ? "closed" : "open");
          } else {
            links.cdn.await("asked");
            connection.reply(404, "image/png", new byte[0]);
          }
        });
    RawClient.Answer answer =
        links.generate(links.url("cdn.example/slow"), links.url("cdn.example/bad"));
    assertThat(links.refused(answer, "fetch_status")).isTrue();
    assertThat(links.cdn.await("closed")).isTrue();
    for (int i = 0; i < 500 && links.gateway.path.bufferedBytes() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(links.gateway.path.bufferedBytes()).isZero();
  }

  @Test
  void theMemoryOfWhatWasFetchedIsGivenBack() throws Exception {
    links.cdn.script((request, connection) -> picture(connection, "x".repeat(1 << 20)));
    assertThat(links.generate(links.url("cdn.example/1"), links.url("cdn.example/2")).status())
        .isEqualTo(200);
    for (int i = 0; i < 500 && links.gateway.path.bufferedBytes() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(links.gateway.path.bufferedBytes()).isZero();
  }

  @Test
  void whereNobodyJudgesNothingIsFetchedButPlacesAreChecked() throws Exception {
    String textOnly = ProxyHarness.POLICY.replace("[words, pictures]", "[words]");
    restart("", textOnly.substring(0, textOnly.indexOf("  - id: no-red")));
    assertThat(links.generate(links.url("cdn.example/x")).status()).isEqualTo(200);
    assertThat(links.outputs().getFirst().coverage().images()).isEqualTo(1);
    assertThat(links.outputs().getFirst().coverage().imagesJudged()).isZero();
    assertThat(links.cdn.connections()).isZero();
    assertThat(links.generate("https://other.example/x").status()).isEqualTo(502);
  }

  @Test
  void plainHttpIsSpokenOnlyWithPrivateHostsThatTheConfigurationNames() throws Exception {
    try (FakeUpstream plain =
        new FakeUpstream((request, connection) -> picture(connection, "all red here"))) {
      links.close();
      links =
          new LinkHarness(
              dir.resolve("again"),
              certificate,
              "  plain_http: [cdn.example]\n",
              ProxyHarness.POLICY,
              "\"127.0.0.1/32\"",
              plain.port());
      assertThat(links.generate("http://cdn.example:" + plain.port() + "/x").status())
          .isEqualTo(400);
      assertThat(plain.received()).hasSize(1);
      assertThat(
              links.refused(
                  links.generate("http://a.store.example:" + plain.port() + "/x"),
                  "unresolvable_output"))
          .isTrue();
      links.answers("cdn.example", "8.8.8.8");
      assertThat(
              links.refused(
                  links.generate("http://cdn.example:" + plain.port() + "/x"), "fetch_address"))
          .isTrue();
    }
  }

  @Test
  void noUrlReachesTheRecordTheLogOrTheMetrics() throws Exception {
    String canary = "canary4711";
    links.generate(links.url("cdn.example/" + canary));
    links.generate("https://" + canary + ".example/x");
    links.gateway.record.close();
    assertThat(links.gateway.metrics()).doesNotContain(canary);
    try (var files = Files.walk(links.gateway.dir.resolve("audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(canary);
      }
    }
  }
}
