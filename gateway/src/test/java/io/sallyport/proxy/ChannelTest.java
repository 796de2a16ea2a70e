package io.sallyport.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, over sockets: ComfyUI's, message by message. */
class ChannelTest {
  private static final Owner ANYBODY = new Owner("anonymous", "");
  private static final int PNG = 2;
  private static final int JPEG = 1;

  /** A red image is refused when the prompt was of a bicycle, and passes otherwise. */
  private static final String JOINT =
      """
      policy: default
      detectors: [words, pictures]
      rules:
        - id: both
          stage: output_image
          category: stand-in
          when: {all: [{score: {stage: prompt, label: bicycle, at_least: 0.5}}, {score: {label: red, at_least: 0.5}}]}
          verdict: block
      """;

  @TempDir Path dir;
  private FakeComfy comfy;
  private ProxyHarness harness;

  @BeforeEach
  void comfy() throws Exception {
    comfy = new FakeComfy();
  }

  private void start(String more) throws Exception {
    start(more, ProxyHarness.POLICY);
  }

  private void start(String more, String policy) throws Exception {
    String upstream =
        "upstream: {url: \"http://127.0.0.1:%d\", dialect: comfyui, first_byte: 3s}\n"
            .formatted(comfy.port());
    harness = new ProxyHarness(dir, upstream + more, policy);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
    comfy.close();
  }

  private RawSocket open(String... headers) throws Exception {
    return RawSocket.open(harness.port, "/ws?clientId=c1", headers);
  }

  private void job(String id) {
    job(ANYBODY, id);
  }

  private void job(Owner owner, String id, Signal... signals) {
    Job job = new Job(List.of(signals), Optional.empty());
    assertThat(harness.path.jobs().claim(owner, id, job)).isTrue();
  }

  private boolean counted(String direction, String result, int count) throws Exception {
    return harness.counted(
        "sallyport_channel_messages_total{direction=\"%s\",result=\"%s\"} %d"
            .formatted(direction, result, count));
  }

  private boolean refused(String label, int count) throws Exception {
    return harness.counted("sallyport_refusals_total{reason=\"" + label + "\"} " + count);
  }

  private List<AuditEvent.Decided> outputs() {
    return harness.rows().stream()
        .map(row -> row.event())
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .filter(row -> row.decision().stage() == Stage.OUTPUT_IMAGE)
        .toList();
  }

  private static String json(String type, String job) {
    return "{\"type\":\"" + type + "\",\"data\":{\"prompt_id\":\"" + job + "\"}}";
  }

  @Test
  void textsWithoutContentPassByteForByteInOrder() throws Exception {
    start("");
    job("p1");
    String status = "{\"type\": \"status\",  \"data\": {\"x\": \"h\u00f6use \u2028\"}}";
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.text(status).about("execution_start", "p1").about("progress", "p1");
      RawSocket.Frame first = client.next();
      assertThat(first.opcode()).isEqualTo(RawSocket.TEXT);
      assertThat(first.last()).isTrue();
      assertThat(first.text()).isEqualTo(status);
      assertThat(client.next().text()).isEqualTo(json("execution_start", "p1"));
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
    }
    assertThat(counted("down", "passed", 3)).isTrue();
  }

  @Test
  void whatComesTogetherWithTheHandshakeIsNotLost() throws Exception {
    start("");
    comfy.atFirst(
        session -> {
          for (int i = 0; i < 100; i++) {
            session.text("{'type':'status','data':{'n':" + i + "}}");
          }
        });
    try (RawSocket client = open()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.next().text()).contains("\"n\":" + i + "}");
      }
    }
  }

  @Test
  void anImageIsJudgedRecordedAndPassesByteForByte() throws Exception {
    start("");
    job("p1");
    byte[] image = FakeComfy.image(1, PNG, "fine \u00e9\u00ff\u0000");
    try (RawSocket client = open()) {
      comfy.next().about("executing", "p1").binary(image);
      assertThat(client.next().opcode()).isEqualTo(RawSocket.TEXT);
      RawSocket.Frame frame = client.next();
      assertThat(frame.opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(frame.data()).isEqualTo(image);
    }
    assertThat(outputs())
        .singleElement()
        .matches(row -> row.coverage().imagesJudged() == 1)
        .matches(row -> row.decision().verdict() == Verdict.ALLOW);
    assertThat(counted("down", "judged", 1)).isTrue();
  }

  @Test
  void aForbiddenImageIsWithheldAndItsJobSaysWhy() throws Exception {
    start("");
    job("p1");
    job("p2");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, PNG, "red"))
          .binary(FakeComfy.image(1, PNG, "fine"))
          .about("execution_success", "p1")
          .text("{'type':'status','data':{}}")
          .about("executing", "p2")
          .binary(FakeComfy.image(1, PNG, "fine too"));
      assertThat(client.next().text()).isEqualTo(json("executing", "p1"));
      String told = client.next().text();
      assertThat(told)
          .startsWith("{\"type\":\"execution_error\",\"data\":{\"prompt_id\":\"p1\"")
          .contains("\"exception_type\":\"ContentPolicyViolation\"")
          .contains("\"traceback\":[]");
      assertThat(client.next().text()).contains("status");
      assertThat(client.next().text()).isEqualTo(json("executing", "p2"));
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "fine too"));
      AuditEvent.Decided blocked = outputs().getLast();
      assertThat(blocked.decision().verdict()).isEqualTo(Verdict.BLOCK);
      assertThat(told).contains(blocked.request().requestId());
    }
    assertThat(outputs()).hasSize(2);
    assertThat(counted("down", "refused", 3)).isTrue();
  }

  @Test
  void anImageIsJudgedInTheLightOfItsPrompt() throws Exception {
    start("", JOINT);
    job(ANYBODY, "p1", new Signal.Score("words", Stage.PROMPT, "bicycle", 1));
    job("p2");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, PNG, "red"))
          .about("executing", "p2")
          .binary(FakeComfy.image(1, PNG, "red"));
      client.next();
      assertThat(client.next().text()).contains("execution_error");
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "red"));
    }
  }

  @Test
  void previewsAreDroppedUnlessTheOperatorWantsThem() throws Exception {
    start("");
    job("p1");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, JPEG, "fine"))
          .binary(FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine"))
          .binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "fine"));
    }
    assertThat(counted("down", "dropped", 2)).isTrue();
    assertThat(outputs()).hasSize(1);
  }

  @Test
  void judgedPreviewsPassOneByOne() throws Exception {
    start("streams: {previews: judge}\n");
    job("p1");
    byte[] second = FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine too");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, JPEG, "fine")).binary(second);
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, JPEG, "fine"));
      assertThat(client.next().data()).isEqualTo(second);
      session.binary(FakeComfy.image(1, JPEG, "red"));
      assertThat(client.next().text()).contains("execution_error");
    }
    assertThat(outputs()).hasSize(3);
  }

  @Test
  void heldPreviewsWaitForTheirImageAndAreJudgedWithIt() throws Exception {
    start("streams: {previews: hold}\n");
    job("p1");
    job("p2");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session
          .about("executing", "p1")
          .binary(FakeComfy.image(1, JPEG, "fine"))
          .about("progress", "p1")
          .binary(FakeComfy.image(1, PNG, "final"));
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, JPEG, "fine"));
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "final"));
      assertThat(outputs()).singleElement().matches(row -> row.coverage().imagesJudged() == 2);
      session
          .binary(FakeComfy.image(1, JPEG, "red"))
          .about("progress", "p1")
          .about("execution_success", "p1");
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
      assertThat(client.next().text()).isEqualTo(json("execution_success", "p1"));
      session
          .about("executing", "p2")
          .binary(FakeComfy.image(1, JPEG, "red"))
          .binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().text()).contains("execution_error");
    }
    assertThat(outputs()).hasSize(2);
    assertThat(counted("down", "held", 6)).isTrue();
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void previewsThatAreTooManyToWaitAreDropped() throws Exception {
    start("streams: {previews: hold}\nlimits: {images: 2}\n");
    job("p1");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1");
      for (int i = 0; i < 3; i++) {
        session.binary(FakeComfy.image(1, JPEG, "fine")).about("progress", "p1");
      }
      session.binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      for (int i = 0; i < 3; i++) {
        assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
      }
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "fine"));
    }
    assertThat(counted("down", "dropped", 3)).isTrue();
  }

  @Test
  void whatIsSomebodyElsesGoesNoFurther() throws Exception {
    start("");
    job("p1");
    job(new Owner("another", ""), "q1");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("progress_state", "q1")
          .binary(FakeComfy.image(1, PNG, "fine"))
          .text("{'type':'status','data':{'prompt_id':'q1'}}")
          .about("executed", "q1")
          .about("executing", "p1")
          .about("progress_state", "q1")
          .binary(FakeComfy.image(1, PNG, "of another"))
          .binary(FakeComfy.counted(3, "7", "a house"))
          .about("progress", "p1");
      assertThat(client.next().text()).isEqualTo(json("executing", "p1"));
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
    }
    assertThat(counted("down", "foreign", 7)).isTrue();
    assertThat(outputs()).isEmpty();
  }

  @Test
  void anImageThatNamesAnotherJobIsOfThatOne() throws Exception {
    start("streams: {previews: judge}\n");
    job("p1");
    job(new Owner("another", ""), "q1");
    byte[] another = FakeComfy.counted(4, "{\"prompt_id\":\"q1\"}", "fine");
    byte[] mine = FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine");
    try (RawSocket client = open()) {
      comfy.next().about("executing", "p1").binary(another).binary(mine);
      client.next();
      assertThat(client.next().data()).isEqualTo(mine);
    }
    assertThat(counted("down", "foreign", 1)).isTrue();
  }

  @Test
  void afterItsEndNothingIsOfAJob() throws Exception {
    start("");
    job("p1");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      for (String end :
          List.of(
              "{'type':'executing','data':{'prompt_id':'p1','node':null}}",
              "{'type':'execution_success','data':{'prompt_id':'p1'}}",
              "{'type':'execution_interrupted','data':{'prompt_id':'p1'}}")) {
        session.text(end).binary(FakeComfy.image(1, PNG, "fine"));
        assertThat(client.next().text()).isEqualTo(end.replace('\'', '"'));
      }
      session.about("progress", "p1");
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
    }
    assertThat(counted("down", "foreign", 3)).isTrue();
  }

  /** The channel may tell of a job before the answer that tells its id has come. */
  @Test
  void aJobThatIsNewIsWaitedFor() throws Exception {
    start("");
    try (RawSocket client = open()) {
      comfy.next().about("execution_start", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      job("p1");
      assertThat(client.next().text()).isEqualTo(json("execution_start", "p1"));
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
    }
  }

  @Test
  void aJobThatNobodyKnowsIsForeignAfterAMoment() throws Exception {
    start("");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("execution_start", "p1")
          .binary(FakeComfy.image(1, PNG, "fine"))
          .about("progress", "p1")
          .text("{'type':'status','data':{}}");
      assertThat(client.next().text()).contains("status");
    }
    assertThat(counted("down", "foreign", 3)).isTrue();
  }

  @Test
  void whatIsOfNoKnownKindIsDropped() throws Exception {
    start("");
    job("p1");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("executing", "p1")
          .text("{'type':'logs','data':{'prompt_id':'p1'}}")
          .text("{'type':'status','type':'logs'}")
          .text("no json")
          .text("{'data':{}}")
          .binary(new byte[] {0, 0})
          .binary(FakeComfy.image(2, PNG, "fine"))
          .binary(FakeComfy.image(99, PNG, "fine"))
          .about("progress", "p1");
      client.next();
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
    }
    assertThat(counted("down", "dropped", 7)).isTrue();
  }

  @Test
  void anImageInATextIsRefused() throws Exception {
    start("");
    job("p1");
    String base64 = "A".repeat(300);
    for (String bad :
        List.of(
            "{'type':'executed','data':{'prompt_id':'p1','output':{'x':'" + base64 + "'}}}",
            "{'type':'progress','data':{'prompt_id':'p1','x':'data:image/png;base64,AAAAAAAAAAAAAAAA'}}",
            "{'type':'executed','data':{'prompt_id':'p1','image':'https://a.example/b.png'}}")) {
      try (RawSocket client = open()) {
        comfy.next().text(bad);
        assertThat(client.next().text())
            .contains("execution_error")
            .contains("\"exception_type\":\"upstream_bad_reply\"");
      }
    }
    try (RawSocket client = open()) {
      comfy.next().about("executing", "p1").binary(FakeComfy.counted(3, "7", base64));
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"upstream_bad_reply\"");
    }
    assertThat(refused("reply_unclaimed_image", 4)).isTrue();
    assertThat(harness.rows().getFirst().body()).contains("reply_unclaimed_image");
  }

  @Test
  void aCheckThatFailsIsToldApartFromAVerdict() throws Exception {
    start("");
    job("p1");
    job("p2");
    try (RawSocket client = open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, PNG, "CRASH"))
          .about("executing", "p2")
          .binary(FakeComfy.image(1, PNG, "UNDECODABLE"));
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"check_unavailable\"");
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"upstream_bad_reply\"");
    }
    assertThat(refused("output_check_unavailable", 1)).isTrue();
    assertThat(refused("reply_image", 1)).isTrue();
  }

  @Test
  void withoutARecordNoImageLeaves() throws Exception {
    start("");
    job("p1");
    try (RawSocket client = open()) {
      harness.record.close();
      comfy.next().about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"record_unavailable\"");
    }
    assertThat(refused("record_unavailable", 1)).isTrue();
  }

  @Test
  void aMessageInManyFramesIsOne() throws Exception {
    start("");
    job("p1");
    byte[] image = FakeComfy.image(1, PNG, "fine ".repeat(100_000));
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1");
      int step = 40_000;
      for (int from = 0; from < image.length; from += step) {
        int to = Math.min(image.length, from + step);
        Buffer part = Buffer.buffer().appendBytes(image, from, to - from);
        boolean last = to == image.length;
        session
            .socket()
            .writeFrame(
                from == 0
                    ? WebSocketFrame.binaryFrame(part, last)
                    : WebSocketFrame.continuationFrame(part, last));
      }
      client.next();
      RawSocket.Frame frame = client.next();
      assertThat(frame.last()).isTrue();
      assertThat(frame.data()).isEqualTo(image);
    }
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void aMessageThatIsTooLargeClosesTheChannel() throws Exception {
    start("streams: {message: 64KiB}\n");
    job("p1");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1");
      client.next();
      session
          .socket()
          .writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[40_000]), false));
      session
          .socket()
          .writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[40_000]), true));
      assertThat(client.next().code()).isEqualTo(1011);
      assertThat(session.closed()).isEqualTo((short) 1009);
    }
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.binary(new byte[80_000]);
      assertThat(client.next().code()).isEqualTo(1011);
      assertThat(session.closed()).isEqualTo((short) 1009);
    }
    assertThat(refused("reply_too_large", 2)).isTrue();
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  /** A channel may be older than the policies, and keeps no old ones, nor their models, open. */
  @Test
  void whatIsInForceNowJudges() throws Exception {
    start("");
    job("p1");
    CountDownLatch left = new CountDownLatch(1);
    harness.swap(ProxyHarness.POLICY, left::countDown);
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
      harness.swap(ProxyHarness.POLICY.replace("verdict: block", "verdict: flag"), () -> {});
      assertThat(left.await(10, TimeUnit.SECONDS)).as("nobody holds the old rules").isTrue();
      session.binary(FakeComfy.image(1, PNG, "red"));
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "red"));
    }
    assertThat(outputs().getFirst().decision().verdict()).isEqualTo(Verdict.FLAG);
    assertThat(outputs()).extracting(row -> row.request().requestId()).doesNotHaveDuplicates();
  }

  @Test
  void ofTheClientsMessagesOnlyKnownOnesGoUp() throws Exception {
    start("");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      String flags = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";
      client
          .text("{\"type\":\"anything\",\"data\":{}}")
          .text("no json")
          .binary(new byte[] {0, 0, 0, 1})
          .text("{\"type\":\"feature_flags\",\"data\":{\"x\":\"" + "A".repeat(300) + "\"}}")
          .text(flags);
      assertThat(session.received()).isEqualTo(flags);
      assertThat(session.quiet()).isTrue();
    }
    assertThat(counted("up", "dropped", 4)).isTrue();
    assertThat(counted("up", "passed", 1)).isTrue();
  }

  @Test
  void theHandshakeGoesUpWithoutWhatIsTheGateways() throws Exception {
    start(
        "callers: {header: x-key, keys: [{name: one, key_sha256: %s}]}\n"
            .formatted("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"));
    try (RawSocket client =
        open(
            "X-Key: key",
            "Origin: http://ui.example",
            "Cookie: a=b",
            "Sec-WebSocket-Protocol: one, two",
            "Sec-WebSocket-Extensions: permessage-deflate")) {
      FakeComfy.Session session = comfy.next();
      assertThat(session.uri()).isEqualTo("/ws?clientId=c1");
      assertThat(session.header("origin")).isEqualTo("http://ui.example");
      assertThat(session.header("cookie")).isEqualTo("a=b");
      assertThat(session.header("x-request-id")).startsWith("req_");
      assertThat(session.header("host")).isEqualTo("127.0.0.1:" + comfy.port());
      for (String gone :
          List.of(
              "x-key", "sec-websocket-protocol", "sec-websocket-extensions", "accept-encoding")) {
        assertThat(session.header(gone)).as(gone).isNull();
      }
      client.close(1000);
    }
    try (RawSocket client = open("X-Key: key")) {
      assertThat(comfy.next().header("origin")).isNull();
      client.close(1000);
    }
  }

  @Test
  void aClientsNameBelongsToItsFirstOwner() throws Exception {
    start(
        """
        callers:
          header: x-key
          subject_header: x-user
          keys: [{name: one, key_sha256: 2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683}]
        """);
    try (RawSocket mine = open("X-Key: key", "X-User: u1");
        RawSocket again = open("X-Key: key", "X-User: u1")) {
      assertThat(comfy.next()).isNotNull();
      assertThat(comfy.next()).isNotNull();
      try (RawSocket other = new RawSocket(harness.port)) {
        String handshake = RawSocket.handshake("/ws?clientId=c1", "X-Key: key", "X-User: u2");
        assertThat(other.send(handshake).head()).startsWith("HTTP/1.1 404 ");
      }
      assertThat(comfy.waiting()).isZero();
      again.close(1000);
      mine.close(1000);
    }
    assertThat(refused("channel_unknown", 1)).isTrue();
  }

  @Test
  void aClientThatLeavesClosesTheUpstreams() throws Exception {
    start("");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      client.close(4001);
      assertThat(client.next().code()).isEqualTo(4001);
      assertThat(session.closed()).isEqualTo((short) 4001);
    }
    RawSocket client = open();
    FakeComfy.Session session = comfy.next();
    client.abort();
    assertThat(session.closed()).isEqualTo((short) 1001);
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
    assertThat(
            harness.counted(
                "sallyport_answers_total{outcome=\"closed\",route=\"ws\",status=\"101\"} 2"))
        .isTrue();
    Poll.until("connections are given back", () -> harness.path.connections() == 0);
    Poll.until("places are given back", () -> harness.path.inFlight() == 0);
  }

  /** Also while an image is being judged: nobody waits for it. */
  @Test
  void aClientThatLeavesInTheMiddleClosesTheUpstreams() throws Exception {
    start("");
    job("p1");
    RawSocket client = open();
    FakeComfy.Session session = comfy.next();
    session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "HANG"));
    client.next();
    assertThat(counted("down", "judged", 1)).isTrue();
    client.abort();
    assertThat(session.closed()).isEqualTo((short) 1001);
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void anUpstreamThatClosesClosesTheClients() throws Exception {
    start("");
    job("p1");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      session.socket().close((short) 4002, "bye");
      assertThat(client.next().text()).isEqualTo(json("executing", "p1"));
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(client.next().code()).isEqualTo(4002);
    }
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
  }

  @Test
  void drainingClosesBothEnds() throws Exception {
    start("");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      var drained = harness.path.drain(Duration.ofSeconds(30));
      assertThat(client.next().code()).isEqualTo(1001);
      client.close(1001);
      assertThat(session.closed()).isEqualTo((short) 1001);
      assertThat(drained.toCompletionStage().toCompletableFuture())
          .succeedsWithin(Duration.ofSeconds(25));
      try (RawSocket late = new RawSocket(harness.port)) {
        assertThat(late.send(RawSocket.handshake("/ws")).head()).startsWith("HTTP/1.1 503 ");
      }
    }
  }

  @Test
  void bothEndsAreAskedWhetherTheyAreThere() throws Exception {
    start("streams: {keepalive: 50ms}\n");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      assertThat(client.any().opcode()).isEqualTo(RawSocket.PING);
      client.frame(0x80 | RawSocket.PING, new byte[] {7});
      RawSocket.Frame frame = client.any();
      while (frame.opcode() == RawSocket.PING) {
        frame = client.any();
      }
      assertThat(frame.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(frame.data()).containsExactly(7);
      assertThat(session.socket().isClosed()).isFalse();
    }
  }

  @Test
  void aClientThatIsNotThereAnyMoreIsGivenUp() throws Exception {
    start("streams: {keepalive: 100ms}\nlimits: {idle: 1s}\n");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      assertThat(session.closed()).as("the client answers no ping").isEqualTo((short) 1001);
    }
  }

  /** Pongs wait for a client that does not read them, and must not be too many. */
  @Test
  void aClientThatOnlySendsPingsIsGivenUp() throws Exception {
    start("");
    byte[] ping = new byte[125];
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      int sent = 0;
      try {
        for (; sent < 1_000_000; sent++) {
          client.frame(0x80 | RawSocket.PING, ping);
        }
      } catch (IOException closed) {
        assertThat(sent).isPositive();
      }
      assertThat(sent).isLessThan(1_000_000);
      assertThat(session.closed()).isEqualTo((short) 1001);
      Poll.until("the connection is cut", () -> harness.path.connections() == 0);
    }
  }

  /** The upstream waits while a client reads nothing, which is given up in the end. */
  @Test
  void aClientThatReadsNothingStopsTheUpstream() throws Exception {
    start("limits: {idle: 1s}\n");
    job("p1");
    try (RawSocket client = open()) {
      FakeComfy.Session session = comfy.next();
      String text =
          "{'type':'progress','data':{'prompt_id':'p1','x':'" + "a b ".repeat(4_000) + "'}}";
      long written = 0;
      while (session.open() && written < 400L << 20) {
        if (session.hasRoom()) {
          session.text(text);
          written += text.length();
        }
      }
      assertThat(written).as("bytes that the gateway took").isLessThan(64L << 20);
      Poll.until("the connection is cut", () -> harness.path.connections() == 0);
    }
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
    assertThat(harness.counted("sallyport_channels_open 0")).isTrue();
  }
}
