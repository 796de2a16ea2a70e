package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.config.ConfigLoader;
import io.sallyport.signal.Stage;
import io.sallyport.testing.RawClient;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What routes do beside generating, and what becomes of what no dialect claims. */
class DialectRoutesTest {
  @TempDir Path dir;

  private ProxyHarness harness(String dialect, String more) throws Exception {
    return new ProxyHarness(
        dir,
        "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: " + dialect + "}\n" + more,
        ProxyHarness.POLICY);
  }

  private static RawClient.Answer post(ProxyHarness harness, String path, String body)
      throws Exception {
    return harness.ask(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @Test
  void previewsAreSwitchedOffUpstreamAndRefusedWhereTheyComeAllTheSame() throws Exception {
    try (ProxyHarness harness = harness("sdapi", "")) {
      String progress =
          "GET /sdapi/v1/progress?skip_current_image=false HTTP/1.1\r\nHost: g\r\n\r\n";
      String quiet = "{\"progress\":0.5,\"state\":{\"job\":\"txt2img\"},\"current_image\":null}";
      harness.upstream.script((request, connection) -> connection.json(quiet));
      RawClient.Answer answer = harness.ask(progress);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(quiet);
      assertThat(harness.upstream.received().getLast().line())
          .isEqualTo("GET /sdapi/v1/progress?skip_current_image=true HTTP/1.1");
      harness.upstream.script(
          (request, connection) ->
              connection.json("{\"progress\":0.5,\"current_image\":\"iVBORw0KGgo=\"}"));
      assertThat(harness.ask(progress).status()).isEqualTo(502);
    }
  }

  @Test
  void aControlRequestPassesWithNothingToJudgeAndIsRefusedWithSomething() throws Exception {
    try (ProxyHarness harness = harness("sdapi", "")) {
      harness.upstream.script((request, connection) -> connection.json("{}"));
      assertThat(post(harness, "/sdapi/v1/interrupt", "").status()).isEqualTo(200);
      assertThat(post(harness, "/sdapi/v1/interrupt", "{}").status()).isEqualTo(200);
      assertThat(harness.upstream.received().getLast().body()).asString(UTF_8).isEqualTo("{}");
      assertThat(post(harness, "/sdapi/v1/interrupt", "{\"prompt\":\"a house\"}").status())
          .isEqualTo(400);
      assertThat(harness.upstream.received()).hasSize(2);
    }
  }

  @Test
  void theControlOfAServerIsRefusedInTheApisOwnShape() throws Exception {
    try (ProxyHarness harness = harness("sdapi", "")) {
      RawClient.Answer answer = post(harness, "/sdapi/v1/options", "{}");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).startsWith("{\"error\":\"HTTPException\"");
      RawClient.Answer method = post(harness, "/sdapi/v1/samplers", "{}");
      assertThat(method.status()).isEqualTo(405);
      assertThat(method.text()).isEqualTo("{\"detail\":\"Method Not Allowed\"}");
      assertThat(harness.upstream.received()).isEmpty();
      assertThat(harness.counted("sallyport_refusals_total{reason=\"route_denied\"} 1")).isTrue();
    }
  }

  @Test
  void aPromptInAQueryIsJudged() throws Exception {
    try (ProxyHarness harness = harness("json-to-bytes", "")) {
      harness.upstream.script(
          (request, connection) -> connection.reply(200, "image/png", "fine".getBytes(UTF_8)));
      String body = "{\"inputs\":\"a house\"}";
      assertThat(post(harness, "/predict?style=oil+paint", body).status()).isEqualTo(200);
      assertThat(post(harness, "/predict?prompt=a+bic%79cle", body).status()).isEqualTo(400);
      assertThat(post(harness, "/predict?prompt=%ff", body).status()).isEqualTo(400);
      assertThat(harness.upstream.received()).hasSize(1);
    }
  }

  @Test
  void aTensorHeaderThatHidesASecondBodyIsRefused() throws Exception {
    try (ProxyHarness harness = harness("kserve-v2", "")) {
      String body = "{\"inputs\":[{\"name\":\"prompt\",\"data\":[\"a house\"]}]}";
      RawClient.Answer answer =
          harness.ask(
              "POST /v2/models/m/infer HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
                  + "Inference-Header-Content-Length: 7\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(answer.status()).isEqualTo(415);
      assertThat(harness.upstream.received()).isEmpty();
      assertThat(harness.counted("sallyport_refusals_total{reason=\"request_content_type\"} 1"))
          .isTrue();
    }
  }

  /** What the API's own examples send where there is no image. */
  @Test
  void anEmptyFileIsNoImage() throws Exception {
    try (ProxyHarness harness = harness("stability-v2", "")) {
      harness.upstream.script(
          (request, connection) -> connection.reply(200, "image/png", "fine".getBytes(UTF_8)));
      String head = "--b0\r\nContent-Disposition: form-data; name=";
      String body =
          head
              + "\"prompt\"\r\n\r\na house\r\n"
              + head
              + "\"none\"; filename=\"none\"\r\n\r\n\r\n--b0--\r\n";
      RawClient.Answer answer =
          harness.ask(
              "POST /v2beta/stable-image/generate/core HTTP/1.1\r\nHost: g\r\nContent-Type:"
                  + " multipart/form-data; boundary=b0\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(harness.upstream.received().getLast().body()).asString(UTF_8).isEqualTo(body);
      assertThat(harness.rows())
          .extracting(row -> row.event())
          .filteredOn(AuditEvent.Decided.class::isInstance)
          .extracting(event -> ((AuditEvent.Decided) event).decision().stage())
          .containsExactlyInAnyOrder(Stage.PROMPT, Stage.OUTPUT_IMAGE);
    }
  }

  @Test
  void driftIsCountedAndJudgedUnlessTheOperatorHasItRefused() throws Exception {
    String drifted = "{\"prompt\":\"a house\",\"novelty\":\"like a hat\"}";
    String counted =
        "sallyport_adapter_drift_total{dialect=\"openai-images\",route=\"generate\",what=\"text\"}";
    try (ProxyHarness harness = harness("openai-images", "")) {
      assertThat(post(harness, "/v1/images/generations", drifted).status()).isEqualTo(200);
      assertThat(harness.counted(counted + " 1")).isTrue();
      String covered =
          "sallyport_coverage_total{dialect=\"openai-images\",stage=\"%s\",what=\"%s\"} %d";
      assertThat(harness.counted(covered.formatted("prompt", "seen", 2))).isTrue();
      assertThat(harness.counted(covered.formatted("prompt", "judged", 2))).isTrue();
      assertThat(harness.counted(covered.formatted("prompt", "swept", 1))).isTrue();
      assertThat(harness.counted(covered.formatted("output_image", "seen", 1))).isTrue();
      assertThat(harness.counted(covered.formatted("output_image", "judged", 1))).isTrue();
      String image = "{\"data\":[{\"novelty\":\"" + "QUJD".repeat(100) + "\"}]}";
      harness.upstream.script((request, connection) -> connection.json(image));
      assertThat(post(harness, "/v1/images/generations", "{\"prompt\":\"a house\"}").status())
          .isEqualTo(502);
      assertThat(harness.counted(counted.replace("text", "image") + " 1")).isTrue();
    }
    dir = Files.createDirectories(dir.resolve("second"));
    try (ProxyHarness harness = harness("openai-images", "dialects: {drift: refuse}\n")) {
      assertThat(post(harness, "/v1/images/generations", drifted).status()).isEqualTo(400);
      assertThat(harness.counted(counted + " 1")).isTrue();
      assertThat(harness.counted("sallyport_refusals_total{reason=\"request_unclaimed_text\"} 1"))
          .isTrue();
      assertThat(harness.upstream.received()).isEmpty();
      assertThat(post(harness, "/v1/images/generations", "{\"prompt\":\"a house\"}").status())
          .isEqualTo(200);
    }
  }

  @Test
  void aReplyTellsItsCoverageWhereTheOperatorWantsIt() throws Exception {
    String body = "{\"prompt\":\"a house\",\"novelty\":\"like a hat\"}";
    try (ProxyHarness harness = harness("openai-images", "")) {
      assertThat(post(harness, "/v1/images/generations", body).header("x-sallyport-coverage"))
          .isNull();
    }
    dir = Files.createDirectories(dir.resolve("second"));
    try (ProxyHarness harness = harness("openai-images", "dialects: {coverage_header: true}\n")) {
      assertThat(post(harness, "/v1/images/generations", body).headers("x-sallyport-coverage"))
          .containsExactly(
              "prompt; texts=2/2; swept=1; images=0/0, output_image; texts=0/0; swept=0;"
                  + " images=1/1");
    }
  }

  @Test
  void aDialectOfTheOperatorsServes() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("dialects"));
    Files.writeString(
        folder.resolve("mine.yaml"),
        "dialect: mine\n"
            + "extends: openai-images\n"
            + "bases: [/mine]\n"
            + "error: {json: {oops: \"${code}\"}}\n");
    try (ProxyHarness harness = harness("mine", "dialects: {dir: dialects}\n")) {
      assertThat(post(harness, "/mine/images/generations", "{\"prompt\":\"a house\"}").status())
          .isEqualTo(200);
      RawClient.Answer unknown = post(harness, "/v1/images/generations", "{}");
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.text()).isEqualTo("{\"oops\":\"unknown_url\"}");
    }
  }

  @Test
  void aConfigurationTellsEveryProblemOfItsDialects() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("dialects"));
    Files.writeString(folder.resolve("mine.yaml"), "dialect: mine\nextends: sdapi\ncolour: red\n");
    Path file =
        Files.writeString(
            dir.resolve("sallyport.yaml"),
            "upstream: {url: \"http://127.0.0.1:1\", dialect: yours}\n"
                + "policies: {dir: policies}\ndialects: {dir: dialects}\n");
    Problems problems = new Problems();
    DataPath.check(file.toString(), ConfigLoader.read(file, problems).orElseThrow(), problems);
    assertThat(problems.list())
        .extracting(Problem::message)
        .satisfiesExactlyInAnyOrder(
            message -> assertThat(message).isEqualTo("colour: unknown key"),
            message ->
                assertThat(message)
                    .startsWith("upstream.dialect: there is no dialect 'yours' among [artifacts,"));
  }
}
