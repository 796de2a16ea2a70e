package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.coding.ContentCoding;
import io.sallyport.signal.Stage;
import io.sallyport.testing.Coded;
import io.sallyport.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests for a file, and replies that are the image itself. */
class WholeImageTest {
  private static final String FORM =
      "--b0\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na house\r\n"
          + "--b0\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\nfile\r\n"
          + "--b0--\r\n";

  private static final String PNG = "\u0089PNG\r\n\u001a\n";

  @TempDir Path dir;
  private ProxyHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new ProxyHarness(dir);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private void replies(int status, ContentCoding coding, byte[] coded) {
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 "
                  + status
                  + " X\r\nContent-Type: image/png\r\nContent-Encoding: "
                  + coding.wire()
                  + "\r\nContent-Length: "
                  + coded.length
                  + "\r\n\r\n");
          connection.write(coded);
        });
  }

  private RawClient.Answer generate() throws Exception {
    return ask(
        "generations", "application/json", "{\"prompt\":\"a house\",\"response_format\":\"file\"}");
  }

  private RawClient.Answer edit() throws Exception {
    return ask("edits", "multipart/form-data; boundary=b0", FORM);
  }

  private RawClient.Answer ask(String path, String type, String body) throws Exception {
    return harness.ask(
        "POST /v1/images/"
            + path
            + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @ParameterizedTest
  @EnumSource
  void anAllowedImagePassesByteForByte(ContentCoding coding) throws Exception {
    byte[] reply = Coded.in(coding, "fine");
    replies(200, coding, reply);
    for (RawClient.Answer answer : new RawClient.Answer[] {generate(), edit()}) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).isEqualTo("image/png");
      assertThat(answer.body()).isEqualTo(reply);
    }
    AuditEvent.Decided judged =
        harness.rows().stream()
            .map(row -> row.event())
            .filter(AuditEvent.Decided.class::isInstance)
            .map(AuditEvent.Decided.class::cast)
            .filter(it -> it.decision().stage() == Stage.OUTPUT_IMAGE)
            .findFirst()
            .orElseThrow();
    assertThat(judged.coverage().imagesJudged()).isEqualTo(1);
    assertThat(judged.imageHashes()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aForbiddenImageIsWithheld(ContentCoding coding) throws Exception {
    replies(200, coding, Coded.in(coding, "all red here"));
    for (RawClient.Answer answer : new RawClient.Answer[] {generate(), edit()}) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text())
          .contains("moderation_blocked", "\"moderation_stage\":\"output\"")
          .doesNotContain("all red");
    }
  }

  @Test
  void aPartOfAnImageIsWithheld() throws Exception {
    replies(206, ContentCoding.IDENTITY, "fi".getBytes(UTF_8));
    assertThat(generate().status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_content_type\"} 1"))
        .isTrue();
  }

  /** A small archive may hold much: its members wait for their verdict like a body does. */
  @Test
  void whatAnArchiveUnpacksToCountsAsMemory() throws Exception {
    harness.close();
    harness =
        new ProxyHarness(
            dir.resolve("again"),
            "limits: {request: 64KiB, reply: 64KiB, buffered: 1MiB}\n",
            ProxyHarness.POLICY);
    byte[] noise = new byte[24 << 10];
    new SplittableRandom(1).nextBytes(noise);
    byte[] zip = zip(PNG + new String(noise, ISO_8859_1) + "\u0000".repeat(1 << 20));
    assertThat(zip).hasSizeLessThan(64 << 10);
    harness.upstream.script((request, connection) -> connection.reply(200, "application/zip", zip));
    RawClient.Answer answer = generate();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"buffer_full\"} 1")).isTrue();
    byte[] small = zip(PNG + " fine");
    harness.upstream.script(
        (request, connection) -> connection.reply(200, "application/zip", small));
    assertThat(generate().status()).isEqualTo(200);
    for (int i = 0; i < 500 && harness.path.bufferedBytes() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(harness.path.bufferedBytes()).as("all is given back").isZero();
  }

  private static byte[] zip(String image) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream packer = new ZipOutputStream(out)) {
      packer.putNextEntry(new ZipEntry("image.png"));
      packer.write(image.getBytes(ISO_8859_1));
      packer.closeEntry();
    }
    return out.toByteArray();
  }
}
