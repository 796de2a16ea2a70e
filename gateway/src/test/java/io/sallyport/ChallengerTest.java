package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.audit.AuditFilter;
import io.sallyport.audit.AuditRow;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.ModelVersions;
import io.sallyport.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that is asked beside the one in force, and changes nothing. */
class ChallengerTest {
  @TempDir Path dir;
  private ModelLifeHarness harness;
  private String champion;

  @BeforeEach
  void layOut() throws Exception {
    harness = new ModelLifeHarness(dir);
    ModelVersions.words(harness.words("v1"), 0.125);
    champion = ModelVersions.marks(harness.marks("v1"), 0.25);
    harness.files.write("models/marks/active", champion);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private void start(String digest, double share) throws Exception {
    harness.start(false, ", challenger: {version: '%s', share: %s}".formatted(digest, share));
  }

  private List<AuditEvent.Challenged> challenged() {
    return harness.gateway.rows(new AuditFilter.OfKind(AuditEvent.Kind.CHALLENGED)).stream()
        .map(AuditRow::event)
        .map(AuditEvent.Challenged.class::cast)
        .toList();
  }

  private double counted(String metric, String labels) throws Exception {
    return harness.gateway.metric(metric, labels);
  }

  @Test
  void itsScoresAreRecordedBesideTheChampionsAndNeverJudged() throws Exception {
    String challenger = ModelVersions.marks(harness.marks("v2"), 0.95);
    start(challenger.substring(0, 12), 1);

    Answer answer = harness.gateway.generate(prompt("a house"));

    assertThat(answer.status()).as("the challenger would block").isEqualTo(200);
    Poll.until("the challenger is on record", () -> challenged().size() == 1);
    AuditEvent.Challenged event = challenged().getFirst();
    assertThat(event.request().requestId()).isEqualTo(answer.requestId());
    assertThat(event.stage()).isEqualTo(Stage.OUTPUT_IMAGE);
    assertThat(event.verdict()).isEqualTo(Verdict.BLOCK);
    assertThat(event.items())
        .containsExactly(
            List.of(new Signal.Score("image-mark", Stage.OUTPUT_IMAGE, "mark", (float) 0.95)));
    AuditEvent.Decided decided = harness.gateway.decisions(answer).getLast();
    assertThat(decided.detectors()).containsEntry("image-mark", event.champion());
    assertThat(event.challenger()).isNotEqualTo(event.champion());
    assertThat(decided.decision().evidence().own())
        .containsExactly(new Signal.Score("image-mark", Stage.OUTPUT_IMAGE, "mark", 0.25));
    assertThat(counted("sallyport_challenges_total", "result=\"ok\"")).isEqualTo(1);
    assertThat(counted("sallyport_challenger_verdicts_total", "stricter")).isEqualTo(1);
    assertThat(counted("sallyport_challenger_difference_sum", "mark"))
        .isCloseTo(0.7, org.assertj.core.api.Assertions.within(1e-6));
    assertThat(counted("sallyport_violations_total", "")).isZero();
    assertThat(harness.gateway.get(harness.gateway.adminUrl() + "/api/v1/models").text())
        .contains("\"challenger\"");
  }

  /** Every failure of it is counted, and nobody else notices. */
  @Test
  void itsFailuresAreCountedOnly() throws Exception {
    start(ModelVersions.marks(harness.marks("v2"), 0.5, 9), 1);

    assertThat(harness.mark()).as("scores beyond 1 for a white picture").isEqualTo(0.25);

    Poll.until(
        "it is counted", () -> counted("sallyport_challenges_total", "result=\"bad_output\"") == 1);
    assertThat(challenged()).isEmpty();
    assertThat(counted("sallyport_detection_seconds_count", "result=\"unavailable\"")).isZero();
  }

  @Test
  void itIsAskedAboutItsShareAndNoMore() throws Exception {
    String second = ModelVersions.marks(harness.marks("v2"), 0.5);
    start(second, 0.3);
    for (int i = 0; i < 60; i++) {
      assertThat(harness.gateway.generate(prompt("a house " + i)).status()).isEqualTo(200);
    }
    // On a busy machine some of them give way: they are counted, and have no scores.
    Poll.until(
        "those asked have answered",
        () ->
            asked() >= 3
                && challenged().size() == counted("sallyport_challenges_total", "result=\"ok\""));
    assertThat(asked()).isLessThanOrEqualTo(50);
  }

  private int asked() throws Exception {
    return (int) counted("sallyport_challenges_total", "");
  }

  /** What waits for challengers has limits.reply of memory; a larger text is not held for them. */
  @Test
  void whatItsMemoryHasNoRoomForIsSkippedAndCounted() throws Exception {
    harness.files.write("models/words/active", ModelVersions.words(harness.words("v1"), 0.125));
    String second = ModelVersions.words(harness.words("v2"), 0.5);
    Path config = harness.config(false, "");
    String challenger = "model: words, challenger: {version: '" + second + "', share: 1}}";
    Files.writeString(
        config,
        Files.readString(config).replace("model: words}", challenger) + "limits: {reply: 1KiB}\n");
    harness.gateway = RealGateway.start(config);

    String large = "a house ".repeat(100);
    assertThat(harness.gateway.generate(prompt(large)).status()).isEqualTo(200);
    Poll.until(
        "it is skipped", () -> counted("sallyport_challenges_total", "result=\"skipped\"") == 1);
    assertThat(challenged()).isEmpty();

    // Together they are more than there is room for. One that gives way has ended as well.
    for (int i = 1; i <= 40; i++) {
      String fits = "a house with a garden of its own " + i;
      assertThat(harness.gateway.generate(prompt(fits)).status()).isEqualTo(200);
      int ended = i + 1;
      Poll.until("its room is given back", () -> asked() == ended);
    }
    assertThat(counted("sallyport_challenges_total", "result=\"skipped\"")).isEqualTo(1);
  }

  @Test
  void onceItIsActivatedNobodyIsChallenged() throws Exception {
    String second = ModelVersions.marks(harness.marks("v2"), 0.5);
    start(second, 1);
    assertThat(harness.activate(ModelVersions.MARKS, second).status()).isEqualTo(200);
    assertThat(harness.mark()).isEqualTo(0.5);
    assertThat(harness.rollBack(ModelVersions.MARKS).status()).isEqualTo(200);
    assertThat(challenged()).isEmpty();

    assertThat(harness.mark()).isEqualTo(0.25);
    Poll.until("it challenges again", () -> challenged().size() == 1);
    assertThat(harness.sessions()).isEqualTo(3);
  }

  @Test
  void oneThatIsNotThereStartsNothing() throws Exception {
    InvalidFileException refused =
        catchThrowableOfType(InvalidFileException.class, () -> start("0".repeat(12), 1));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("sallyport.yaml:", "challenger: no version has the digest 000000000000");
  }

  @Test
  void onlyADetectorWithAModelCanHaveOne() throws Exception {
    Path config =
        harness.files.config(
            1,
            "detectors: {terms: {kind: lexicon, file: terms.yaml,"
                + " challenger: {version: '012345678901', share: 0.5, lane: 1}}}\n");
    assertThat(Gateway.check(config).list())
        .extracting(problem -> problem.message())
        .anyMatch(message -> message.contains("only a detector with a model"))
        .anyMatch(message -> message.contains("challenger.lane: unknown key"));
  }
}
