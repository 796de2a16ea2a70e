package io.sallyport.proxy;

import static io.sallyport.proxy.KeptFiles.PNG;
import static io.sallyport.proxy.KeptFiles.field;
import static io.sallyport.proxy.KeptFiles.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeUpstream;
import io.sallyport.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are uploaded and named by the ids that the service gives them, as OpenAI has them. */
class UploadedIdsTest {
  private static final String SUBJECTS = "callers: {subject_header: x-end-user}\n";

  @TempDir Path dir;
  private ProxyHarness gateway;

  @BeforeEach
  void start() throws Exception {
    start("openai-images", dir);
  }

  private void start(String dialect, Path at) throws Exception {
    gateway =
        new ProxyHarness(
            at,
            "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: " + dialect + "}\n" + SUBJECTS,
            ProxyHarness.POLICY);
    gateway.upstream.script(UploadedIdsTest::serve);
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(gateway.metrics()).doesNotContain("reason=\"internal\"");
    gateway.close();
  }

  private static void serve(FakeUpstream.Received request, FakeUpstream.Connection connection)
      throws IOException {
    if (request.line().contains("/files")) {
      connection.json(
          "{\"id\":\"file-1\",\"object\":\"file\",\"filename\":\"x.png\",\"purpose\":\"vision\"}");
    } else if (request.line().contains("/responses")) {
      connection.json("{\"output\":[]}");
    } else {
      connection.json(ProxyHarness.image("fine"));
    }
  }

  private RawClient.Answer upload(String user, String content, String purpose) throws IOException {
    return gateway.ask(
        KeptFiles.form(
            "/v1/files",
            "X-End-User: " + user,
            file("file", "x.png", content),
            field("purpose", purpose)));
  }

  private RawClient.Answer edit(String user, String image) throws IOException {
    return post(user, "/v1/images/edits", "{\"prompt\":\"a house\",\"images\":[" + image + "]}");
  }

  private RawClient.Answer post(String user, String path, String json) throws IOException {
    return gateway.ask(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: g\r\nX-End-User: "
            + user
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  private boolean unknown(RawClient.Answer answer) throws Exception {
    return answer.status() == 404
        && answer.text().contains("\"code\":\"unknown_reference\"")
        && "false".equals(answer.header("x-should-retry"))
        && gateway.counted("sallyport_refusals_total{reason=\"unknown_reference\"}")
        && gateway.rows().stream()
            .anyMatch(
                row ->
                    row.event() instanceof AuditEvent.Refused refused
                        && refused.reason().equals("unknown_reference")
                        && refused.stage().equals(Stage.INPUT_IMAGE.wire()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vision", "user_data"})
  void anIdPassesForWhoeverUploadedItsFile(String purpose) throws Exception {
    assertThat(upload("me", PNG + "fine", purpose).status()).isEqualTo(200);
    RawClient.Answer answer = edit("me", "{\"file_id\":\"file-1\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(gateway.upstream.received()).hasSize(2);
    assertThat(new String(gateway.upstream.received().getLast().body()))
        .isEqualTo("{\"prompt\":\"a house\",\"images\":[{\"file_id\":\"file-1\"}]}");
  }

  @Test
  void anIdIsUnknownToEverybodyElse() throws Exception {
    assertThat(unknown(edit("me", "{\"file_id\":\"file-1\"}"))).as("before").isTrue();
    upload("me", PNG + "fine", "vision");
    assertThat(unknown(edit("you", "{\"file_id\":\"file-1\"}"))).isTrue();
    assertThat(unknown(edit("me", "{\"file_id\":\"file-2\"}"))).isTrue();
    assertThat(unknown(edit("me", "{\"file_id\":\"file-1\"},{\"file_id\":\"../file-1\"}")))
        .isTrue();
    assertThat(
            unknown(
                post(
                    "you",
                    "/v1/images/edits",
                    "{\"prompt\":\"a\",\"mask\":{\"file_id\":\"file-1\"}}")))
        .isTrue();
    assertThat(gateway.upstream.received()).hasSize(1);
  }

  @Test
  void anIdIsUnknownUnderAnotherPolicy() throws Exception {
    upload("me", PNG + "fine", "vision");
    gateway.swap(ProxyHarness.POLICY.replace("0.5", "0.4"));
    assertThat(unknown(edit("me", "{\"file_id\":\"file-1\"}"))).isTrue();
  }

  @Test
  void anImageBesideANamedFileIsJudgedWithIt() throws Exception {
    upload("me", PNG + "fine", "vision");
    String red = "{\"image_url\":\"data:image/png;base64,cmVk\"}";
    RawClient.Answer answer = edit("me", "{\"file_id\":\"file-1\"}," + red);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked", "\"moderation_stage\":\"input\"");
    assertThat(gateway.upstream.received()).hasSize(1);
  }

  @Test
  void aForbiddenUploadIsRefusedInTheApisShape() throws Exception {
    RawClient.Answer answer = upload("me", PNG + "all red here", "vision");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("moderation_blocked", "\"moderation_stage\":\"input\"");
    assertThat(gateway.upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "fine-tune", "assistants", "evals", ""})
  void aFileForAnythingElseIsRefused(String purpose) throws Exception {
    RawClient.Answer answer = upload("me", PNG + "fine", purpose);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("\"invalid_request\"");
    assertThat(gateway.upstream.received()).isEmpty();
  }

  @Test
  void requestsToBeRunLaterAreNoPicture() throws Exception {
    assertThat(upload("me", "{\"url\":\"/v1/images/generations\"}\n", "user_data").status())
        .isEqualTo(400);
    assertThat(gateway.upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/files",
        "GET /v1/files/file-1",
        "GET /v1/files/file-1/content",
        "DELETE /v1/files/file-1",
        "POST /v1/files",
        "POST /v1/files/file-1",
        "POST /v1/uploads",
        "POST /v1/batches"
      })
  void everyOtherRouteOfFilesStaysShut(String line) throws Exception {
    String type = line.startsWith("POST") ? "Content-Type: application/json\r\n" : "";
    RawClient.Answer answer =
        gateway.ask(line + " HTTP/1.1\r\nHost: g\r\n" + type + "Content-Length: 0\r\n\r\n");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(gateway.upstream.received()).isEmpty();
  }

  @Test
  void aReplyThatIsNoneIsNotPassedOn() throws Exception {
    gateway.upstream.script(
        (request, connection) ->
            connection.json("{\"id\":\"file-1\",\"x\":\"" + "A".repeat(400) + "\"}"));
    assertThat(upload("me", PNG + "fine", "vision").status()).isEqualTo(502);
    assertThat(unknown(edit("me", "{\"file_id\":\"file-1\"}"))).isTrue();
  }

  @Test
  void aRecordThatCannotBeWrittenAnswersNoUpload() throws Exception {
    gateway.record.close();
    assertThat(upload("me", PNG + "fine", "vision").status()).isEqualTo(503);
  }

  @Test
  void responsesNameFilesToo() throws Exception {
    gateway.close();
    start("openai-chat-images", dir.resolve("again"));
    String named =
        "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a"
            + " house\"},{\"type\":\"input_image\",\"file_id\":\"file-1\"}]}]}";
    String mask =
        "{\"input\":\"a\",\"tools\":[{\"type\":\"image_generation\","
            + "\"input_image_mask\":{\"file_id\":\"file-1\"}}]}";
    assertThat(unknown(post("me", "/v1/responses", named))).isTrue();
    upload("me", PNG + "fine", "vision");
    assertThat(post("me", "/v1/responses", named).status()).isEqualTo(200);
    assertThat(post("me", "/v1/responses", mask).status()).isEqualTo(200);
    assertThat(unknown(post("you", "/v1/responses", mask))).isTrue();
  }
}
