package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.NpmPackages;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An unmodified client of ComfyUI's API runs prompts through its WebSocket. */
class ComfyClientTest {
  private static final String JOB = "8d6f4b1e-0000-4000-8000-000000000001";

  private static NpmPackages script;

  @TempDir Path dir;
  private final AtomicInteger prompts = new AtomicInteger();

  /** How often the client has said that it is ready for what comes next. */
  private final AtomicInteger asked = new AtomicInteger();

  private final AtomicReference<FakeComfy.Session> session = new AtomicReference<>();
  private FakeComfy comfy;
  private ProxyHarness harness;

  @BeforeAll
  static void install() throws Exception {
    script =
        NpmPackages.install(
            ComfyClientTest.class,
            "comfy-client.mjs",
            "@stable-canvas/comfyui-client@1.5.9",
            "ws@8.23.0");
  }

  @BeforeEach
  void start() throws Exception {
    comfy = new FakeComfy();
    harness =
        new ProxyHarness(
            dir,
            "upstream: {url: \"http://127.0.0.1:%d\", dialect: comfyui}\n".formatted(comfy.port()),
            ProxyHarness.POLICY);
    comfy.atFirst(session::set);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
    comfy.close();
  }

  /** Runs a prompt whose image is {@code image}. */
  private JsonNode run(String prompt, String image) throws Exception {
    comfy.script(request -> serve(request, image));
    return script.run("127.0.0.1:" + harness.port, prompt);
  }

  private void serve(HttpServerRequest request, String image) {
    switch (request.path()) {
      case "/prompt" -> {
        prompts.incrementAndGet();
        json(request, "{\"prompt_id\":\"" + JOB + "\",\"number\":1,\"node_errors\":{}}");
      }
      case "/queue" -> {
        json(request, "{\"queue_running\":[],\"queue_pending\":[]}");
        if (asked.incrementAndGet() == 1) {
          generate(session.get(), image);
        } else {
          end(session.get());
        }
      }
      default -> comfy.open(request);
    }
  }

  private static void json(HttpServerRequest request, String body) {
    request.response().putHeader("content-type", "application/json").end(body);
  }

  private static void generate(FakeComfy.Session session, String image) {
    session
        .about("execution_start", JOB)
        .text("{'type':'executing','data':{'node':'9','prompt_id':'" + JOB + "'}}")
        .text("{'type':'progress','data':{'value':1,'max':1,'node':'9','prompt_id':'" + JOB + "'}}")
        .binary(FakeComfy.image(1, 1, "preview"))
        .binary(FakeComfy.image(1, 2, image));
  }

  private static void end(FakeComfy.Session session) {
    session
        .text(
            "{'type':'executed','data':{'node':'9','output':{'images':[]},'prompt_id':'"
                + JOB
                + "'}}")
        .about("execution_success", JOB);
  }

  @Test
  void anAllowedImageArrivesAsUsual() throws Exception {
    JsonNode said = run("a house", "fine");
    assertThat(said.get("images")).as(said.toString()).isNotNull();
    assertThat(said.get("images").toString()).isEqualTo("[\"fine\"]");
    assertThat(said.get("progress").toString()).isEqualTo("[1]");
  }

  @Test
  void aForbiddenImageIsTheClientsUsualError() throws Exception {
    JsonNode said = run("a house", "red");
    assertThat(said.get("all").asString())
        .contains("ContentPolicyViolation")
        .contains("rejected by the safety system");
    assertThat(prompts).as("attempts").hasValue(1);
  }

  @Test
  void aForbiddenPromptIsTheClientsUsualErrorAndNeverRuns() throws Exception {
    JsonNode said = run("a bicycle", "fine");
    assertThat(said.get("name").asString()).isEqualTo("HttpError");
    assertThat(said.get("answer").asString())
        .startsWith("{\"error\":{\"type\":\"content_policy_violation\"");
    assertThat(prompts).hasValue(0);
  }
}
