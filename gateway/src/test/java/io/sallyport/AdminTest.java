package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.testing.FakeUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators' port. */
class AdminTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_]\\w*=\"([^\"\\\\]|\\\\.)*\",?)*})?"
              + " [-+0-9.eEInfaN]+");

  @TempDir Path dir;
  private FakeUpstream upstream;
  private RealGateway gateway;

  @BeforeEach
  void start() throws Exception {
    upstream = new FakeUpstream((request, connection) -> connection.json(REPLY));
    gateway = RealGateway.start(new GatewayFiles(dir).config(upstream.port(), ""));
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    upstream.close();
  }

  private Answer get(String path, String... headers) throws Exception {
    return gateway.get(gateway.adminUrl() + path, headers);
  }

  private Answer send(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
            .method(method, BodyPublishers.ofString("{}"));
    return gateway.send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void metricsAreReadableInBothFormats() throws Exception {
    gateway.generate(prompt("a house"));
    gateway.generate(prompt("a zeppelin"));
    Answer plain = get("/metrics");
    assertThat(plain.header("content-type")).startsWith("text/plain; version=0.0.4");
    assertSamples(plain.text());
    Answer open = get("/metrics", "accept", "application/openmetrics-text; version=1.0.0");
    assertThat(open.header("content-type")).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
    assertSamples(open.text());
  }

  private static void assertSamples(String text) {
    List<String> samples = text.lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(samples).hasSizeGreaterThan(100).allMatch(SAMPLE.asMatchPredicate());
    for (String name :
        List.of(
            "sallyport_build_info{",
            "sallyport_policy_info{",
            "sallyport_decisions_total{",
            "sallyport_violations_total{",
            "sallyport_answers_total{",
            "sallyport_detection_seconds_bucket{",
            "sallyport_exchange_seconds_bucket{",
            "sallyport_overhead_seconds_bucket{",
            "sallyport_record_commit_seconds_bucket{",
            "sallyport_lane_queue_depth ",
            "sallyport_lane_queue_age_seconds ",
            "sallyport_in_flight ",
            "sallyport_record_queue_depth ",
            "sallyport_cache_hits_total ",
            "sallyport_upstream_reachable ",
            "jvm_memory_used_bytes{")) {
      assertThat(samples).as(name).anyMatch(line -> line.startsWith(name));
    }
  }

  @Test
  void metricsTellVerdictsAndCategoriesApart() throws Exception {
    gateway.generate(prompt("a house"));
    gateway.generate(prompt("a zeppelin"));
    gateway.generate("{\"prompt\":");
    String prompt = "policy=\"default\",stage=\"prompt\",verdict=";
    assertThat(gateway.metric("sallyport_decisions_total", prompt + "\"allow\"")).isEqualTo(1);
    assertThat(
            gateway.metric(
                "sallyport_decisions_total", "category=\"stand-in\"," + prompt + "\"block\""))
        .isEqualTo(1);
    Poll.until(
        "three answers are counted", () -> gateway.metric("sallyport_answers_total", "") == 3);
    assertThat(gateway.metric("sallyport_answers_total", "outcome=\"blocked\"")).isEqualTo(1);
    assertThat(gateway.metric("sallyport_answers_total", "outcome=\"allowed\"")).isEqualTo(1);
    assertThat(gateway.metric("sallyport_answers_total", "outcome=\"refused\"")).isEqualTo(1);
  }

  @Test
  void itIsLiveAndReadyUntilTheUpstreamIsGone() throws Exception {
    assertThat(get("/health/live").status()).isEqualTo(200);
    Poll.until("ready", () -> get("/health/ready").status() == 200);
    get("/health/ready")
        .json()
        .get("checks")
        .forEach(check -> assertThat(check.asBoolean()).isTrue());
    upstream.close();
    Poll.until("not ready", () -> get("/health/ready").status() == 503);
    var checks = get("/health/ready").json().get("checks");
    assertThat(checks.get("upstream").asBoolean()).isFalse();
    assertThat(checks.get("record").asBoolean()).isTrue();
    assertThat(checks.get("policies").asBoolean()).isTrue();
    assertThat(gateway.metric("sallyport_upstream_reachable", "")).isZero();
    assertThat(get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void itTellsWhatIsInForce() throws Exception {
    var status = get("/api/v1/status").json();
    assertThat(status.get("version").asString()).isEqualTo("test");
    assertThat(status.get("policies").get(0).get("policy").asString()).isEqualTo("default");
    assertThat(status.get("policies").get(0).get("digest").asString()).matches("[0-9a-f]{64}");
    assertThat(status.get("detectors").get(0).get("detector").asString()).isEqualTo("terms");
    assertThat(status.get("detectors").get(0).get("digest").asString()).matches("[0-9a-f]{64}");
  }

  @Test
  void whatItDoesNotServeItRefuses() throws Exception {
    assertThat(get("/").status()).isEqualTo(404);
    assertThat(get("/api/v1/elsewhere").status()).isEqualTo(404);
    assertThat(get("/v1/images/generations").status()).isEqualTo(404);
    assertThat(get("/api/v1/policies:reload").status()).isEqualTo(405);
    assertThat(send("POST", "/metrics").status()).isEqualTo(405);
    assertThat(send("DELETE", "/api/v1/status").status()).isEqualTo(405);
  }

  /** Another site's page can make a browser post a form here, but not JSON. */
  @Test
  void aChangeWantsJson() throws Exception {
    String reload = "/api/v1/policies:reload";
    assertThat(send("POST", reload).status()).isEqualTo(415);
    assertThat(send("POST", reload, "content-type", "text/plain").status()).isEqualTo(415);
    assertThat(send("POST", reload, "content-type", "application/x-www-form-urlencoded").status())
        .isEqualTo(415);
    assertThat(gateway.metric("sallyport_policy_reloads_total", "")).isZero();
    assertThat(send("POST", reload, "content-type", "application/json").status()).isEqualTo(200);
    assertThat(get("/metrics").header("access-control-allow-origin")).isEmpty();
  }

  @Test
  void theTwoPortsServeNothingOfEachOther() throws Exception {
    for (String path : List.of("/metrics", "/health/live", "/api/v1/status")) {
      assertThat(gateway.get(gateway.url() + path).status()).as(path).isEqualTo(404);
    }
  }

  /** I7. */
  @Test
  void noContentIsTold() throws Exception {
    String canary = "canary" + new SplittableRandom().nextLong(1L << 40);
    upstream.script(
        (request, connection) -> connection.json(REPLY.replace("cGljdHVyZQ==", "Y2FuYXJ5")));
    gateway.generate(prompt("a house of " + canary), "authorization", "Bearer " + canary);
    gateway.generate(prompt("a zeppelin of " + canary), "x-" + canary, canary);
    gateway.generate("{\"prompt\":\"a\",\"" + canary + "\":", "user-agent", canary);
    gateway.get(gateway.url() + "/v1/" + canary);
    gateway.moderate("{\"input\":\"" + canary + "\"}");
    for (String path : List.of("/metrics", "/api/v1/status", "/health/ready", "/health/live")) {
      assertThat(get(path).text()).as(path).isNotEmpty().doesNotContain(canary);
    }
    assertThat(gateway.rows()).hasSizeGreaterThan(4).noneMatch(row -> row.body().contains(canary));
  }
}
