package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms and archives, end to end over sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormsTest {
  private static final String TYPE = "multipart/form-data; boundary=b0";
  private static final String PNG = "\u0089PNG\r\n\u001a\n, more or less";

  private ProxyHarness harness;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    harness = new ProxyHarness(dir);
  }

  @AfterAll
  void stop() throws Exception {
    harness.close();
  }

  @BeforeEach
  void answerFine() {
    harness.upstream.script((request, connection) -> connection.json(ProxyHarness.image("fine")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"edits", "variations", "inpainting"})
  void anAllowedFormReachesTheUpstreamByteForByte(String path) throws Exception {
    String form =
        form(
            field("prompt", "a house"),
            file("image[]", PNG + "\r\n--b\r\n--\n"),
            file("image[]", PNG + "x".repeat(300_000)),
            file("mask", PNG));
    RawClient.Answer answer = ask(path, TYPE, form);
    assertThat(answer.status()).isEqualTo(200);
    var received = harness.upstream.received().getLast();
    assertThat(received.line()).isEqualTo("POST /v1/images/" + path + " HTTP/1.1");
    assertThat(received.header("content-type")).containsExactly(TYPE);
    assertThat(new String(received.body(), ISO_8859_1)).isEqualTo(form);
    assertThat(stages(answer)).containsExactly(Stage.OUTPUT_IMAGE, Stage.INPUT_IMAGE, Stage.PROMPT);
  }

  @Test
  void aFormWithoutTextIsJudgedByItsImages() throws Exception {
    RawClient.Answer answer = ask("variations", TYPE, form(file("image", PNG)));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(stages(answer)).containsExactly(Stage.OUTPUT_IMAGE, Stage.INPUT_IMAGE);
  }

  @Test
  void aForbiddenPromptIsRefusedAndNeverForwarded() throws Exception {
    refused(Stage.PROMPT, form(file("image", PNG), field("prompt", "a bicycle")));
  }

  @Test
  void aForbiddenTextInAFieldThatNobodyClaimedIsRefused() throws Exception {
    refused(Stage.PROMPT, form(field("prompt", "a house"), field("extra", "a bicycle")));
    refused(Stage.PROMPT, form(file("image", PNG), field("lora", "{\"x\":\"a bic\\u0079cle\"}")));
    refused(
        Stage.PROMPT,
        form(
            "Content-Disposition: form-data; name=\"image\"; filename=\"a bicycle.png\"\r\n\r\n"
                + PNG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "image[]", "mask", "mask_image", "reference_image"})
  void aForbiddenImageIsRefusedAndNeverForwarded(String name) throws Exception {
    refused(
        Stage.INPUT_IMAGE,
        form(field("prompt", "a house"), file("image[]", PNG), file(name, PNG + " red")));
  }

  /** The second of two files of one name: whichever a server takes, it was judged. */
  @Test
  void everyFileOfARepeatedNameIsJudged() throws Exception {
    refused(Stage.INPUT_IMAGE, form(file("image", PNG + " red"), file("image", PNG)));
    refused(Stage.INPUT_IMAGE, form(file("image", PNG), file("image", PNG + " red")));
  }

  @Test
  void aForbiddenImageOfTheReplyIsWithheld() throws Exception {
    harness.upstream.script((request, connection) -> connection.json(ProxyHarness.image("red")));
    RawClient.Answer answer = ask("edits", TYPE, form(file("image", PNG)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("\"moderation_stage\":\"output\"");
  }

  /** Each row is a form that two servers would read in two ways, or that none can be judged by. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/x-www-form-urlencoded|prompt=a+house|415|content_type",
        "multipart/mixed; boundary=b0|FORM|415|content_type",
        "text/json|{\"prompt\":\"a house\"}|415|content_type",
        "application/json; charset=utf-16|{\"prompt\":\"a house\"}|415|content_type",
        "multipart/form-data|FORM|400|malformed_form",
        "multipart/form-data; boundary=b0; boundary=b1|FORM|400|malformed_form",
        "multipart/form-data; boundary=b1|FORM|400|malformed_form",
        "multipart/form-data; boundary=b0|~FORM|400|malformed_form",
        "multipart/form-data; boundary=b0|FORM epilogue|400|malformed_form",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~~a house|400|malformed_form",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~~a house~--b0|400|malformed_form",
        "multipart/form-data; boundary=b0|--b0~DISP name=a;"
            + " filename*=utf-8''b~~x~--b0--|400|malformed_form",
        "multipart/form-data; boundary=b0|--b0~DISP name=a;"
            + " filename=``~~x~--b0--|400|malformed_form",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~Content-Transfer-Encoding:"
            + " base64~~x~--b0--|400|part_encoding",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~Content-Type: text/plain;"
            + " charset=utf-16~~x~--b0--|400|part_encoding",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~~a house~--b0~DISP name=prompt~~a"
            + " dog~--b0--|400|duplicate_key",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt~~caf\u00e9~--b0--|400|not_utf8",
        "multipart/form-data; boundary=b0|--b0~DISP name=prompt; filename=x~~a"
            + " house~--b0--|400|unclaimed_image",
        "multipart/form-data; boundary=b0|--b0~DISP"
            + " name=url~~https://a.example/b~--b0--|400|not_judged",
        "multipart/form-data; boundary=b0|--b0~DISP name=n~~1~--b0--|400|missing_field",
        "multipart/form-data; boundary=b0|--b0~DISP name=lora~~pixel~--b0--|400|wrong_type",
        "multipart/form-data; boundary=b0|--b0~DISP name=lora~~{~--b0--|400|malformed_json",
      })
  void refusesWithOneAnswerAndOneLabel(String type, String body, int status, String label)
      throws Exception {
    int before = harness.upstream.received().size();
    String sent =
        body.replace("FORM", form(field("prompt", "a house")))
            .replace("DISP", "Content-Disposition: form-data;")
            .replace("~", "\r\n");
    double counted = counted(label);
    RawClient.Answer answer = ask("edits", type, sent);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text())
        .contains(status == 415 ? "\"unsupported_content_type\"" : "\"invalid_request\"");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(counted(label)).isEqualTo(counted + 1);
    assertThat(harness.upstream.received()).hasSize(before);
  }

  /** With two types a server could take the other boundary, and read other fields out of a file. */
  @Test
  void twoContentTypesAreRefused() throws Exception {
    String form = form(field("prompt", "a house"));
    RawClient.Answer answer = ask("edits", TYPE + "\r\nContent-Type: " + TYPE + "1", form);
    assertThat(answer.status()).isEqualTo(415);
  }

  /** A client could take the other type, and with it another image. */
  @Test
  void aReplyOfTwoContentTypesIsWithheld() throws Exception {
    String body = ProxyHarness.image("fine");
    harness.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Type: image/png\r\n"
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body));
    RawClient.Answer answer = ask("edits", TYPE, form(file("image", PNG)));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(harness.counted("sallyport_refusals_total{reason=\"reply_content_type\"}")).isTrue();
  }

  @Test
  void anArchiveOfImagesPassesByteForByte() throws Exception {
    byte[] zip = zip(PNG, PNG + " fine");
    harness.upstream.script((request, connection) -> connection.reply(200, "application/zip", zip));
    RawClient.Answer answer =
        ask("edits", TYPE, form(file("image", PNG), field("response_format", "file")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/zip");
    assertThat(answer.body()).isEqualTo(zip);
    AuditEvent.Decided judged = decisions(answer).getFirst();
    assertThat(judged.decision().stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(judged.coverage().imagesJudged()).isEqualTo(2);
  }

  @Test
  void anArchiveWithAForbiddenImageIsWithheldWhole() throws Exception {
    byte[] zip = zip(PNG, PNG + " red");
    harness.upstream.script((request, connection) -> connection.reply(200, "application/zip", zip));
    RawClient.Answer answer = ask("edits", TYPE, form(file("image", PNG)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked").doesNotContain("PNG");
  }

  @Test
  void anArchiveThatCannotBeReadIsWithheld() throws Exception {
    byte[] zip = zip(PNG);
    byte[] prefixed = new byte[zip.length + 3];
    System.arraycopy(zip, 0, prefixed, 3, zip.length);
    unreadable(prefixed, "reply_malformed_zip");
    unreadable(zip("no image"), "reply_not_judged");
    unreadable(zip(PNG + "\u0000".repeat(1 << 20)), "reply_unpacks_too_large");
  }

  private void unreadable(byte[] zip, String label) throws Exception {
    harness.upstream.script((request, connection) -> connection.reply(200, "application/zip", zip));
    RawClient.Answer answer = ask("edits", TYPE, form(file("image", PNG)));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("upstream_bad_reply");
    assertThat(harness.counted("sallyport_refusals_total{reason=\"" + label + "\"}")).isTrue();
  }

  private void refused(Stage stage, String form) throws Exception {
    int before = harness.upstream.received().size();
    RawClient.Answer answer = ask("edits", TYPE, form);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("\"code\":\"moderation_blocked\"", "\"moderation_stage\":\"input\"");
    assertThat(harness.upstream.received()).hasSize(before);
    AuditEvent.Decided last = decisions(answer).getFirst();
    assertThat(last.decision().stage()).isEqualTo(stage);
    assertThat(last.decision().verdict()).isEqualTo(Verdict.BLOCK);
  }

  private RawClient.Answer ask(String path, String type, String latin1) throws IOException {
    return harness.ask(
        "POST /v1/images/"
            + path
            + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + latin1.length()
            + "\r\n\r\n"
            + latin1);
  }

  /** The decisions of an answer's request, newest first. */
  private List<AuditEvent.Decided> decisions(RawClient.Answer answer) {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(it -> it.request().requestId().equals(answer.header("x-request-id")))
        .toList();
  }

  private List<Stage> stages(RawClient.Answer answer) {
    return decisions(answer).stream().map(it -> it.decision().stage()).toList();
  }

  /** How often a request was refused for the reason. */
  private double counted(String defect) throws IOException {
    String name = "sallyport_refusals_total{reason=\"request_" + defect + "\"} ";
    return harness
        .metrics()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private static String field(String name, String value) {
    return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
  }

  private static String file(String name, String content) {
    return "Content-Disposition: form-data; name=\""
        + name
        + "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        + content;
  }

  private static String form(String... parts) {
    StringBuilder form = new StringBuilder();
    for (String part : parts) {
      form.append("--b0\r\n").append(part).append("\r\n");
    }
    return form + "--b0--\r\n";
  }

  private static byte[] zip(String... members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream packer = new ZipOutputStream(out)) {
      for (int i = 0; i < members.length; i++) {
        packer.putNextEntry(new ZipEntry("image_" + i + ".png"));
        packer.write(members[i].getBytes(ISO_8859_1));
        packer.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
