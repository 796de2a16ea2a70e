package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.VerifyResult;
import io.sallyport.testing.FakeUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record whose disk is full answers nothing, says so everywhere, and finds back by itself. */
class FullDiskTest {
  private static final String REPLY = "{\"created\":1,\"data\":[{\"b64_json\":\"cGljdHVyZQ==\"}]}";

  @TempDir Path dir;

  @Test
  void nothingIsDeliveredWhileTheRecordsDiskIsFull() throws Exception {
    Path disk = Files.createDirectories(dir.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()) == 0,
        "skipped: only root can mount the small disk that this test fills");
    try (FakeUpstream upstream =
        new FakeUpstream((request, connection) -> connection.json(REPLY))) {
      Path config = new GatewayFiles(dir).config(upstream.port(), "audit: {dir: 'disk/audit'}\n");
      try (RealGateway gateway = RealGateway.start(config)) {
        fillsUpAndFindsBack(gateway, disk.resolve("filler"));
      }
    } finally {
      run("umount", disk.toString());
    }
  }

  private static void fillsUpAndFindsBack(RealGateway gateway, Path filler) throws Exception {
    Set<String> answered = new HashSet<>();
    answered.add(ok(gateway));
    Poll.until("ready", () -> ready(gateway).status() == 200);

    fill(filler);
    Poll.until(
        "a full disk",
        () -> {
          Answer answer = gateway.generate(prompt("a house"));
          if (answer.status() == 200) {
            answered.add(answer.requestId());
            fill(filler);
          }
          return answer.status() == 503;
        });
    for (String text : new String[] {"a house", "a zeppelin"}) {
      Answer answer = gateway.generate(prompt(text));
      assertThat(answer.status()).as(text).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("record_unavailable");
      assertThat(answer.text()).doesNotContain("b64_json").doesNotContain("moderation_blocked");
      assertThat(answer.requestId()).startsWith("req_");
    }
    assertThat(gateway.moderate("{\"input\":\"a zeppelin\"}").status()).isEqualTo(503);
    assertThat(ready(gateway).status()).isEqualTo(503);
    assertThat(ready(gateway).json().get("checks").get("record").asBoolean()).isFalse();
    assertThat(gateway.get(gateway.adminUrl() + "/health/live").status()).isEqualTo(200);
    assertThat(gateway.metric("sallyport_record_failures_total", "reason=\"failed\""))
        .isGreaterThanOrEqualTo(3);
    assertThat(gateway.metric("sallyport_record_healthy", "")).isZero();
    assertThat(gateway.metric("sallyport_refusals_total", "reason=\"record_unavailable\""))
        .isGreaterThanOrEqualTo(4);

    Files.delete(filler);
    Poll.until("the record is back without a request", () -> ready(gateway).status() == 200);
    answered.add(ok(gateway));
    assertThat(gateway.verify()).isInstanceOf(VerifyResult.Whole.class);
    for (String id : answered) {
      assertThat(gateway.decisions(new io.sallyport.audit.AuditFilter.OfRequest(id))).hasSize(2);
    }
  }

  private static String ok(RealGateway gateway) throws Exception {
    Answer answer = gateway.generate(prompt("a house"));
    assertThat(answer.status()).isEqualTo(200);
    return answer.requestId();
  }

  private static Answer ready(RealGateway gateway) throws Exception {
    return gateway.get(gateway.adminUrl() + "/health/ready");
  }

  /** Appends until nothing more fits. */
  private static void fill(Path file) throws IOException {
    byte[] some = new byte[4096];
    try (OutputStream out =
        Files.newOutputStream(
            file,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException full) {
      // What it is about.
    }
  }

  private static int run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
