package io.sallyport.proxy;

import static io.sallyport.proxy.KeptFiles.PNG;
import static io.sallyport.proxy.KeptFiles.field;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditEvent;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Stage;
import io.sallyport.testing.RawClient;
import io.sallyport.testing.Scripted;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are uploaded, named, made into others and handed out, as ComfyUI has them. */
class KeptFilesTest {
  /** Two things that are harmless alone. */
  private static final String JOINT =
      """
      policy: default
      detectors: [words, pictures]
      rules:
        - id: never-together
          stage: input_image
          category: stand-in
          when:
            all:
              - {score: {stage: prompt, label: bicycle, at_least: 0.5}}
              - {score: {label: red, at_least: 0.5}}
          verdict: block
      """;

  private static final String BLIND =
      """
      policy: default
      detectors: [words]
      rules:
        - id: no-bicycle
          stage: prompt
          category: stand-in
          when: {score: {label: bicycle, at_least: 0.5}}
          verdict: block
      """;

  @TempDir Path dir;
  private KeptFiles kept;

  @BeforeEach
  void start() throws Exception {
    kept = new KeptFiles(dir);
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(kept.gateway.metrics()).doesNotContain("reason=\"internal\"");
    kept.close();
  }

  private void restart(String policy) throws Exception {
    kept.close();
    kept = new KeptFiles(dir.resolve("again"), policy);
  }

  @Test
  void anAllowedUploadPassesByteForByteAndSoDoesItsReply() throws Exception {
    RawClient.Answer answer = kept.upload("a", "x.png", PNG + "fine", field("type", "input"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo("{\"name\": \"x.png\", \"subfolder\": \"\", \"type\": \"input\"}");
    assertThat(new String(kept.gateway.upstream.received().getFirst().body(), ISO_8859_1))
        .contains("\r\n\r\n" + PNG + "fine\r\n--b0\r\n");
    AuditEvent.Decided judged = kept.decisions(Stage.INPUT_IMAGE).getFirst();
    assertThat(judged.decision().verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(judged.coverage().imagesJudged()).isEqualTo(1);
    assertThat(judged.request().route()).isEqualTo("upload-image");
  }

  @Test
  void aForbiddenUploadNeverReachesTheService() throws Exception {
    RawClient.Answer answer = kept.upload("a", "x.png", PNG + "all red here");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("content_policy_violation", "node_errors");
    assertThat(kept.gateway.upstream.received()).isEmpty();
    assertThat(kept.decisions(Stage.INPUT_IMAGE).getFirst().decision().verdict())
        .isEqualTo(Verdict.BLOCK);
  }

  @Test
  void aForbiddenWordInAFilesNameIsJudged() throws Exception {
    RawClient.Answer answer = kept.upload("a", "a bicycle.png", PNG + "fine");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(kept.gateway.upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"prompt\":\"a\"}", "%PDF-1.7", "<svg/>", "II*\u0000tiff", ""})
  void whatIsNoPictureIsNotKept(String content) throws Exception {
    RawClient.Answer answer = kept.upload("a", "x.png", content);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("invalid_request");
    String reason = content.isEmpty() ? "request_missing_field" : "request_not_judged";
    assertThat(kept.gateway.counted("sallyport_refusals_total{reason=\"" + reason + "\"} 1"))
        .isTrue();
    assertThat(kept.gateway.upstream.received()).isEmpty();
  }

  @Test
  void anUploadWithoutAFileIsRefused() throws Exception {
    RawClient.Answer answer =
        kept.gateway.ask(KeptFiles.form("/upload/image", "X-Key: a", field("type", "input")));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(kept.gateway.counted("reason=\"request_missing_field\"} 1")).isTrue();
  }

  /** Names that a server could take for another file's: its key here would be another's too. */
  @ParameterizedTest
  @CsvSource({
    "x.png [output], ''",
    "x:y.png, ''",
    ".x.png, ''",
    "x.png., ''",
    "x.png, ../input",
    "x.png, /a",
    "x.png, a/",
    "x.png, ./a"
  })
  void aNameOfSeveralReadingsIsNotKept(String name, String folder) throws Exception {
    RawClient.Answer answer = kept.upload("a", name, PNG + "fine", field("subfolder", folder));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(kept.gateway.counted("reason=\"request_not_judged\"} 1")).isTrue();
    assertThat(kept.gateway.upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.png", "x.png [input]"})
  void whatWasJudgedWhenUploadedPassesByItsName(String name) throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    RawClient.Answer answer = kept.make("a", "a house", name);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(kept.asked("/view")).as("nothing is fetched").isZero();
    AuditEvent.Decided used = kept.decisions(Stage.INPUT_IMAGE).getFirst();
    AuditEvent.Decided uploaded = kept.decisions(Stage.INPUT_IMAGE).getLast();
    assertThat(used.request().route()).isEqualTo("make");
    assertThat(used.coverage().imagesJudged()).isEqualTo(1);
    assertThat(used.imageHashes()).isEqualTo(uploaded.imageHashes()).hasSize(1);
  }

  /** The prompt was not there when the file was uploaded. */
  @Test
  void rulesAboutPromptAndImageSeeBothWhenAFileIsNamed() throws Exception {
    restart(JOINT);
    assertThat(kept.upload("a", "x.png", PNG + "red").status()).isEqualTo(200);
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    RawClient.Answer answer = kept.make("a", "a bicycle", "x.png");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(kept.asked("/make")).isEqualTo(1);
    assertThat(kept.asked("/view")).isZero();
  }

  /** Without a prompt nothing hangs on the second detector's answer; with the next one it may. */
  @Test
  void everybodyIsAskedAboutAnUpload() throws Exception {
    String policy =
        """
        policy: default
        detectors: [words, pictures, second]
        second_opinion: {detector: second}
        rules:
          - id: never-together
            stage: input_image
            category: stand-in
            when:
              all:
                - {score: {stage: prompt, label: bicycle, at_least: 0.5}}
                - {score: {detector: second, label: blue, at_least: 0.5}}
            verdict: block
        """;
    kept.gateway.swap(
        policy,
        new DetectorPanel(
            kept.gateway.lane,
            List.of(Scripted.words(), Scripted.picturesWithSecond()),
            run -> {}));
    kept.upload("a", "x.png", PNG + "fine");
    kept.upload("a", "y.png", PNG + "blue");
    assertThat(kept.make("a", "a bicycle", "x.png").status()).isEqualTo(200);
    assertThat(kept.make("a", "a bicycle", "y.png").status()).isEqualTo(400);
    assertThat(kept.make("a", "a house", "y.png").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).isZero();
  }

  @Test
  void whatIsNotKnownIsFetchedAndJudged() throws Exception {
    kept.files.put("input/x.png", PNG + "fine");
    kept.files.put("output/folder/y z.png", PNG + "all red here");
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.decisions(Stage.INPUT_IMAGE).getFirst().imageHashes()).hasSize(1);
    RawClient.Answer red = kept.make("a", "a house", "x.png", "folder/y z.png [output]");
    assertThat(red.status()).isEqualTo(400);
    assertThat(red.text()).contains("content_policy_violation");
    assertThat(kept.asked("/make")).isEqualTo(1);
    assertThat(kept.asked("/view?type=output&subfolder=folder&filename=y%20z.png")).isEqualTo(1);
  }

  /** Somebody may have changed it since, around the gateway. */
  @Test
  void whatWasFetchedIsFetchedEachTime() throws Exception {
    kept.files.put("output/x.png", PNG + "fine");
    assertThat(kept.make("a", "a house", "x.png [output]").status()).isEqualTo(200);
    kept.files.put("output/x.png", PNG + "red");
    assertThat(kept.make("a", "a house", "x.png [output]").status()).isEqualTo(400);
  }

  @Test
  void theClientsOwnCredentialsGoAlongWithAFetchAndNothingOfItsBody() throws Exception {
    kept.files.put("input/x.png", PNG + "fine");
    String json = "{\"prompt\":\"a\",\"image\":\"x.png\"}";
    kept.gateway.ask(
        "POST /make HTTP/1.1\r\nHost: g\r\nX-Key: a\r\nComfy-User: me\r\nRange: bytes=0-1\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
    var asked = kept.gateway.upstream.received().getFirst();
    assertThat(asked.line()).isEqualTo("GET /view?type=input&subfolder=&filename=x.png HTTP/1.1");
    assertThat(asked.header("comfy-user")).containsExactly("me");
    assertThat(asked.header("accept-encoding")).containsExactly("identity");
    assertThat(asked.head().toLowerCase())
        .doesNotContain("x-key", "content-", "range:", "transfer-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone.png",
        "../x.png",
        "/etc/x.png",
        "x.png [other]",
        "a\\\\\\\\b.png",
        "blake3:00",
        ""
      })
  void whatCannotBeHadIsUnknown(String name) throws Exception {
    assertThat(kept.unknown(kept.make("a", "a house", name))).isTrue();
    assertThat(kept.asked("/make")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "200 X, text/html, 400, request",
    "200 X, video/mp4, 400, request",
    "200 X, image/svg+xml, 400, request",
    "302 X, image/png, 502, reply",
    "500 X, image/png, 502, reply"
  })
  void aFileThatIsNoPictureIsNotUsed(String status, String type, int answered, String side)
      throws Exception {
    kept.gateway.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 "
                    + status
                    + "\r\nContent-Type: "
                    + type
                    + "\r\nContent-Length: 4\r\n\r\nfine"));
    RawClient.Answer answer = kept.make("a", "a house", "x.png");
    assertThat(answer.status()).isEqualTo(answered);
    assertThat(kept.gateway.counted("reason=\"" + side + "_not_judged\"} 1")).isTrue();
    assertThat(kept.asked("/make")).isZero();
  }

  @Test
  void aFileBelongsToWhoeverUploadedIt() throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    assertThat(kept.unknown(kept.make("b", "a house", "x.png"))).isTrue();
    assertThat(kept.unknown(kept.make("b", "a house", "x.png [input]"))).isTrue();
    assertThat(kept.unknown(kept.view("b", "filename=x.png&type=input"))).isTrue();
    assertThat(kept.unknown(kept.view("b", "filename=x%2Epng&type=input"))).isTrue();
    assertThat(kept.unknown(kept.mask("b", "m.png", "x.png"))).isTrue();
    assertThat(kept.asked("/view") + kept.asked("/make") + kept.asked("/upload/mask")).isZero();
    assertThat(kept.view("a", "filename=x.png&type=input").status()).isEqualTo(200);
    assertThat(kept.upload("b", "x.png", PNG + "fine").status())
        .as("the same bytes")
        .isEqualTo(200);
    assertThat(kept.make("b", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
  }

  @Test
  void whoeverUploadsOtherBytesTakesTheName() throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    kept.upload("b", "x.png", PNG + "other", field("overwrite", "true"));
    assertThat(kept.make("b", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.unknown(kept.make("a", "a house", "x.png"))).isTrue();
  }

  /** The file may be another one by now, and what was said of the first is no more true. */
  @Test
  void anUploadThatBreaksOffLeavesItsNameInDoubt() throws Exception {
    restart(JOINT);
    kept.upload("a", "x.png", PNG + "fine");
    var serving = kept.gateway.upstream;
    serving.script(
        (request, connection) -> {
          kept.files.put("input/x.png", PNG + "red");
          connection.cut();
        });
    assertThat(kept.upload("a", "x.png", PNG + "red").status()).isEqualTo(502);
    kept.serveAgain();
    assertThat(kept.make("a", "a bicycle", "x.png").status()).isEqualTo(400);
    assertThat(kept.asked("/view")).isEqualTo(1);
    assertThat(kept.unknown(kept.make("b", "a house", "x.png")))
        .as("it stays whose it is")
        .isTrue();
    kept.files.put("input/x.png", PNG + "fine");
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.asked("/view"))
        .as("known again, once it was seen to be as before")
        .isEqualTo(2);
  }

  /** On some servers they are one file. */
  @Test
  void aNameThatDiffersInCaseOnlyPutsTheFirstInDoubt() throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    kept.upload("a", "X.PNG", PNG + "fine too");
    assertThat(kept.make("a", "a house", "X.PNG").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).isZero();
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).isEqualTo(1);
  }

  @Test
  void anotherPolicyLooksAnew() throws Exception {
    kept.gateway.swap(BLIND);
    assertThat(kept.upload("a", "x.png", PNG + "red").status()).isEqualTo(200);
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).as("nobody looks at images").isZero();
    kept.gateway.swap(ProxyHarness.POLICY);
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(400);
    assertThat(kept.asked("/view")).isEqualTo(1);
  }

  @Test
  void theSameFileNamedTwiceIsFetchedOnce() throws Exception {
    kept.files.put("input/x.png", PNG + "fine");
    assertThat(kept.make("a", "a house", "x.png", "x.png [input]").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).isEqualTo(1);
  }

  @Test
  void aMasksCompositeIsJudgedBeforeItsReplyGoesOn() throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    kept.composite = PNG + "all red here";
    RawClient.Answer answer = kept.mask("a", "m.png", "x.png");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("content_policy_violation").doesNotContain("m.png");
    assertThat(kept.asked("/view?type=input&subfolder=clipspace&filename=m.png")).isEqualTo(1);
    assertThat(kept.make("a", "a house", "clipspace/m.png").status()).isEqualTo(400);
    assertThat(kept.asked("/view?type=input&subfolder=clipspace&filename=m.png"))
        .as("it is not remembered as judged")
        .isEqualTo(2);
  }

  @Test
  void anAllowedCompositeIsKnownByWhatWasSaidOfIt() throws Exception {
    restart(JOINT);
    kept.upload("a", "x.png", PNG + "fine");
    kept.composite = PNG + "red";
    assertThat(kept.mask("a", "m.png", "x.png").status()).isEqualTo(200);
    assertThat(kept.make("a", "a house", "clipspace/m.png [input]").status()).isEqualTo(200);
    assertThat(kept.make("a", "a bicycle", "clipspace/m.png [input]").status()).isEqualTo(400);
    assertThat(kept.asked("/view")).isEqualTo(1);
    assertThat(kept.unknown(kept.make("b", "a house", "clipspace/m.png"))).isTrue();
  }

  @Test
  void aCompositeThatCannotBeSeenIsNotAnswered() throws Exception {
    kept.gateway.upstream.script(
        (request, connection) ->
            connection.json("{\"name\":\"gone.png\",\"subfolder\":\"\",\"type\":\"input\"}"));
    RawClient.Answer json = kept.mask("a", "m.png", "x.png");
    assertThat(json.status()).isEqualTo(502);
    kept.gateway.upstream.script((request, connection) -> connection.json("{\"ok\":true}"));
    RawClient.Answer nameless = kept.mask("a", "m.png", "x.png");
    assertThat(nameless.status()).isEqualTo(502);
    assertThat(kept.gateway.counted("reason=\"reply_missing_field\"} 1")).isTrue();
  }

  /** Each row is another picture of one file: {@code rgb} shows what alpha hid. */
  @Test
  void eachChannelOfAViewIsJudgedAsItLeaves() throws Exception {
    kept.files.put("output/x.png", PNG + "fine");
    kept.files.put("output/x.png#rgb", PNG + "all red here");
    assertThat(kept.view("a", "filename=x.png").status()).isEqualTo(200);
    RawClient.Answer answer = kept.view("a", "filename=x.png&channel=rgb&type=output");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("\"error\"").doesNotContain("red");
    assertThat(kept.view("a", "filename=x.png&preview=webp;90&rand=0.5").status()).isEqualTo(200);
    assertThat(kept.decisions(Stage.OUTPUT_IMAGE)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filename=x.png%20%5Binput%5D",
        "filename=a/x.png",
        "filename=a%2Fx.png",
        "filename=..%2Fx.png",
        "filename=blake3:00",
        "filename=x.png&subfolder=../input",
        "filename=x.png&subfolder=a%5Cb",
        "filename=x.png&type=models",
        "filename=x.png&channel=hidden",
        "filename=x.png&other=1",
        "filename=x.png&filename=y.png",
        "type=input",
        ""
      })
  void aViewOfSeveralReadingsIsRefused(String query) throws Exception {
    assertThat(kept.view("a", query).status()).isEqualTo(400);
    assertThat(kept.gateway.upstream.received()).isEmpty();
  }

  @Test
  void aViewThatLeadsElsewhereIsRefused() throws Exception {
    kept.gateway.upstream.script(
        (request, connection) ->
            connection.write(
                "HTTP/1.1 302 X\r\nLocation: https://cdn.example/x\r\nContent-Length: 0\r\n\r\n"));
    assertThat(kept.view("a", "filename=x.png").status()).isEqualTo(502);
    assertThat(kept.gateway.counted("reason=\"reply_not_judged\"} 1")).isTrue();
  }

  @Test
  void aGraphNamesFiles() throws Exception {
    kept.upload("a", "x.png", PNG + "fine");
    kept.files.put("output/y.png", PNG + "all red here");
    assertThat(graph("a", "x.png").status()).isEqualTo(200);
    assertThat(kept.asked("/view")).isZero();
    assertThat(kept.unknown(graph("b", "x.png [input]"))).isTrue();
    assertThat(graph("a", "y.png [output]").status()).isEqualTo(400);
    assertThat(kept.asked("/prompt")).isEqualTo(1);
  }

  private RawClient.Answer graph(String key, String name) throws Exception {
    String json =
        "{\"prompt\":{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\""
            + name
            + "\"}}}}";
    return kept.gateway.ask(
        "POST /prompt HTTP/1.1\r\nHost: g\r\nX-Key: "
            + key
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  @Test
  void anErrorOfTheServicePassesAndNothingIsRemembered() throws Exception {
    kept.gateway.upstream.script(
        (request, connection) -> connection.reply(400, "text/plain", new byte[0]));
    assertThat(kept.upload("a", "x.png", PNG + "fine").status()).isEqualTo(400);
    kept.serveAgain();
    assertThat(kept.unknown(kept.make("a", "a house", "x.png"))).isTrue();
  }

  @Test
  void aReplyThatSaysTwoNamesIsNotRemembered() throws Exception {
    kept.gateway.upstream.script(
        (request, connection) ->
            connection.json(
                "{\"name\":\"x.png\",\"name\":\"y.png\",\"subfolder\":\"\",\"type\":\"input\"}"));
    assertThat(kept.upload("a", "x.png", PNG + "fine").status()).isEqualTo(200);
    kept.serveAgain();
    kept.files.put("input/x.png", PNG + "red");
    assertThat(kept.make("a", "a house", "x.png").status()).isEqualTo(400);
  }
}
