package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditFilter;
import io.sallyport.demo.StandInImageService;
import io.sallyport.policy.Verdict;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An application with the unmodified OpenAI SDK notices nothing but refusals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiSdkTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";

  private StandInImageService upstream;
  private RealGateway gateway;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    OpenAiSdk.install();
    upstream = StandInImageService.start("127.0.0.1", 0);
    gateway = RealGateway.start(new GatewayFiles(dir).config(upstream.port(), ""));
  }

  @AfterAll
  void stop() {
    if (gateway != null) {
      gateway.close();
      upstream.close();
    }
  }

  @Test
  void itGeneratesAnImage() throws Exception {
    JsonNode said = OpenAiSdk.run(gateway, "generate");
    byte[] image = Base64.getDecoder().decode(said.get("image").asString());
    assertThat(image).startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
    String id = said.get("requestId").asString();
    assertThat(said.get("ownRequestId").asString()).isEqualTo(id);
    assertThat(gateway.decisions(new AuditFilter.OfRequest(id))).hasSize(2);
  }

  @Test
  void aRefusalRaisesBadRequestInOneAttempt() throws Exception {
    double before = gateway.metric("sallyport_decisions_total", "");
    JsonNode said = OpenAiSdk.run(gateway, "refused");
    assertThat(said.get("raised").asBoolean()).isTrue();
    assertThat(said.get("badRequest").asBoolean()).isTrue();
    assertThat(said.get("status").asInt()).isEqualTo(400);
    assertThat(said.get("code").asString()).isEqualTo("moderation_blocked");
    assertThat(said.get("type").asString()).isEqualTo("image_generation_user_error");
    assertThat(said.get("details").get("moderation_stage").asString()).isEqualTo("input");
    String id = said.get("requestId").asString();
    assertThat(said.get("header").asString()).isEqualTo(id);
    assertThat(gateway.decisions(new AuditFilter.OfRequest(id)))
        .singleElement()
        .satisfies(row -> assertThat(row.decision().verdict()).isEqualTo(Verdict.BLOCK));
    assertThat(gateway.metric("sallyport_decisions_total", "")).isEqualTo(before + 1);
  }

  @Test
  void itListsModels() throws Exception {
    assertThat(OpenAiSdk.run(gateway, "models").get("ids").toString())
        .isEqualTo("[\"stand-in-1\"]");
  }

  @Test
  void itModerates() throws Exception {
    JsonNode said = OpenAiSdk.run(gateway, "moderations");
    assertThat(said.get("id").asString()).startsWith("modr-");
    assertThat(said.get("flagged").asBoolean()).isTrue();
    assertThat(said.get("scores").get("stand-in").doubleValue()).isEqualTo(1.0);
    assertThat(said.get("scores").get("violence/graphic").isNumber()).isTrue();
    assertThat(said.get("list").toString()).isEqualTo("[false,true]");
  }

  /** An overload is over soon, and the SDK waits by itself. */
  @Test
  void itRepeatsARequestThatMetAFullGateway(@TempDir Path dir) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeUpstream slow =
            new FakeUpstream(
                (request, connection) -> {
                  go.await();
                  connection.json(REPLY);
                });
        RealGateway full =
            RealGateway.start(
                new GatewayFiles(dir).config(slow.port(), "limits: {exchanges: 1}\n"));
        RawClient first = new RawClient(full.port())) {
      first.send("GET /v1/models HTTP/1.1\r\nHost: g\r\n\r\n");
      Poll.until("the gateway is full", () -> full.metric("sallyport_in_flight", "") == 1);
      FutureTask<JsonNode> second = new FutureTask<>(() -> OpenAiSdk.run(full, "overload"));
      Thread.ofPlatform().start(second);
      Poll.until(
          "the second was refused",
          () -> full.metric("sallyport_refusals_total", "reason=\"exchanges_full\"") >= 1);
      go.countDown();
      assertThat(second.get().get("images").asInt()).isEqualTo(1);
      assertThat(full.metric("sallyport_answers_total", "outcome=\"allowed\"")).isPositive();
      assertThat(slow.received().getLast().header("x-stainless-retry-count"))
          .as("the SDK's own count of repeats")
          .allMatch(count -> Integer.parseInt(count) >= 1)
          .hasSize(1);
    } finally {
      go.countDown();
    }
  }
}
