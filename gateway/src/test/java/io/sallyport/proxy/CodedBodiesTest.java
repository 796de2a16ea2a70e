package io.sallyport.proxy;

import static io.sallyport.proxy.ProxyHarness.image;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.coding.ContentCoding;
import io.sallyport.testing.Coded;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Coded bodies end to end over sockets: judged decoded, passed as they came. */
class CodedBodiesTest {
  private static final String HOUSE = "{\"prompt\":\"a house\"}";

  @TempDir Path dir;
  private ProxyHarness harness;

  private void start(String more) throws Exception {
    harness = new ProxyHarness(dir, more, ProxyHarness.POLICY);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private RawClient.Answer ask(String headers, byte[] body) throws Exception {
    return ask("/v1/images/generations", headers, body);
  }

  private RawClient.Answer ask(String path, String headers, byte[] body) throws Exception {
    try (RawClient client = harness.client()) {
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
              + headers
              + "Content-Length: "
              + body.length
              + "\r\n\r\n";
      return client.send(head).send(body).read();
    }
  }

  private static String in(ContentCoding coding) {
    return "Content-Encoding: " + coding.wire() + "\r\n";
  }

  /** The upstream answers with these bytes and header fields, to whatever is asked. */
  private void replies(String headers, byte[] body) {
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                  + headers
                  + "Vary: accept-encoding\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n");
          connection.write(body);
        });
  }

  private void refusedOnRecord(RawClient.Answer answer, int status, String label) throws Exception {
    refused(answer, status, label);
    assertThat(harness.rows().getFirst().body()).contains(label);
  }

  private void refused(RawClient.Answer answer, int status, String label) throws Exception {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"" + label + "\"} 1")).isTrue();
    for (int i = 0; i < 500 && harness.path.bufferedBytes() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(harness.path.bufferedBytes()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anAllowedBodyPassesByteForByteBothWays(ContentCoding coding) throws Exception {
    start("");
    for (String picture : new String[] {"fine", numbers(20_000)}) {
      byte[] request = Coded.in(coding, HOUSE);
      byte[] reply = Coded.in(coding, image(picture));
      replies(in(coding), reply);
      RawClient.Answer answer = ask(in(coding) + "Accept-Encoding: br, gzip;q=0.5\r\n", request);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(reply);
      assertThat(answer.headers("content-encoding")).containsExactly(coding.wire());
      assertThat(answer.headers("vary")).containsExactly("accept-encoding");
      var received = harness.upstream.received().getLast();
      assertThat(received.body()).isEqualTo(request);
      assertThat(received.header("content-encoding")).containsExactly(coding.wire());
      assertThat(received.header("accept-encoding")).containsExactly("br, gzip;q=0.5");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForbiddenPromptIsFoundInACodedRequest(ContentCoding coding) throws Exception {
    start("");
    RawClient.Answer answer = ask(in(coding), Coded.in(coding, "{\"prompt\":\"a bicycle\"}"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked");
    assertThat(harness.upstream.received()).isEmpty();
  }

  @Test
  void aForbiddenPromptIsFoundBehindBrotlisDictionary() throws Exception {
    start("");
    RawClient.Answer answer = ask(in(ContentCoding.BR), Coded.BROTLI_BICYCLE);
    assertThat(answer.text()).contains("moderation_blocked");
    assertThat(harness.upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aForbiddenImageIsFoundInACodedReply(ContentCoding coding) throws Exception {
    start("");
    replies(in(coding), Coded.in(coding, image("fine", "a red circle")));
    RawClient.Answer answer = ask("", HOUSE.getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked");
    assertThat(answer.header("content-encoding")).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aForbiddenImageIsFoundInACodedModeration(ContentCoding coding) throws Exception {
    start("");
    String picture = Base64.getEncoder().encodeToString("a red circle".getBytes(UTF_8));
    String input =
        "{\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
            + picture
            + "\"}}]}";
    RawClient.Answer answer = ask("/v1/moderations", in(coding), Coded.in(coding, input));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("\"flagged\":true");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void anImageAtAPlaceThatNobodyClaimedIsFoundInACodedError(ContentCoding coding) throws Exception {
    start("");
    byte[] body =
        Coded.in(coding, "{\"error\":{\"preview\":\"" + "iVBORw0KGgo".repeat(50) + "\"}}");
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 500 X\r\nContent-Type: application/json\r\n"
                  + in(coding)
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n");
          connection.write(body);
        });
    refused(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_unclaimed_image");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBombIsRefusedBothWays(ContentCoding coding) throws Exception {
    start("");
    refusedOnRecord(ask(in(coding), Coded.bomb(coding)), 413, "request_expansion");
    replies(in(coding), Coded.bomb(coding));
    refusedOnRecord(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_expansion");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBodyThatIsCutIsRefusedBothWays(ContentCoding coding) throws Exception {
    start("");
    byte[] request = Coded.in(coding, HOUSE);
    refusedOnRecord(
        ask(in(coding), Arrays.copyOf(request, request.length - 1)), 400, "request_bad_coding");
    byte[] reply = Coded.in(coding, image("fine"));
    replies(in(coding), Arrays.copyOf(reply, reply.length - 1));
    refusedOnRecord(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_bad_coding");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBodyThatIsNotInItsCodingIsRefusedBothWays(ContentCoding coding) throws Exception {
    start("");
    refusedOnRecord(ask(in(coding), HOUSE.getBytes(UTF_8)), 400, "request_bad_coding");
    replies(in(coding), image("fine").getBytes(UTF_8));
    refusedOnRecord(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_bad_coding");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aCodedBodyWithoutItsHeaderIsRefused(ContentCoding coding) throws Exception {
    start("");
    RawClient.Answer answer = ask("", Coded.in(coding, HOUSE));
    assertThat(answer.status()).isEqualTo(400);
    replies("", Coded.in(coding, image("a red circle")));
    assertThat(ask("", HOUSE.getBytes(UTF_8)).status()).isEqualTo(502);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aDecodedBodyIsHeldToTheLimitOfAPlainOne(ContentCoding coding) throws Exception {
    start("limits: {request: 32KiB, reply: 128KiB}\n");
    byte[] request = Coded.in(coding, "{\"prompt\":\"" + "a house ".repeat(3900) + "\"}");
    assertThat(ask(in(coding), request).status()).isNotEqualTo(413);
    request = Coded.in(coding, "{\"prompt\":\"" + "a house ".repeat(4100) + "\"}");
    if (coding != ContentCoding.BR) {
      assertThat(request.length).isLessThan(32 << 10);
      refused(ask(in(coding), request), 413, "request_too_large");
      byte[] reply = Coded.in(coding, "{\"a\":[" + numbers(20_000) + "0]}");
      assertThat(reply.length).isLessThan(128 << 10);
      replies(in(coding), reply);
      refused(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_too_large");
    }
  }

  private static String numbers(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(1_000_000 + i * 7 % 9973).append(',');
    }
    return text.toString();
  }

  /** White space that JSON allows and that compresses to a quarter. */
  private static String blanks(int count) {
    SplittableRandom random = new SplittableRandom(count);
    StringBuilder text = new StringBuilder();
    random.ints(count, 0, 4).forEach(i -> text.append(" \n\r\t".charAt(i)));
    return text.toString();
  }

  @Test
  void aCodedBodyTakesItsShareOfTheBudget() throws Exception {
    start("limits: {request: 1MiB, reply: 1MiB, buffered: 4MiB}\n");
    byte[] request = Coded.in(ContentCoding.GZIP, HOUSE + blanks(1_000_000));
    replies(
        in(ContentCoding.GZIP), Coded.in(ContentCoding.GZIP, image("fine") + blanks(1_000_000)));
    refused(ask(in(ContentCoding.GZIP), request), 503, "buffer_full");
    replies("", image("fine").getBytes(UTF_8));
    assertThat(ask(in(ContentCoding.GZIP), request).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: compress",
        "Content-Encoding: x-gzip",
        "Content-Encoding: gzip, gzip",
        "Content-Encoding: identity, gzip",
        "Content-Encoding: identity\r\nContent-Encoding: gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
        "Content-Encoding:",
      })
  void whatIsNotOneKnownCodingIsRefusedBothWays(String header) throws Exception {
    start("");
    byte[] gzip = Coded.in(ContentCoding.GZIP, HOUSE);
    RawClient.Answer answer = ask(header + "\r\n", gzip);
    refused(answer, 415, "content_encoding");
    assertThat(answer.header("accept-encoding")).isEqualTo("gzip, deflate, br, zstd");
    assertThat(harness.upstream.received()).isEmpty();
    replies(header + "\r\n", Coded.in(ContentCoding.GZIP, image("fine")));
    refusedOnRecord(ask("", HOUSE.getBytes(UTF_8)), 502, "reply_encoding");
  }

  @Test
  void theNameOfACodingCountsInAnyCase() throws Exception {
    start("");
    byte[] request = Coded.in(ContentCoding.GZIP, HOUSE);
    assertThat(ask("content-encoding: GZip\r\n", request).status()).isEqualTo(200);
    assertThat(harness.upstream.received().getLast().header("content-encoding"))
        .containsExactly("GZip");
  }

  @Test
  void anEmptyReplyHasNoCoding() throws Exception {
    start("");
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"));
    assertThat(ask("", HOUSE.getBytes(UTF_8)).status()).isEqualTo(500);
  }

  @Test
  void theUpstreamIsToldOfCodingsThatAreJudgedOnly() throws Exception {
    start("");
    ask("Accept-Encoding: dcb, zstd;q=0.7, identity;q=0\r\n", HOUSE.getBytes(ISO_8859_1));
    assertThat(harness.upstream.received().getLast().header("accept-encoding"))
        .containsExactly("zstd;q=0.7, identity;q=0");
    ask("", HOUSE.getBytes(ISO_8859_1));
    assertThat(harness.upstream.received().getLast().header("accept-encoding"))
        .containsExactly("identity");
  }
}
