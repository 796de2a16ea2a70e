package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two readers could take for different things, on a raw socket: none goes upstream.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingTest {
  private static final String BODY = "{\"prompt\":\"a\"}";
  private static final String POST = "POST /v1/images/generations HTTP/1.1\r\n";
  private static final String TYPE = "Content-Type: application/json\r\n";
  private static final String HOST = "Host: gateway\r\n";
  private static final String CHUNKED = "e\r\n" + BODY + "\r\n0\r\n\r\n";

  private ProxyHarness harness;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    harness = new ProxyHarness(dir);
  }

  @AfterAll
  void stop() throws Exception {
    harness.close();
  }

  static Stream<Arguments> smuggled() {
    String head = POST + HOST + TYPE;
    return Stream.of(
        Arguments.of(
            "length and chunked",
            head + "Content-Length: 14\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "chunked, xchunked", head + "Transfer-Encoding: chunked, xchunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "xchunked, chunked", head + "Transfer-Encoding: xchunked, chunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "identity, chunked", head + "Transfer-Encoding: identity, chunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "xchunked and length",
            head + "Transfer-Encoding: xchunked\r\nContent-Length: 14\r\n\r\n" + BODY),
        Arguments.of(
            "coding twice",
            head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED),
        Arguments.of("gzip, chunked", head + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED),
        Arguments.of("folded coding", head + "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "two lengths", head + "Content-Length: 14\r\nContent-Length: 15\r\n\r\n" + BODY),
        Arguments.of(
            "the same length twice",
            head + "Content-Length: 14\r\nContent-Length: 14\r\n\r\n" + BODY),
        Arguments.of("signed length", head + "Content-Length: +14\r\n\r\n" + BODY),
        Arguments.of("list of lengths", head + "Content-Length: 14, 14\r\n\r\n" + BODY),
        Arguments.of("hex length", head + "Content-Length: 0xe\r\n\r\n" + BODY),
        Arguments.of("negative length", head + "Content-Length: -1\r\n\r\n" + BODY),
        Arguments.of("space before colon", head + "Content-Length : 14\r\n\r\n" + BODY),
        Arguments.of(
            "tab before chunked", head + "Transfer-Encoding: \u000bchunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "bare line feeds", head.replace("\r\n", "\n") + "Content-Length: 14\n\n" + BODY),
        Arguments.of(
            "line feed after chunk size",
            head + "Transfer-Encoding: chunked\r\n\r\ne\n" + BODY + "\r\n0\r\n\r\n"),
        Arguments.of(
            "line break in a chunk extension",
            head + "Transfer-Encoding: chunked\r\n\r\ne;a=\"\r\n\"\r\n" + BODY + "\r\n0\r\n\r\n"),
        Arguments.of(
            "chunk size with 0x",
            head + "Transfer-Encoding: chunked\r\n\r\n0xe\r\n" + BODY + "\r\n0\r\n\r\n"),
        Arguments.of(
            "negative chunk size",
            head + "Transfer-Encoding: chunked\r\n\r\n-e\r\n" + BODY + "\r\n0\r\n\r\n"),
        Arguments.of("CR in a value", head + "X-A: a\rb\r\nContent-Length: 14\r\n\r\n" + BODY),
        Arguments.of("NUL in a value", head + "X-A: a\0b\r\nContent-Length: 14\r\n\r\n" + BODY),
        Arguments.of(
            "HTTP/1.0 with a coding",
            head.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKED),
        Arguments.of(
            "absolute target",
            POST.replace(" /v1", " http://evil/v1")
                + HOST
                + TYPE
                + "Content-Length: 14\r\n\r\n"
                + BODY),
        Arguments.of("authority target", "CONNECT evil:443 HTTP/1.1\r\n" + HOST + "\r\n"),
        Arguments.of("asterisk target", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
        Arguments.of(
            "two hosts",
            POST + HOST + "Host: evil\r\n" + TYPE + "Content-Length: 14\r\n\r\n" + BODY),
        Arguments.of("no host", POST + TYPE + "Content-Length: 14\r\n\r\n" + BODY),
        Arguments.of(
            "upgrade",
            head
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 14\r\n\r\n"
                + BODY),
        Arguments.of(
            "one of several upgrades",
            head
                + "Connection: Upgrade\r\nUpgrade: h2c, TLS/1.0\r\nContent-Length: 14\r\n\r\n"
                + BODY),
        Arguments.of(
            "huge head",
            head + "X-A: " + "a".repeat(40_000) + "\r\nContent-Length: 14\r\n\r\n" + BODY),
        Arguments.of("huge target", "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
        Arguments.of("not HTTP", "hello there\r\n\r\n"),
        Arguments.of("HTTP/2 preface in clear text", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("smuggled")
  void refuses(String name, String request) throws Exception {
    int before = harness.upstream.received().size();
    try (RawClient client = harness.client()) {
      client.send(request);
      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isIn(0, 400, 404, 405, 413, 414, 431, 501);
    }
    assertThat(harness.upstream.received()).hasSize(before);
  }

  @Test
  void takesAPlainRequest() throws Exception {
    RawClient.Answer answer = harness.ask(ProxyHarness.generation("a house"));
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void takesAPlainChunkedRequest() throws Exception {
    RawClient.Answer answer =
        harness.ask(POST + HOST + TYPE + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKED);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(harness.upstream.received().getLast().body()).asString().isEqualTo(BODY);
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (RawClient client = harness.client()) {
      client.send(
          ProxyHarness.generation("a house")
              + ProxyHarness.generation("a bicycle")
              + ProxyHarness.generation("a tree"));
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void saysContinueOnlyAfterTheEarlyChecks() throws Exception {
    String expect = "Expect: 100-continue\r\n";
    try (RawClient client = harness.client()) {
      client.send(POST + HOST + TYPE + expect + "Content-Length: 14\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send(BODY).read().status()).isEqualTo(200);
    }
    assertThat(harness.upstream.received().getLast().header("expect")).isEmpty();
    try (RawClient client = harness.client()) {
      client.send(POST + HOST + TYPE + expect + "Content-Length: 99999999\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(413);
    }
    try (RawClient client = harness.client()) {
      client.send(
          POST.replace("generations", "elsewhere") + HOST + expect + "Content-Length: 14\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
    }
  }

  @Test
  void refusesOtherExpectations() throws Exception {
    RawClient.Answer answer =
        harness.ask(POST + HOST + TYPE + "Expect: a-miracle\r\nContent-Length: 14\r\n\r\n" + BODY);
    assertThat(answer.status()).isEqualTo(417);
  }

  @Test
  void refusesABodyInAnUnknownCoding() throws Exception {
    RawClient.Answer answer =
        harness.ask(
            POST + HOST + TYPE + "Content-Encoding: compress\r\nContent-Length: 14\r\n\r\n" + BODY);
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void aClientThatIsRefusedEarlyStillReadsItsAnswer() throws Exception {
    try (RawClient client = harness.client()) {
      client.send(POST + HOST + TYPE + "Content-Length: 99999999\r\n\r\n");
      client.send("x".repeat(100_000));
      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.closedWithin(3000)).isTrue();
    }
  }
}
