package io.sallyport.proxy;

import static io.sallyport.proxy.JobHarness.picture;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Certificate;
import io.sallyport.coding.ContentCoding;
import io.sallyport.testing.Coded;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies about jobs: the URLs in them, and those that come as a stream. */
class JobReplyTest {
  private static final String HOUSE = "{'input':{'prompt':'a house'}}";

  @TempDir Path dir;

  private static String prediction(String stream) {
    return "{'id':'p1',"
        + " 'status':'starting','urls':{'get':'https://api.replicate.com/v1/predictions/p1',\n"
        + " 'cancel':'https://api.replicate.com/v1/predictions/p1/cancel','stream':'"
        + stream
        + "'},'metrics':{}}";
  }

  @Test
  void urlsLeadToTheGatewayInSubmitsAndPolls() throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      api.answering(prediction("https://stream.replicate.com/v1/files/bcwr-token"));
      String here =
          "{'id':'p1', 'status':'starting','urls':{'get':'http://g/v1/predictions/p1',\n"
              + " 'cancel':'http://g/v1/predictions/p1/cancel','stream':'http://g/v1/predictions/p1'},'metrics':{}}";
      RawClient.Answer submit =
          api.ask("anna", "POST", "/v1/predictions", HOUSE, "Accept-Encoding: gzip, br");
      assertThat(submit.text()).isEqualTo(here.replace('\'', '"'));
      assertThat(api.gateway.upstream.received().getLast().header("accept-encoding"))
          .containsExactly("identity");
      RawClient.Answer poll = api.ask("anna", "GET", "/v1/predictions/p1", "");
      assertThat(poll.text()).isEqualTo(here.replace('\'', '"'));
      RawClient.Answer elsewhere =
          api.ask("anna", "GET", "/v1/predictions/p1", "", "Host: [::1]:8080");
      assertThat(elsewhere.text()).contains("\"http://[::1]:8080/v1/predictions/p1/cancel\"");
    }
  }

  @Test
  void theOperatorMaySayWhereClientsReachTheGateway() throws Exception {
    String listen = "listen: {port: 0, public_url: \"https://images.example/\"}\n";
    try (JobHarness api = new JobHarness(dir, "bfl", listen, ProxyHarness.POLICY)) {
      api.answering("{'id':'t1','polling_url':'https://api.eu1.bfl.ai/v1/get_result?id=t1'}");
      assertThat(api.ask("anna", "POST", "/v1/flux-dev", "{'prompt':'a house'}").text())
          .isEqualTo(
              "{\"id\":\"t1\",\"polling_url\":\"https://images.example/v1/get_result?id=t1\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://queue.fal.run/o/a/elsewhere/r1",
        "https://queue.fal.run/o/a/requests/r1?x=1",
        "u",
        "//queue.fal.run/o/a/requests/r1",
        "https://u:p@queue.fal.run/o/a/requests/r1",
      })
  void aUrlThatLeadsNowhereHereRefusesTheReply(String url) throws Exception {
    try (JobHarness api = new JobHarness(dir, "fal")) {
      api.answering("{'request_id':'r1','status':'IN_QUEUE','response_url':'" + url + "'}");
      assertThat(api.ask("anna", "POST", "/o/a", "{'prompt':'a house'}").status()).isEqualTo(502);
      assertThat(api.gateway.counted("sallyport_refusals_total{reason=\"reply_not_judged\"} 1"))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"g/evil", "g\\\"x", "user@g", "g:port", "g h"})
  void aHostThatIsNoneIsNotWrittenIntoAReply(String host) throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      api.answering(prediction("https://stream.replicate.com/v1/files/bcwr-token"));
      RawClient.Answer answer = api.ask("anna", "POST", "/v1/predictions", HOUSE, "Host: " + host);
      assertThat(answer.status()).isBetween(400, 502);
      assertThat(answer.text()).doesNotContain("evil", "api.replicate.com");
    }
  }

  @Test
  void nothingIsWrittenIntoACodedReplyAndDigestsOfAnotherAreLeftOut() throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      byte[] plain = prediction("https://s.example/x").replace('\'', '"').getBytes(UTF_8);
      api.gateway.upstream.script(
          (request, connection) -> {
            connection.write(
                "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nETag: \"a\"\r\nX-Kept: yes\r\n"
                    + "Content-Digest: sha-256=:x:\r\nContent-Length: "
                    + plain.length
                    + "\r\n\r\n");
            connection.write(plain);
          });
      RawClient.Answer answer = api.ask("anna", "POST", "/v1/predictions", HOUSE);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-kept")).isEqualTo("yes");
      assertThat(answer.header("content-digest")).isNull();
      assertThat(answer.header("etag")).isNull();
      byte[] coded = Coded.in(ContentCoding.GZIP, plain);
      api.gateway.upstream.script(
          (request, connection) -> {
            connection.write(
                "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                    + "Content-Length: "
                    + coded.length
                    + "\r\n\r\n");
            connection.write(coded);
          });
      RawClient.Answer refused =
          api.ask("anna", "GET", "/v1/predictions/p1", "", "Accept-Encoding: gzip");
      assertThat(refused.status()).isEqualTo(502);
    }
  }

  private static String events(String picture) {
    return "event: start\ndata: {\"id\":\"p1\",\"status\":\"processing\"}\n\n"
        + "event: completed\ndata: {\"id\":\"p1\",\"status\":\"succeeded\",\"output\":\""
        + picture
        + "\"}\n\n";
  }

  private static void streaming(JobHarness api, String events) {
    api.gateway.upstream.script(
        (request, connection) ->
            connection.reply(200, "text/event-stream", events.getBytes(UTF_8)));
  }

  @Test
  void aStreamOfACogContainerIsJudgedEventByEvent() throws Exception {
    try (JobHarness api = new JobHarness(dir, "cog")) {
      streaming(api, events(picture("fine")));
      RawClient.Answer answer =
          api.ask(
              "anna",
              "POST",
              "/predictions",
              HOUSE,
              "Accept: text/event-stream",
              "Accept-Encoding: gzip");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(events(picture("fine")));
      assertThat(api.gateway.upstream.received().getLast().header("accept-encoding"))
          .containsExactly("identity");
      streaming(api, events(picture("all red")));
      RawClient.Answer refused =
          api.ask("anna", "POST", "/predictions", HOUSE, "Accept: text/event-stream");
      assertThat(refused.text())
          .startsWith("event: start\n")
          .contains(
              "event: completed\ndata: {\"id\":\"",
              "\"status\":\"failed\",\"output\":null,\"error\":\"NSFW content detected")
          .doesNotContain("data:image");
      streaming(api, "event: log\ndata: {\"message\":\"x\"}\n\n" + events(picture("fine")));
      assertThat(api.ask("anna", "POST", "/predictions", HOUSE, "Accept: text/event-stream").text())
          .isEqualTo(events(picture("fine")));
    }
  }

  @Test
  void theLastEventOfARefusedStreamNamesTheClientsOwnId() throws Exception {
    try (JobHarness api = new JobHarness(dir, "cog")) {
      streaming(api, events(picture("all red")));
      assertThat(
              api.ask("anna", "PUT", "/predictions/mine", HOUSE, "Accept: text/event-stream")
                  .text())
          .contains("event: completed\ndata: {\"id\":\"mine\",\"status\":\"failed\"");
    }
  }

  @Test
  void aLargeReplyIsWrittenAnewWithinItsShareOfTheMemory() throws Exception {
    String most = "limits: {reply: 4MiB, request: 1MiB, buffered: 12MiB}\n";
    try (JobHarness api = new JobHarness(dir, "replicate", most, ProxyHarness.POLICY)) {
      String large =
          "{'id':'p1','logs':'"
              + "a log. ".repeat(400_000)
              + "','urls':{'get':'https://api.replicate.com/v1/predictions/p1'}}";
      api.answering(large);
      RawClient.Answer answer = api.ask("anna", "POST", "/v1/predictions", HOUSE);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text())
          .isEqualTo(large.replace('\'', '"').replace("https://api.replicate.com", "http://g"));
      for (int i = 0; i < 100 && api.gateway.path.bufferedBytes() > 0; i++) {
        Thread.sleep(20);
      }
      assertThat(api.gateway.path.bufferedBytes()).isZero();
    }
  }

  @Test
  void imagesBehindUrlsAreFetchedAndJudgedAtEachPoll() throws Exception {
    Certificate certificate = new Certificate(dir.resolve("tls"), LinkHarness.NAMES);
    String upstream = "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: bfl}\n";
    try (LinkHarness links = new LinkHarness(dir, certificate, upstream, ProxyHarness.POLICY)) {
      String submit =
          "POST /v1/flux-dev HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
              + "Content-Length: 20\r\n\r\n{\"prompt\":\"a house\"}";
      String poll = "GET /v1/get_result?id=t1 HTTP/1.1\r\nHost: g\r\n\r\n";
      links.gateway.upstream.script(
          (request, connection) ->
              connection.json(
                  "{\"id\":\"t1\",\"polling_url\":\"https://api.bfl.ai/v1/get_result?id=t1\"}"));
      assertThat(links.gateway.ask(submit).status()).isEqualTo(200);
      String ready =
          "{\"id\":\"t1\",\"status\":\"Ready\",\"result\":{\"sample\":\""
              + links.url("cdn.example/x.png?sig=1")
              + "\"}}";
      links.gateway.upstream.script((request, connection) -> connection.json(ready));
      assertThat(links.gateway.ask(poll).text()).isEqualTo(ready);
      links.cdn.script((request, connection) -> LinkHarness.picture(connection, "all red"));
      assertThat(links.gateway.ask(poll).text())
          .contains("\"status\":\"Content Moderated\"")
          .doesNotContain("cdn.example");
      links.gateway.upstream.script(
          (request, connection) -> connection.json(ready.replace("cdn.", "else.")));
      assertThat(links.gateway.ask(poll).status()).isEqualTo(502);
    }
  }
}
