package io.sallyport.proxy;

import static io.sallyport.proxy.ChannelHarness.JPEG;
import static io.sallyport.proxy.ChannelHarness.PNG;
import static io.sallyport.proxy.ChannelHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.FakeComfy;
import io.sallyport.testing.RawSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, over sockets: what of ComfyUI's messages goes on, and what does not. */
class ChannelTest {
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
  private ChannelHarness on;
  private FakeComfy comfy;
  private ProxyHarness harness;

  private void start(String more) throws Exception {
    start(more, ProxyHarness.POLICY);
  }

  private void start(String more, String policy) throws Exception {
    on = new ChannelHarness(dir, more, policy);
    comfy = on.comfy;
    harness = on.gateway;
  }

  @AfterEach
  void stop() throws Exception {
    on.close();
  }

  @Test
  void textsWithoutContentPassByteForByteInOrder() throws Exception {
    start("");
    on.job("p1");
    String status = "{\"type\": \"status\",  \"data\": {\"x\": \"h\u00f6use \u2028\"}}";
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.text(status).about("execution_start", "p1").about("progress", "p1");
      RawSocket.Frame first = client.next();
      assertThat(first.opcode()).isEqualTo(RawSocket.TEXT);
      assertThat(first.last()).isTrue();
      assertThat(first.text()).isEqualTo(status);
      assertThat(client.next().text()).isEqualTo(json("execution_start", "p1"));
      assertThat(client.next().text()).isEqualTo(json("progress", "p1"));
    }
    assertThat(on.counted("down", "passed", 3)).isTrue();
  }

  @Test
  void anImageIsJudgedRecordedAndPassesByteForByte() throws Exception {
    start("");
    on.job("p1");
    byte[] image = FakeComfy.image(1, PNG, "fine \u00e9\u00ff\u0000");
    try (RawSocket client = on.open()) {
      comfy.next().about("executing", "p1").binary(image);
      assertThat(client.next().opcode()).isEqualTo(RawSocket.TEXT);
      RawSocket.Frame frame = client.next();
      assertThat(frame.opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(frame.data()).isEqualTo(image);
    }
    assertThat(on.outputs())
        .singleElement()
        .matches(row -> row.coverage().imagesJudged() == 1)
        .matches(row -> row.decision().verdict() == Verdict.ALLOW);
    assertThat(on.counted("down", "judged", 1)).isTrue();
  }

  @Test
  void aForbiddenImageIsWithheldAndItsJobSaysWhy() throws Exception {
    start("");
    on.job("p1");
    on.job("p2");
    try (RawSocket client = on.open()) {
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
      AuditEvent.Decided blocked = on.outputs().getLast();
      assertThat(blocked.decision().verdict()).isEqualTo(Verdict.BLOCK);
      assertThat(told).contains(blocked.request().requestId());
    }
    assertThat(on.outputs()).hasSize(2);
    assertThat(on.counted("down", "refused", 3)).isTrue();
  }

  @Test
  void anImageIsJudgedInTheLightOfItsPrompt() throws Exception {
    start("", JOINT);
    on.job(ChannelHarness.ANYBODY, "p1", new Signal.Score("words", Stage.PROMPT, "bicycle", 1));
    on.job("p2");
    try (RawSocket client = on.open()) {
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
    on.job("p1");
    try (RawSocket client = on.open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, JPEG, "fine"))
          .binary(FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine"))
          .binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "fine"));
    }
    assertThat(on.counted("down", "dropped", 2)).isTrue();
    assertThat(on.outputs()).hasSize(1);
  }

  @Test
  void judgedPreviewsPassOneByOne() throws Exception {
    start("streams: {previews: judge}\n");
    on.job("p1");
    byte[] second = FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine too");
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, JPEG, "fine")).binary(second);
      client.next();
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, JPEG, "fine"));
      assertThat(client.next().data()).isEqualTo(second);
      session.binary(FakeComfy.image(1, JPEG, "red"));
      assertThat(client.next().text()).contains("execution_error");
    }
    assertThat(on.outputs()).hasSize(3);
  }

  @Test
  void heldPreviewsWaitForTheirImageAndAreJudgedWithIt() throws Exception {
    start("streams: {previews: hold}\n");
    on.job("p1");
    on.job("p2");
    try (RawSocket client = on.open()) {
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
      assertThat(on.outputs()).singleElement().matches(row -> row.coverage().imagesJudged() == 2);
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
    assertThat(on.outputs()).hasSize(2);
    assertThat(on.counted("down", "held", 6)).isTrue();
    Poll.until("memory is given back", () -> harness.path.bufferedBytes() == 0);
  }

  @Test
  void previewsThatAreTooManyToWaitAreDropped() throws Exception {
    start("streams: {previews: hold}\nlimits: {images: 2}\n");
    on.job("p1");
    try (RawSocket client = on.open()) {
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
    assertThat(on.counted("down", "dropped", 3)).isTrue();
  }

  @Test
  void whatWaitsForAnImageOfOneJobDoesNotWaitForAnothers() throws Exception {
    start("streams: {previews: hold}\n");
    on.job("p1");
    on.job("p2");
    try (RawSocket client = on.open()) {
      comfy
          .next()
          .about("executing", "p1")
          .binary(FakeComfy.image(1, JPEG, "fine"))
          .about("executing", "p2")
          .binary(FakeComfy.image(1, PNG, "fine too"));
      client.next();
      assertThat(client.next().text()).isEqualTo(json("executing", "p2"));
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "fine too"));
    }
    assertThat(on.counted("down", "dropped", 1)).isTrue();
  }

  @Test
  void whatIsSomebodyElsesGoesNoFurther() throws Exception {
    start("");
    on.job("p1");
    on.job(new Owner("another", ""), "q1");
    try (RawSocket client = on.open()) {
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
    assertThat(on.counted("down", "foreign", 7)).isTrue();
    assertThat(on.outputs()).isEmpty();
  }

  @Test
  void anImageThatNamesAnotherJobIsOfThatOne() throws Exception {
    start("streams: {previews: judge}\n");
    on.job("p1");
    on.job(new Owner("another", ""), "q1");
    byte[] another = FakeComfy.counted(4, "{\"prompt_id\":\"q1\"}", "fine");
    byte[] mine = FakeComfy.counted(4, "{\"prompt_id\":\"p1\"}", "fine");
    try (RawSocket client = on.open()) {
      comfy.next().about("executing", "p1").binary(another).binary(mine);
      client.next();
      assertThat(client.next().data()).isEqualTo(mine);
    }
    assertThat(on.counted("down", "foreign", 1)).isTrue();
  }

  @Test
  void afterItsEndNothingIsOfAJob() throws Exception {
    start("");
    on.job("p1");
    try (RawSocket client = on.open()) {
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
    assertThat(on.counted("down", "foreign", 3)).isTrue();
  }

  /** The channel may tell of a job before the answer that tells its id has come. */
  @Test
  void aJobThatIsNewIsWaitedFor() throws Exception {
    start("");
    try (RawSocket client = on.open()) {
      comfy.next().about("execution_start", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      on.job("p1");
      assertThat(client.next().text()).isEqualTo(json("execution_start", "p1"));
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
    }
  }

  @Test
  void aJobThatNobodyKnowsIsForeignAfterAMoment() throws Exception {
    start("");
    try (RawSocket client = on.open()) {
      comfy
          .next()
          .about("execution_start", "p1")
          .binary(FakeComfy.image(1, PNG, "fine"))
          .about("progress", "p1")
          .text("{'type':'status','data':{}}");
      assertThat(client.next().text()).contains("status");
    }
    assertThat(on.counted("down", "foreign", 3)).isTrue();
  }

  @Test
  void whatIsOfNoKnownKindIsDropped() throws Exception {
    start("");
    on.job("p1");
    try (RawSocket client = on.open()) {
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
    assertThat(on.counted("down", "dropped", 7)).isTrue();
  }

  @Test
  void anImageInATextIsRefused() throws Exception {
    start("");
    on.job("p1");
    String base64 = "A".repeat(300);
    for (String bad :
        List.of(
            "{'type':'executed','data':{'prompt_id':'p1','output':{'x':'" + base64 + "'}}}",
            "{'type':'progress','data':{'prompt_id':'p1','x':'data:image/png;base64,AAAAAAAAAAAAAAAA'}}",
            "{'type':'executed','data':{'prompt_id':'p1','image':'https://a.example/b.png'}}")) {
      try (RawSocket client = on.open()) {
        comfy.next().text(bad);
        assertThat(client.next().text())
            .contains("execution_error")
            .contains("\"exception_type\":\"upstream_bad_reply\"");
      }
    }
    try (RawSocket client = on.open()) {
      comfy.next().about("executing", "p1").binary(FakeComfy.counted(3, "7", base64));
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"upstream_bad_reply\"");
    }
    assertThat(on.refused("reply_unclaimed_image", 4)).isTrue();
    assertThat(harness.rows().getFirst().body()).contains("reply_unclaimed_image");
  }

  @Test
  void aCheckThatFailsIsToldApartFromAVerdict() throws Exception {
    start("");
    on.job("p1");
    on.job("p2");
    try (RawSocket client = on.open()) {
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
    assertThat(on.refused("output_check_unavailable", 1)).isTrue();
    assertThat(on.refused("reply_image", 1)).isTrue();
  }

  @Test
  void withoutARecordNoImageLeaves() throws Exception {
    start("");
    on.job("p1");
    try (RawSocket client = on.open()) {
      harness.record.close();
      comfy.next().about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().text()).contains("\"exception_type\":\"record_unavailable\"");
    }
    assertThat(on.refused("record_unavailable", 1)).isTrue();
  }

  /** A channel may be older than the policies, and keeps no old ones, nor their models, open. */
  @Test
  void whatIsInForceNowJudges() throws Exception {
    start("");
    on.job("p1");
    CountDownLatch left = new CountDownLatch(1);
    harness.swap(ProxyHarness.POLICY, left::countDown);
    try (RawSocket client = on.open()) {
      FakeComfy.Session session = comfy.next();
      session.about("executing", "p1").binary(FakeComfy.image(1, PNG, "fine"));
      client.next();
      assertThat(client.next().opcode()).isEqualTo(RawSocket.BINARY);
      harness.swap(ProxyHarness.POLICY.replace("verdict: block", "verdict: flag"), () -> {});
      assertThat(left.await(10, TimeUnit.SECONDS)).as("nobody holds the old rules").isTrue();
      session.binary(FakeComfy.image(1, PNG, "red"));
      assertThat(client.next().data()).isEqualTo(FakeComfy.image(1, PNG, "red"));
    }
    assertThat(on.outputs().getFirst().decision().verdict()).isEqualTo(Verdict.FLAG);
    assertThat(on.outputs()).extracting(row -> row.request().requestId()).doesNotHaveDuplicates();
  }
}
