package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.audit.AuditVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code sallyport demo} in a process of its own; what it prints is run as it stands. */
@DisabledOnOs(OS.WINDOWS)
class DemoTest {
  private static final List<String> ANY_PORTS =
      List.of("demo", "--port", "0", "--admin-port", "0", "--upstream-port", "0", "--data");

  @TempDir Path dir;

  @Test
  void whatTheDemoPrintsDoesWhatItSays() throws Exception {
    assumeTrue(sh("command -v curl base64").exit == 0, "skipped: curl or base64 is not here");
    Path data = Files.createDirectories(dir.resolve("data"));
    Path models = Files.createSymbolicLink(data.resolve("models"), RealModels.get());
    try (GatewayProcess demo = demo(data)) {
      List<String> commands =
          demo.out().stream().map(String::strip).filter(it -> it.startsWith("curl")).toList();
      assertThat(commands).hasSize(3);

      sh(commands.get(0));
      assertThat(Files.readAllBytes(dir.resolve("circle.png"))).startsWith(0x89, 'P', 'N', 'G');
      assertThat(sh(commands.get(1)).text)
          .contains("moderation_blocked", "\"moderation_stage\":\"input\"", "stand-in")
          .doesNotContain("b64_json");
      assertThat(sh(commands.get(2)).text)
          .contains("moderation_blocked", "\"moderation_stage\":\"output\"", "stand-in")
          .doesNotContain("b64_json");

      assertThat(get(demo.adminUrl() + "/health/ready")).contains("\"status\":\"ready\"");
      assertThat(get(demo.adminUrl() + "/metrics")).contains("sallyport_decisions_total{");
      assertThat(get(demo.upstreamUrl() + "/v1/models")).contains("stand-in-1");
      assertThat(AuditVerifier.verify(data.resolve("audit"), rows -> {}).ok()).isTrue();
      demo.terminate();
      assertThat(demo.exitCode()).isEqualTo(143);
      assertThat(demo.err())
          .doesNotContain("zeppelin", "p.p.e", "magenta square", "closing failed");
    } finally {
      Files.delete(models);
    }
    assertThat(AuditVerifier.verify(data.resolve("audit"), rows -> {}).ok()).isTrue();
  }

  private GatewayProcess demo(Path data) throws Exception {
    String home = "-Dsallyport.home=" + RealGateway.POLICIES.getParent();
    List<String> arguments = Stream.concat(ANY_PORTS.stream(), Stream.of(data.toString())).toList();
    return GatewayProcess.start(dir, List.of("-Xmx1g", home), arguments);
  }

  private static String get(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private Said sh(String command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(dir.toFile());
    builder.redirectErrorStream(true).environment().put("no_proxy", "127.0.0.1");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), text);
  }

  private record Said(int exit, String text) {}
}
