package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.NpmPackages;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An unmodified client of ComfyUI that polls, beside another who does. */
class ComfyPollingTest {
  private static NpmPackages packages;

  @TempDir Path dir;

  private final Map<String, String> jobs = new ConcurrentSkipListMap<>();

  @BeforeAll
  static void install() throws Exception {
    packages =
        NpmPackages.install(
            ComfyPollingTest.class, "comfy-polling.mjs", "@stable-canvas/comfyui-client@1.5.9");
  }

  /** A server that needs two looks at its queue, and keeps the graphs of all in one history. */
  private FakeUpstream.Script comfy() {
    AtomicInteger looks = new AtomicInteger();
    return (request, connection) -> {
      String line = request.line();
      if (line.startsWith("POST /prompt")) {
        String id = "p" + (jobs.size() + 1);
        String body = new String(request.body(), UTF_8);
        jobs.put(
            id, body.substring(body.indexOf("\"prompt\":") + 9, body.indexOf(",\"extra_data")));
        connection.json("{\"prompt_id\":\"" + id + "\",\"number\":1,\"node_errors\":{}}");
      } else if (line.startsWith("GET /queue")) {
        boolean running = looks.incrementAndGet() % 2 == 1;
        StringBuilder items = new StringBuilder();
        jobs.forEach((id, graph) -> items.append(item(items, "[1,\"" + id + "\"," + graph + "]")));
        connection.json(
            "{\"queue_running\":[" + (running ? items : "") + "],\"queue_pending\":[]}");
      } else if (line.startsWith("GET /history")) {
        StringBuilder items = new StringBuilder();
        jobs.forEach((id, graph) -> items.append(item(items, past(id, graph))));
        connection.json("{" + items + "}");
      } else {
        connection.reply(200, "application/octet-stream", new byte[0]);
      }
    };
  }

  private static String item(StringBuilder before, String item) {
    return (before.isEmpty() ? "" : ",") + item;
  }

  private static String past(String id, String graph) {
    return "\""
        + id
        + "\":{\"prompt\":[1,\""
        + id
        + "\","
        + graph
        + ",{},[\"9\"]],\"outputs\":{\"9\":{\"images\":[{\"filename\":\""
        + id
        + ".png\",\"subfolder\":\"\",\"type\":\"output\"}]}},\"status\":{\"status_str\":\"success\"}}";
  }

  private static JsonNode run(JobHarness api, String user, String text) throws Exception {
    return packages.run("127.0.0.1:" + api.gateway.port, user, text);
  }

  @Test
  void eachGetsWhatIsItsOwnAndTheUsualErrors() throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      api.gateway.upstream.script(comfy());
      JsonNode anna = run(api, "anna", "a house");
      assertThat(anna.path("error").asString("none")).as("%s", anna).isEqualTo("none");
      assertThat(anna.get("images").toString()).contains("filename=p1.png").doesNotContain("p2");
      JsonNode ben = run(api, "ben", "a boat");
      assertThat(ben.get("images").toString()).as("%s", ben).contains("filename=p2.png");
      assertThat(ben.get("history").toString()).isEqualTo("[\"p2\"]");
      // what would stop everybody's jobs
      assertThat(ben.get("refused").toString()).isEqualTo("[400,400]");
      assertThat(api.gateway.upstream.received())
          .filteredOn(it -> it.line().startsWith("POST /interrupt"))
          .extracting(it -> new String(it.body(), UTF_8))
          .containsExactly("{\"prompt_id\":\"p1\"}", "{\"prompt_id\":\"p2\"}");
    }
  }

  @Test
  void aRefusedPromptIsTheClientsUsualErrorInOneAttempt() throws Exception {
    try (JobHarness api = new JobHarness(dir, "comfyui")) {
      JsonNode said = run(api, "anna", "a bicycle");
      assertThat(said.get("error").asString()).as("%s", said).isEqualTo("HttpError");
      assertThat(said.get("status").asInt()).isEqualTo(400);
      assertThat(said.get("all").asString()).contains("content_policy_violation");
      assertThat(said.get("calls").toString())
          .isEqualTo("[\"POST /prompt\",\"POST /interrupt\",\"POST /queue\"]");
      assertThat(api.sent()).isZero();
      assertThat(api.decisions()).hasSize(1);
    }
  }
}
