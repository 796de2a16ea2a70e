package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.coding.ContentCoding;
import io.sallyport.testing.Coded;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to whom on a ComfyUI that many use. */
class ComfyScopeTest {
  private static final String HOUSE =
      "'prompt':{'1':{'class_type':'CLIPTextEncode','inputs':{'text':'a house'}}}";

  @TempDir Path dir;

  private JobHarness api;

  /** Anna has the jobs a1 and a2, Ben has b1. */
  @BeforeEach
  void start() throws Exception {
    api = new JobHarness(dir, "comfyui");
    assertThat(submit("anna", "a1").status()).isEqualTo(200);
    assertThat(submit("anna", "a2").status()).isEqualTo(200);
    assertThat(submit("ben", "b1").status()).isEqualTo(200);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private RawClient.Answer submit(String user, String id) throws Exception {
    return api.answering("{'prompt_id':'" + id + "','number':1,'node_errors':{}}")
        .ask(user, "POST", "/prompt", "{" + HOUSE + "}");
  }

  private String reply(String user, String target, String reply) throws Exception {
    RawClient.Answer answer = api.answering(reply).ask(user, "GET", target, "");
    return answer.status() == 200 ? answer.text().replace('"', '\'') : "" + answer.status();
  }

  private static String past(String id, String text) {
    return "'"
        + id
        + "': {'prompt': [1, '"
        + id
        + "', {'1': {'inputs': {'text': '"
        + text
        + "'}}}, {}, []], 'outputs': {'9': {'images': [{'filename': 'x.png'}]}}}";
  }

  private static String queued(String id, String text) {
    return "[1, '" + id + "', {'1': {'inputs': {'text': '" + text + "'}}}, {}, []]";
  }

  @Test
  void aJobCannotNameTheChannelOfSomebodyElse() throws Exception {
    String named = "{'client_id':'annas'," + HOUSE + "}";
    api.answering("{'prompt_id':'a3','number':1,'node_errors':{}}");
    assertThat(api.ask("anna", "POST", "/prompt", named).status()).isEqualTo(200);
    int sent = api.gateway.upstream.received().size();

    assertThat(api.ask("ben", "POST", "/prompt", named).status()).isEqualTo(404);
    assertThat(api.gateway.upstream.received()).hasSize(sent);
    assertThat(api.ask("anna", "POST", "/prompt", named).status()).isEqualTo(200);
  }

  @Test
  void everybodySeesTheirOwnHistory() throws Exception {
    String all =
        "{"
            + past("a1", "of anna")
            + ", "
            + past("b1", JobHarness.picture("all red"))
            + ", "
            + past("x1", "of somebody who went around")
            + ", "
            + past("a2", "also of anna")
            + "}";
    String annas = "{" + past("a1", "of anna") + "," + past("a2", "also of anna") + "}";
    for (String path : List.of("/history", "/api/history", "/history?max_items=5&offset=0")) {
      assertThat(reply("anna", path, all)).isEqualTo(annas);
      assertThat(reply("carl", path, all)).isEqualTo("{}");
    }
    assertThat(api.gateway.upstream.received().getLast().header("accept-encoding"))
        .containsExactly("identity");
    // the image of another's graph is nobody else's matter; one's own is judged
    assertThat(reply("ben", "/history", all)).isEqualTo("403");
  }

  @Test
  void everybodySeesTheirOwnQueue() throws Exception {
    String all =
        "{'queue_running': ["
            + queued("b1", "of ben")
            + "], 'queue_pending': ["
            + queued("a1", "of anna")
            + ", "
            + queued("a2", "of anna")
            + "], 'new': ["
            + queued("b1", "of ben")
            + "]}";
    assertThat(reply("anna", "/queue", all))
        .isEqualTo(
            "{'queue_running': [],'queue_pending': ["
                + queued("a1", "of anna")
                + ","
                + queued("a2", "of anna")
                + "]}");
    assertThat(reply("ben", "/api/queue", all))
        .isEqualTo("{'queue_running': [" + queued("b1", "of ben") + "],'queue_pending': []}");
  }

  @Test
  void everybodySeesTheirOwnJobs() throws Exception {
    String all =
        "{'jobs': [{'id': 'a1', 'status': 'completed'}, {'id': 'b1'}, {'status': 'failed'}],"
            + " 'pagination': {'total': 3}}";
    String target = "/api/jobs?status=completed&sort_by=created_at&limit=10";
    assertThat(reply("anna", target, all))
        .isEqualTo("{'jobs': [{'id': 'a1', 'status': 'completed'}],'pagination': {'total': 3}}");
    assertThat(reply("anna", "/api/jobs?secret=1", all)).isEqualTo("400");
    assertThat(reply("anna", "/jobs", all)).isEqualTo("404");
  }

  @Test
  void aListIsRefusedWhenItIsNoneAsFarAsAnybodyKnows() throws Exception {
    for (String strange : List.of("[[1]", "'a1'", "{'queue_running':{'a1':1}}x")) {
      assertThat(reply("anna", "/queue", strange)).isEqualTo("502");
    }
    String coded = "{" + past("a1", "of anna") + "}";
    byte[] gzip = Coded.in(ContentCoding.GZIP, coded.replace('\'', '"'));
    api.gateway.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                  + "Content-Length: "
                  + gzip.length
                  + "\r\n\r\n");
          connection.write(gzip);
        });
    assertThat(api.ask("anna", "GET", "/history", "").status()).isEqualTo(502);
    assertThat(api.gateway.counted("sallyport_refusals_total{reason=\"reply_encoding\"} 1"))
        .isTrue();
  }

  @Test
  void aListThatWasCutHasNoDigestOfTheWhole() throws Exception {
    byte[] list = ("{" + past("b1", "of ben") + "}").replace('\'', '"').getBytes(UTF_8);
    api.gateway.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nETag: \"x\"\r\nContent-Length: "
                  + list.length
                  + "\r\n\r\n");
          connection.write(list);
        });
    RawClient.Answer answer =
        api.ask("anna", "GET", "/history", "", "Range: bytes=0-1", "If-None-Match: \"x\"");
    assertThat(answer.text()).isEqualTo("{}");
    assertThat(answer.header("etag")).isNull();
    assertThat(answer.header("content-length")).isEqualTo("2");
    assertThat(api.gateway.upstream.received().getLast().head().toLowerCase())
        .doesNotContain("range:", "if-none-match:");
  }

  @Test
  void anErrorOfTheServerPasses() throws Exception {
    api.gateway.upstream.script(
        (request, connection) -> connection.reply(500, "text/plain", "oh".getBytes(UTF_8)));
    RawClient.Answer answer = api.ask("anna", "GET", "/queue", "");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("oh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/history/", "/api/history/", "/api/jobs/"})
  void aJobIsItsOwners(String path) throws Exception {
    int before = api.sent();
    String one = "{" + past("a1", "of anna") + "}";
    RawClient.Answer others = api.answering(one).ask("ben", "GET", path + "a1", "");
    assertThat(others.status()).isEqualTo(404);
    assertThat(others.text()).isEqualTo("{\"error\":\"Job not found\"}");
    assertThat(api.ask("ben", "GET", path + "nobodys", "").text()).isEqualTo(others.text());
    assertThat(api.sent()).isEqualTo(before);
    assertThat(reply("anna", path + "a1", one)).isEqualTo(one);
  }

  @Test
  void anIdThatAClientChoosesIsItsBeforeTheServerHearsOfIt() throws Exception {
    int before = api.sent();
    String chosen = "{'prompt_id':'a1'," + HOUSE + "}";
    assertThat(api.ask("ben", "POST", "/prompt", chosen).status()).isEqualTo(404);
    assertThat(api.sent()).isEqualTo(before);
    api.gateway.upstream.script((request, connection) -> connection.cut());
    String fresh = chosen.replace("a1", "c1");
    assertThat(api.ask("carl", "POST", "/prompt", fresh).status()).isEqualTo(502);
    assertThat(api.ask("ben", "POST", "/prompt", fresh).status()).isEqualTo(404);
    assertThat(api.sent()).isEqualTo(before + 1);
  }

  @Test
  void aReplyThatNamesAnothersJobIsRefused() throws Exception {
    assertThat(submit("ben", "a1").status()).isEqualTo(502);
    assertThat(api.answering("{'number':1}").ask("ben", "POST", "/prompt", "{" + HOUSE + "}"))
        .extracting(RawClient.Answer::status)
        .isEqualTo(502);
  }

  @Test
  void whatIsWrongWithAGraphIsToldByTheServer() throws Exception {
    byte[] error =
        "{\"error\":{\"type\":\"prompt_no_outputs\",\"message\":\"no\"},\"node_errors\":[]}"
            .getBytes(UTF_8);
    api.gateway.upstream.script(
        (request, connection) -> connection.reply(400, "application/json", error));
    RawClient.Answer answer = api.ask("anna", "POST", "/prompt", "{" + HOUSE + "}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "200|/interrupt|{'prompt_id':'a1'}",
        "404|/interrupt|{'prompt_id':'b1'}",
        "404|/interrupt|{'prompt_id':'nobodys'}",
        "400|/interrupt|{'prompt_id':''}",
        "400|/interrupt|{'prompt_id':null}",
        "400|/interrupt|{'prompt_id':['a1']}",
        "400|/interrupt|{'prompt_id':'a1','prompt_id':''}",
        "400|/api/interrupt|{}",
        "400|/interrupt|",
        "200|/queue|{'delete':['a1','a2']}",
        "200|/queue|{'delete':['a1'],'clear':false}",
        "404|/queue|{'delete':['a1','b1']}",
        "400|/queue|{'delete':['a1'],'clear':true}",
        "400|/queue|{'delete':['a1'],'clear':1}",
        "400|/queue|{'clear':true}",
        "400|/queue|{'clear':false}",
        "400|/queue|{'delete':'a1'}",
        "400|/queue|{'delete':[1]}",
        "200|/api/history|{'delete':['a2']}",
        "404|/history|{'delete':['b1']}",
        "400|/history|{'clear':true}",
        "200|/api/jobs/a1/cancel|",
        "200|/api/jobs/a1/cancel|{}",
        "404|/api/jobs/b1/cancel|",
        "200|/api/jobs/cancel|{'job_ids':['a1','a2']}",
        "404|/api/jobs/cancel|{'job_ids':['a1','b1']}",
        "400|/api/jobs/cancel|{'job_ids':[]}",
      })
  void onlyOnesOwnJobsAreStopped(int status, String path, String json) throws Exception {
    int before = api.sent();
    String body = json == null ? "" : json;
    RawClient.Answer answer = api.answering("{}").ask("anna", "POST", path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(api.sent()).isEqualTo(before + (status == 200 ? 1 : 0));
    if (status == 200) {
      assertThat(api.gateway.upstream.received().getLast().body())
          .asString(UTF_8)
          .isEqualTo(body.replace('\'', '"'));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403, POST, /free",
    "403, POST, /api/userdata/x",
    "403, GET, /internal/logs",
    "403, POST, /manager/reboot",
    "404, GET, /",
    "404, GET, /scripts/app.js",
    "404, POST, /api/nobody/knows",
    "405, DELETE, /history",
    "405, PUT, /prompt",
    "200, GET, /object_info",
    "200, GET, /object_info/KSampler",
    "200, GET, /system_stats",
    "200, GET, /features",
    "200, GET, /api/prompt",
    "200, GET, /models/loras",
    "200, GET, /embeddings",
  })
  void allElseIsRefusedInTheServersShape(int status, String method, String path) throws Exception {
    int before = api.sent();
    RawClient.Answer answer = api.answering("{}").ask("anna", method, path, "");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(api.sent()).isEqualTo(before + (status == 200 ? 1 : 0));
    if (status != 200) {
      assertThat(answer.text())
          .startsWith("{\"error\":{\"type\":\"")
          .endsWith("\"node_errors\":{}}");
    }
  }
}
