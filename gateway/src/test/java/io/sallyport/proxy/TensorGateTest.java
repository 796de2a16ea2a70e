package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.coding.ContentCoding;
import io.sallyport.dialect.Tensors;
import io.sallyport.signal.Stage;
import io.sallyport.testing.Coded;
import io.sallyport.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Binary tensors of the Open Inference Protocol, end to end over sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorGateTest {
  private static final String LENGTH = "Inference-Header-Content-Length: ";
  private static final byte[] FINE = picture("fine");
  private static final byte[] RED = picture("all red");

  private ProxyHarness harness;

  private static byte[] picture(String text) {
    return ("\u0089PNG\r\n\u001a\n" + text).getBytes(ISO_8859_1);
  }

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    harness =
        new ProxyHarness(
            dir,
            "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: kserve-v2}\n",
            ProxyHarness.POLICY);
  }

  @AfterAll
  void stop() throws Exception {
    harness.close();
  }

  private void answers(Tensors.Sent reply, String... more) {
    harness.upstream.script(
        (request, connection) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                  + LENGTH
                  + reply.json()
                  + "\r\n"
                  + String.join("", more)
                  + "Content-Length: "
                  + reply.body().length
                  + "\r\n\r\n");
          connection.write(reply.body());
        });
  }

  private RawClient.Answer ask(byte[] body, String... headers) throws Exception {
    StringBuilder head = new StringBuilder("POST /v2/models/m/infer HTTP/1.1\r\nHost: g\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    try (RawClient client = harness.client()) {
      return client.send(head + "Content-Length: " + body.length + "\r\n\r\n").send(body).read();
    }
  }

  private RawClient.Answer ask(Tensors tensors) throws Exception {
    Tensors.Sent sent = tensors.sent();
    return ask(sent.body(), LENGTH + sent.json(), "Content-Type: application/octet-stream");
  }

  private static Tensors prompt(String text) {
    return Tensors.inputs().strings("PROMPT", text);
  }

  @Test
  void allowedTensorsPassByteForByteBothWays() throws Exception {
    Tensors.Sent reply =
        Tensors.outputs()
            .strings("IMAGE", FINE)
            .tensor("seed", "UINT64", "[1]", new byte[8])
            .sent();
    answers(reply);
    Tensors.Sent asked = prompt("a house").strings("image", FINE).sent();
    for (List<String> headers :
        List.of(
            List.of(LENGTH + asked.json()),
            List.of(LENGTH + asked.json(), "Content-Type: application/octet-stream"))) {
      RawClient.Answer answer = ask(asked.body(), headers.toArray(String[]::new));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(reply.body());
      assertThat(answer.headers("inference-header-content-length"))
          .containsExactly(Integer.toString(reply.json()));
      var received = harness.upstream.received().getLast();
      assertThat(received.body()).isEqualTo(asked.body());
      assertThat(received.header("inference-header-content-length"))
          .containsExactly(Integer.toString(asked.json()));
    }
    assertThat(stages()).startsWith(Stage.OUTPUT_IMAGE, Stage.INPUT_IMAGE, Stage.PROMPT);
  }

  private List<Stage> stages() {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(row -> ((AuditEvent.Decided) row).decision().stage())
        .toList();
  }

  @Test
  void forbiddenTensorsOfARequestAreNeverForwarded() throws Exception {
    int sent = harness.upstream.received().size();
    for (Tensors bad :
        List.of(
            prompt("a bicycle"),
            prompt("a house").strings("caption", "a bicycle"),
            prompt("a house").strings("IMAGE", RED),
            prompt("a house").strings("IMAGE", java.util.Base64.getEncoder().encodeToString(RED)),
            prompt("a house").tensor("IMAGE", "UINT8", "[1,1,3]", "red".getBytes(ISO_8859_1)))) {
      RawClient.Answer answer = ask(bad);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).startsWith("{\"error\":\"Your request was");
    }
    assertThat(harness.upstream.received()).hasSize(sent);
  }

  /** The scripted detector sees the word among the samples of the PNG that the pixels became. */
  @Test
  void forbiddenTensorsOfAReplyAreWithheldWhole() throws Exception {
    byte[] red = "red".getBytes(ISO_8859_1);
    for (Tensors bad :
        List.of(
            Tensors.outputs().strings("IMAGE", FINE, RED),
            Tensors.outputs().strings("IMAGE", FINE).tensor("images", "UINT8", "[1,1,3]", red),
            Tensors.outputs()
                .tensor(
                    "IMAGE",
                    "FP32",
                    "[1,1,1,3]",
                    Tensors.floats('r' / 255f, 'e' / 255f, 'd' / 255f)))) {
      answers(bad.sent());
      RawClient.Answer answer = ask(prompt("a house"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).startsWith("{\"error\":\"Your request was").doesNotContain("PNG");
    }
    answers(
        Tensors.outputs().tensor("IMAGE", "UINT8", "[1,1,3]", "fin".getBytes(ISO_8859_1)).sent());
    assertThat(ask(prompt("a house")).status()).isEqualTo(200);
  }

  @Test
  void aReplyThatCannotBeJudgedIsWithheld() throws Exception {
    answers(Tensors.outputs().tensor("IMAGE", "FP16", "[4,4,3]", new byte[96]).sent());
    assertThat(ask(prompt("a house")).status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_not_judged\"} 1")).isTrue();
    Tensors.Sent fine = Tensors.outputs().strings("IMAGE", FINE).sent();
    answers(fine, LENGTH + fine.json() + "\r\n");
    assertThat(ask(prompt("a house")).status()).as("the header twice").isEqualTo(502);
    answers(Tensors.outputs().strings("IMAGE", FINE).rest(new byte[1]).sent());
    assertThat(ask(prompt("a house")).status()).as("a byte too many").isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_malformed_tensors\"} 2"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 400, malformed_tensors", "+9, 400, malformed_tensors", "20, 400, malformed_json"})
  void aHeaderThatIsNotExactIsRefused(String length, int status, String label) throws Exception {
    int sent = harness.upstream.received().size();
    Tensors.Sent asked = prompt("a house").sent();
    assertThat(ask(asked.body(), LENGTH + length).status()).isEqualTo(status);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"request_" + label + "\"}"))
        .isTrue();
    assertThat(ask(asked.body(), LENGTH + asked.json(), LENGTH + asked.json()).status())
        .isEqualTo(400);
    assertThat(harness.upstream.received()).hasSize(sent);
  }

  /** The length is that of the JSON without the body's coding. */
  @Test
  void tensorsMayComeCoded() throws Exception {
    Tensors.Sent reply = Tensors.outputs().strings("IMAGE", FINE).sent();
    answers(reply);
    Tensors.Sent asked = prompt("a house").sent();
    byte[] coded = Coded.in(ContentCoding.GZIP, asked.body());
    assertThat(ask(coded, LENGTH + asked.json(), "Content-Encoding: gzip").status()).isEqualTo(200);
    assertThat(harness.upstream.received().getLast().body()).isEqualTo(coded);
    Tensors.Sent bad = prompt("a bicycle").sent();
    assertThat(
            ask(
                    Coded.in(ContentCoding.GZIP, bad.body()),
                    LENGTH + bad.json(),
                    "Content-Encoding: gzip")
                .status())
        .isEqualTo(400);
  }

  /** Large enough to be read on the lane. */
  @Test
  void manyPixelsAreJudged() throws Exception {
    byte[] pixels = new byte[512 * 512 * 3];
    answers(Tensors.outputs().tensor("IMAGE", "UINT8", "[1,512,512,3]", pixels).sent());
    assertThat(ask(prompt("a house")).status()).isEqualTo(200);
    System.arraycopy("red".getBytes(ISO_8859_1), 0, pixels, pixels.length - 3, 3);
    answers(Tensors.outputs().tensor("IMAGE", "UINT8", "[1,512,512,3]", pixels).sent());
    assertThat(ask(prompt("a house")).status()).isEqualTo(400);
  }
}
