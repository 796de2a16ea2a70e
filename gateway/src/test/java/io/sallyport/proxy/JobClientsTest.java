package io.sallyport.proxy;

import static io.sallyport.proxy.JobHarness.picture;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Verdict;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.NpmPackages;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Applications with the unmodified clients of Replicate and fal notice nothing but refusals. */
class JobClientsTest {
  private static NpmPackages packages;

  @TempDir Path dir;

  @BeforeAll
  static void install() throws Exception {
    packages =
        NpmPackages.install(
            JobClientsTest.class, "job-clients.mjs", "replicate@1.4.0", "@fal-ai/client@1.10.1");
  }

  private static JsonNode run(JobHarness api, String client, String wait, String prompt)
      throws Exception {
    return packages.run("http://127.0.0.1:" + api.gateway.port, client, wait, prompt);
  }

  /** A service that needs two polls, unless it is asked to wait. */
  private static FakeUpstream.Script replicate(String image) {
    AtomicInteger polls = new AtomicInteger();
    return (request, connection) -> {
      boolean submit = request.line().startsWith("POST");
      boolean done =
          submit ? request.header("prefer").contains("wait") : polls.incrementAndGet() >= 2;
      String here = "https://api.replicate.com/v1/predictions/p1";
      String json =
          "{\"id\":\"p1\",\"status\":\""
              + (done ? "succeeded" : submit ? "starting" : "processing")
              + "\",\"output\":"
              + (done ? "[\"" + picture(image) + "\"]" : "null")
              + ",\"error\":null,\"urls\":{\"get\":\""
              + here
              + "\",\"cancel\":\""
              + here
              + "/cancel\",\"stream\":\"https://stream.replicate.com/v1/files/x\"}}";
      connection.reply(submit ? 201 : 200, "application/json", json.getBytes(UTF_8));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "poll"})
  void replicateRunsAModel(String wait) throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      api.gateway.upstream.script(replicate("fine"));
      JsonNode said = run(api, "replicate", wait, "a house");
      assertThat(said.get("raised").asBoolean()).as("%s", said).isFalse();
      assertThat(said.get("pictures").get(0).asString()).contains("fine");
      assertThat(said.get("calls").size()).isEqualTo(wait.equals("block") ? 1 : 3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "poll"})
  void replicateRaisesARefusedPromptInOneAttempt(String wait) throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      JsonNode said = run(api, "replicate", wait, "a bicycle");
      assertThat(said.get("message").asString())
          .startsWith("Prediction failed: NSFW content detected: Your request was rejected");
      assertThat(said.get("calls").toString()).isEqualTo("[\"POST\",\"GET\"]");
      assertThat(api.decisions()).hasSize(1);
      assertThat(api.decisions().getFirst().decision().verdict()).isEqualTo(Verdict.BLOCK);
      assertThat(api.sent()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "poll"})
  void replicateRaisesARefusedImageInOneAttempt(String wait) throws Exception {
    try (JobHarness api = new JobHarness(dir, "replicate")) {
      api.gateway.upstream.script(replicate("all red"));
      JsonNode said = run(api, "replicate", wait, "a house");
      assertThat(said.get("message").asString())
          .startsWith("Prediction failed: NSFW content detected");
      assertThat(said.get("calls").size()).isEqualTo(wait.equals("block") ? 1 : 3);
    }
  }

  private static FakeUpstream.Script fal(String image) {
    AtomicInteger polls = new AtomicInteger();
    return (request, connection) -> {
      String here = "https://queue.fal.run/fal-ai/flux/requests/r1";
      if (request.line().startsWith("GET /fal-ai/flux/requests/r1 ")) {
        connection.json("{\"images\":[{\"url\":\"" + picture(image) + "\"}],\"seed\":1}");
        return;
      }
      String state =
          request.line().startsWith("POST")
              ? "IN_QUEUE"
              : polls.incrementAndGet() >= 2 ? "COMPLETED" : "IN_PROGRESS";
      String json =
          "{\"status\":\""
              + state
              + "\",\"request_id\":\"r1\",\"response_url\":\""
              + here
              + "\",\"status_url\":\""
              + here
              + "/status\",\"cancel_url\":\""
              + here
              + "/cancel\",\"logs\":[]}";
      connection.reply(
          state.equals("IN_PROGRESS") ? 202 : 200, "application/json", json.getBytes(UTF_8));
    };
  }

  @Test
  void falSubscribes() throws Exception {
    try (JobHarness api = new JobHarness(dir, "fal")) {
      api.gateway.upstream.script(fal("fine"));
      JsonNode said = run(api, "fal", "", "a house");
      assertThat(said.get("raised").asBoolean()).as("%s", said).isFalse();
      assertThat(said.get("pictures").get(0).asString()).contains("fine");
      assertThat(said.get("states").toString()).isEqualTo("[\"IN_PROGRESS\",\"COMPLETED\"]");
      assertThat(said.get("calls").toString()).isEqualTo("[\"POST\",\"GET\",\"GET\",\"GET\"]");
    }
  }

  @Test
  void falRaisesAValidationErrorOfARefusedPromptInOneAttempt() throws Exception {
    try (JobHarness api = new JobHarness(dir, "fal")) {
      JsonNode said = run(api, "fal", "", "a bicycle");
      refused(said);
      assertThat(said.get("calls").toString()).isEqualTo("[\"POST\",\"GET\",\"GET\"]");
      assertThat(api.decisions()).hasSize(1);
      assertThat(api.sent()).isZero();
    }
  }

  @Test
  void falRaisesAValidationErrorOfARefusedImageInOneAttempt() throws Exception {
    try (JobHarness api = new JobHarness(dir, "fal")) {
      api.gateway.upstream.script(fal("all red"));
      JsonNode said = run(api, "fal", "", "a house");
      refused(said);
      assertThat(said.get("calls").toString()).isEqualTo("[\"POST\",\"GET\",\"GET\",\"GET\"]");
    }
  }

  private static void refused(JsonNode said) {
    assertThat(said.get("validation").asBoolean()).as("%s", said).isTrue();
    assertThat(said.get("status").asInt()).isEqualTo(422);
    assertThat(said.get("fields").get(0).get("type").asString())
        .isEqualTo("content_policy_violation");
  }
}
