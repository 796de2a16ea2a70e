package io.sallyport.proxy;

import static io.sallyport.proxy.JobHarness.picture;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a job is, and what is judged of it. */
class JobFlowTest {
  /** Neither a word nor a colour alone, but both together. */
  private static final String JOINT =
      """
      policy: default
      detectors: [words, pictures]
      rules:
        - id: both
          stage: output_image
          category: stand-in
          when: {all: [{score: {stage: prompt, label: bicycle, at_least: 0.5}}, {score: {label: red, at_least: 0.5}}]}
          verdict: block
      """;

  private static final String JOB = "{'id':'j1','status':'IN_QUEUE'}";

  @TempDir Path dir;

  private static String done(String image) {
    return "{'id':'j1','status':'COMPLETED','output':{'image_url':'" + picture(image) + "'}}";
  }

  private static RawClient.Answer run(JobHarness api, String user, String prompt) throws Exception {
    return api.answering(JOB)
        .ask(user, "POST", "/v2/e/run", "{'input':{'prompt':'" + prompt + "'}}");
  }

  private static RawClient.Answer status(JobHarness api, String user, String image)
      throws Exception {
    return api.answering(done(image)).ask(user, "GET", "/v2/e/status/j1", "");
  }

  @Test
  void whatThePromptSaidCountsWhenTheImagesAreAskedFor() throws Exception {
    try (JobHarness api = new JobHarness(dir, "runpod", "", JOINT)) {
      assertThat(run(api, "anna", "a house").status()).isEqualTo(200);
      assertThat(status(api, "anna", "all red").text()).contains("COMPLETED");
      assertThat(run(api, "anna", "a bicycle").status()).isEqualTo(200);
      assertThat(status(api, "anna", "fine").text()).contains("COMPLETED");
      assertThat(status(api, "anna", "all red").text()).contains("FAILED").doesNotContain("data:");
      assertThat(api.decisions().getFirst().decision().evidence().earlier()).isNotEmpty();
    }
  }

  /** The upstream may answer with what it made of the first request. */
  @Test
  void anIdThatIsChosenAgainDoesNotForgetItsFirstPrompt() throws Exception {
    try (JobHarness api = new JobHarness(dir, "cog", "", JOINT)) {
      String red = "{'id':'mine','status':'succeeded','output':'" + picture("all red") + "'}";
      api.answering("{'id':'mine','status':'processing'}")
          .ask("anna", "PUT", "/predictions/mine", "{'input':{'prompt':'a bicycle'}}");
      RawClient.Answer again =
          api.answering(red)
              .ask("anna", "PUT", "/predictions/mine", "{'input':{'prompt':'a house'}}");
      assertThat(again.text()).contains("\"id\":\"mine\",\"status\":\"failed\"");
      assertThat(
              api.ask("anna", "PUT", "/predictions/other", "{'input':{'prompt':'a house'}}").text())
          .contains("succeeded");
    }
  }

  @Test
  void anIdOfAClientsOwnIsItsBeforeTheUpstreamHearsOfIt() throws Exception {
    try (JobHarness api = new JobHarness(dir, "cog")) {
      String house = "{'input':{'prompt':'a house'}}";
      api.gateway.upstream.script((request, connection) -> connection.cut());
      assertThat(api.ask("anna", "PUT", "/predictions/p1", house).status()).isEqualTo(502);
      assertThat(api.ask("ben", "PUT", "/predictions/p1", house).status()).isEqualTo(404);
      assertThat(
              api.ask("ben", "POST", "/predictions", "{'id':'p1','input':{'prompt':'a house'}}")
                  .status())
          .isEqualTo(404);
      assertThat(api.ask("ben", "POST", "/predictions/p1/cancel", "").status()).isEqualTo(404);
      assertThat(api.sent()).isEqualTo(1);
      api.answering("{}");
      assertThat(api.ask("anna", "POST", "/predictions/p1/cancel", "").status()).isEqualTo(200);
      assertThat(api.ask("anna", "PUT", "/predictions/p1", house).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'status':'IN_QUEUE'}|reply_missing_field",
        "{'id':null}|reply_missing_field",
        "{'id':7}|reply_missing_field",
        "{'id':'a','id':'b'}|reply_not_judged",
        "{'id':'a b'}|reply_wrong_type",
        "{'id':'j1'}|reply_not_judged",
      })
  void aReplyThatNamesNoJobOfTheCallersIsRefused(String reply, String label) throws Exception {
    try (JobHarness api = new JobHarness(dir, "runpod")) {
      run(api, "ben", "a house");
      RawClient.Answer answer =
          api.answering(reply).ask("anna", "POST", "/v2/e/run", "{'input':{'prompt':'a house'}}");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(api.gateway.counted("sallyport_refusals_total{reason=\"" + label + "\"} 1"))
          .isTrue();
      assertThat(status(api, "ben", "fine").status()).isEqualTo(200);
    }
  }

  @Test
  void anErrorOfTheUpstreamNeedNameNoJob() throws Exception {
    try (JobHarness api = new JobHarness(dir, "runpod")) {
      api.gateway.upstream.script(
          (request, connection) ->
              connection.reply(402, "application/json", "{\"error\":\"no credit\"}".getBytes()));
      RawClient.Answer answer =
          api.ask("anna", "POST", "/v2/e/run", "{'input':{'prompt':'a house'}}");
      assertThat(answer.status()).isEqualTo(402);
      assertThat(answer.text()).isEqualTo("{\"error\":\"no credit\"}");
    }
  }

  @Test
  void aRefusalThatIsToldLaterIsOnRecordAtOnceAndOnce() throws Exception {
    try (JobHarness api = new JobHarness(dir, "bfl")) {
      RawClient.Answer submit =
          api.ask("anna", "POST", "/v1/flux-dev", "{'prompt':'a bicycle'}", "Host: g:81");
      assertThat(submit.status()).isEqualTo(200);
      String id = submit.text().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
      assertThat(submit.text())
          .isEqualTo(
              "{\"id\":\""
                  + id
                  + "\",\"polling_url\":\"http://g:81/v1/get_result?id="
                  + id
                  + "\"}");
      assertThat(api.decisions()).hasSize(1);
      assertThat(api.decisions().getFirst().request().requestId())
          .isEqualTo(submit.header("x-request-id"));
      RawClient.Answer poll = api.ask("anna", "GET", "/v1/get_result?id=" + id, "");
      assertThat(poll.text())
          .contains("\"status\":\"Request Moderated\"", submit.header("x-request-id"));
      assertThat(poll.header("x-request-id")).isNotEqualTo(submit.header("x-request-id"));
      assertThat(api.ask("ben", "GET", "/v1/get_result?id=" + id, "").status()).isEqualTo(404);
      assertThat(api.decisions()).hasSize(1);
      assertThat(api.sent()).isZero();
    }
  }

  @Test
  void aFailedCheckIsNoRefusalAndToldAtOnce() throws Exception {
    try (JobHarness api = new JobHarness(dir, "bfl")) {
      RawClient.Answer answer = api.ask("anna", "POST", "/v1/flux-dev", "{'prompt':'CRASH'}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(api.sent()).isZero();
    }
  }

  @Test
  void aPollWithoutImagesIsNoDecisionAndOneWithImagesIsRecordedFirst() throws Exception {
    try (JobHarness api = new JobHarness(dir, "runpod")) {
      run(api, "anna", "a house");
      int before = api.decisions().size();
      RawClient.Answer pending = api.answering(JOB).ask("anna", "GET", "/v2/e/status/j1", "");
      assertThat(pending.status()).isEqualTo(200);
      assertThat(api.decisions()).hasSize(before);
      status(api, "anna", "fine");
      status(api, "anna", "fine");
      assertThat(api.decisions()).hasSize(before + 2);
      api.gateway.record.close();
      RawClient.Answer lost = status(api, "anna", "fine");
      assertThat(lost.status()).isEqualTo(503);
      assertThat(lost.text()).doesNotContain("data:");
    }
  }

  @Test
  void partsOfAResultAreNotAskedFor() throws Exception {
    try (JobHarness api = new JobHarness(dir, "runpod")) {
      run(api, "anna", "a house");
      api.answering(JOB)
          .ask("anna", "GET", "/v2/e/status/j1", "", "If-None-Match: \"a\"", "Range: bytes=0-1");
      assertThat(
              api.gateway.upstream.received().getLast().head().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("range", "if-none");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicate|GET|/v1/predictions||405",
        "replicate|GET|/v1/predictions/p1/other||404",
        "replicate|PUT|/v1/predictions/p1|{'input':{'prompt':'a house'}}|403",
        "replicate|POST|/v1/files|{}|403",
        "replicate|POST|/v1/predictions|{'input':{'prompt':'a house'},'webhook':'https://a/b'}|400",
        "replicate|POST|/v1/predictions|{'input':{'prompt':'a'},'webhook_events_filter':['output']}|400",
        "replicate|POST|/v1/predictions|{'input':{'prompt':'a house','image':'https://a/b'}}|400",
        "replicate|POST|/v1/predictions|{'input':{'prompt':'a house','thing':'https://a/b'}}|400",
        "cog|POST|/predictions|{'input':{'prompt':'a'},'output_file_prefix':'https://a/b'}|400",
        "cog|PUT|/predictions/a=b|{'input':{'prompt':'a house'}}|400",
        "cog|GET|/predictions/p1||405",
        "cog|POST|/shutdown||403",
        "bfl|POST|/v1/flux-dev|{'prompt':'a house','webhook_url':'https://a/b'}|400",
        "bfl|POST|/v1/finetune|{'file_data':'x'}|403",
        "bfl|GET|/v1/get_result||400",
        "bfl|GET|/v1/get_result?id=a&id=b||400",
        "fal|POST|/o/a?fal_webhook=https://a/b|{'prompt':'a house'}|400",
        "fal|POST|/o/a|{'prompt':'a house','webhook_url':'https://a/b'}|400",
        "fal|POST|/o/a/requests/r1/cancel|{}|403",
        "fal|DELETE|/o/a/requests/r1/payloads||403",
        "runpod|POST|/v2/e/run|{'input':{'prompt':'a'},'webhook':'https://a/b'}|400",
        "runpod|POST|/v2/e/run|{'input':{'prompt':'a'},'s3Config':{'bucketName':'b'}}|400",
        "runpod|POST|/v2/e/purge-queue||403",
      })
  void whatLeadsAroundTheGatewayIsRefused(
      String dialect, String method, String target, String json, int status) throws Exception {
    try (JobHarness api = new JobHarness(dir, dialect)) {
      RawClient.Answer answer = api.ask("anna", method, target, json == null ? "" : json);
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
      assertThat(api.sent()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"respond-async", "respond-async, wait", "wait=5", "Respond-Async"})
  void cogIsNotAskedToAnswerByWebhook(String prefer) throws Exception {
    try (JobHarness api = new JobHarness(dir, "cog")) {
      String house = "{'input':{'prompt':'a house'}}";
      assertThat(api.ask("anna", "POST", "/predictions", house, "Prefer: " + prefer).status())
          .isEqualTo(400);
      assertThat(api.sent()).isZero();
      assertThat(
              api.answering("{'status':'succeeded'}")
                  .ask("anna", "POST", "/predictions", house, "Prefer: wait")
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void aCancelledJobThatWasRefusedIsToldAsTheApiDoes() throws Exception {
    try (JobHarness api = new JobHarness(dir, "fal")) {
      RawClient.Answer submit =
          api.ask("anna", "POST", "/fal-ai/flux/dev", "{'prompt':'a bicycle'}");
      String id = submit.text().replaceAll(".*\"request_id\":\"([^\"]+)\".*", "$1");
      String url = "/fal-ai/flux/requests/" + id;
      assertThat(submit.text()).contains("\"response_url\":\"http://g" + url + "\"");
      RawClient.Answer state = api.ask("anna", "GET", url + "/status?logs=1", "");
      assertThat(state.status()).isEqualTo(200);
      assertThat(state.text()).contains("\"status\":\"COMPLETED\"", id);
      RawClient.Answer result = api.ask("anna", "GET", url, "");
      assertThat(result.status()).isEqualTo(422);
      assertThat(result.header("x-fal-retryable")).isEqualTo("false");
      assertThat(result.text()).contains("\"loc\":[\"body\",\"prompt\"]");
      RawClient.Answer cancel = api.ask("anna", "PUT", url + "/cancel", "");
      assertThat(cancel.status()).isEqualTo(400);
      assertThat(cancel.text()).isEqualTo("{\"status\":\"ALREADY_COMPLETED\"}");
      assertThat(api.sent()).isZero();
    }
  }

  @Test
  void noMoreJobsAreRememberedThanConfigured() throws Exception {
    try (JobHarness api =
        new JobHarness(dir, "cog", "jobs: {max: 1, keep: 1h}\n", ProxyHarness.POLICY)) {
      api.answering("{}");
      for (String id : new String[] {"p1", "p2", "p3"}) {
        api.ask("anna", "PUT", "/predictions/" + id, "{'input':{'prompt':'a house'}}");
      }
      for (int i = 0; i < 200 && api.gateway.path.jobs() > 1; i++) {
        Thread.sleep(20);
      }
      assertThat(api.gateway.path.jobs()).isEqualTo(1);
    }
  }

  @Test
  void everybodyIsOneCallerWhereNobodyIsNamed() throws Exception {
    try (ProxyHarness open =
        new ProxyHarness(
            dir,
            "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: bfl}\n",
            ProxyHarness.POLICY)) {
      open.upstream.script(
          (request, connection) ->
              connection.json(
                  "{\"id\":\"t1\",\"polling_url\":\"https://api.bfl.ai/v1/get_result?id=t1\"}"));
      open.ask(
          "POST /v1/flux-dev HTTP/1.1\r\n"
              + "Host: g\r\n"
              + "X-User: anna\r\n"
              + "Content-Type: application/json\r\n"
              + "Content-Length: 20\r\n\r\n"
              + "{\"prompt\":\"a house\"}");
      open.upstream.script((request, connection) -> connection.json("{\"status\":\"Pending\"}"));
      String poll = "GET /v1/get_result?id=t1 HTTP/1.1\r\nHost: g\r\nX-User: ben\r\n\r\n";
      assertThat(open.ask(poll).status()).isEqualTo(200);
    }
  }
}
