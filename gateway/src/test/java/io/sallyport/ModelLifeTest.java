package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.testing.ModelVersions;
import io.sallyport.yaml.InvalidFileException;
import io.sallyport.yaml.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Versions of models come, are tried, serve, and go back, by the admin port and by their folder.
 */
class ModelLifeTest {
  private static final String MARKS = ModelVersions.MARKS;

  @TempDir Path dir;
  private ModelLifeHarness harness;
  private String first;

  @BeforeEach
  void layOut() throws Exception {
    harness = new ModelLifeHarness(dir);
    ModelVersions.words(harness.words("v1"), 0.125);
    first = ModelVersions.marks(harness.marks("v1"), 0.25);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  /** A version that is copied in while the gateway runs is there, and judges nothing. */
  private String second() throws IOException {
    return ModelVersions.marks(harness.marks("v2"), 0.5);
  }

  private String active() throws IOException {
    return Files.readString(harness.marks("active")).strip();
  }

  @Test
  void anActivatedVersionServesAndIsTold() throws Exception {
    harness.start(false, "");
    String second = second();
    assertThat(harness.mark()).isEqualTo(0.25);

    Answer answer = harness.activate(MARKS, second.substring(0, 12));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().get("digest").asString()).isEqualTo(second);
    assertThat(answer.json().get("previous").asString()).isEqualTo(first);
    assertThat(harness.mark()).isEqualTo(0.5);
    assertThat(harness.inForce()).containsEntry(MARKS, second);
    assertThat(active()).isEqualTo(second);
    AuditEvent.Lifecycle event = harness.gateway.lifecycle("model_activated").getLast();
    assertThat(event.details())
        .containsEntry("model", MARKS)
        .containsEntry("digest", second)
        .containsEntry("previous", first)
        .containsEntry("by", "api")
        .containsKey("detector.image-mark");
    assertThat(harness.gateway.metrics())
        .contains("sallyport_model_info{digest=\"" + second + "\",model=\"marks\"} 1")
        .doesNotContain("digest=\"" + first);
    assertThat(harness.gateway.get(harness.gateway.adminUrl() + "/health/ready").text())
        .contains(second);
  }

  @Test
  void theListTellsEveryVersionWithItsState() throws Exception {
    String second = second();
    String third = ModelVersions.marks(harness.marks("v3"), 0.75);
    Files.createDirectories(harness.marks("v4"));
    Files.writeString(harness.marks("v4").resolve("model.yaml"), "model: [");
    harness.files.write("models/marks/active", first);
    harness.start(false, "");
    harness.activate(MARKS, second);

    var models = harness.gateway.get(harness.gateway.adminUrl() + "/api/v1/models").json();

    List<String> told = new ArrayList<>();
    models
        .get("models")
        .get(0)
        .get("versions")
        .forEach(it -> told.add(it.get("state").asString() + " " + it.get("digest").asString()));
    assertThat(models.get("models").get(0).get("model").asString()).isEqualTo(MARKS);
    assertThat(models.get("models").get(0).get("detectors").get(0).asString())
        .isEqualTo("image-mark");
    assertThat(told)
        .containsExactly(
            "previous " + first, "active " + second, "available " + third, "unusable ");
    var versions = models.get("models").get(0).get("versions");
    assertThat(versions.get(0).get("labels").get(0).asString()).isEqualTo("mark");
    assertThat(versions.get(3).get("problems").get(0).asString()).contains("v4", "model.yaml");
  }

  @Test
  void goingBackTakesNoLoading() throws Exception {
    harness.start(false, "");
    String second = second();
    assertThat(harness.rollBack(MARKS).status()).isEqualTo(409);
    assertThat(harness.activate(MARKS, second).status()).isEqualTo(200);
    int loaded = harness.gateway.lifecycle("model_loaded").size();

    assertThat(harness.rollBack(MARKS).status()).isEqualTo(200);

    assertThat(harness.mark()).isEqualTo(0.25);
    assertThat(active()).isEqualTo(first);
    assertThat(harness.gateway.lifecycle("model_loaded")).hasSize(loaded);
    assertThat(harness.gateway.lifecycle("model_rolled_back"))
        .singleElement()
        .satisfies(event -> assertThat(event.details()).containsEntry("digest", first));
    assertThat(harness.gateway.metric("sallyport_model_changes_total", "rolled_back")).isEqualTo(1);
  }

  /** Somebody's half-edited policy must not stand between an operator and the old version. */
  @Test
  void goingBackDoesNotWaitForPoliciesThatCannotBeRead() throws Exception {
    harness.start(false, "");
    assertThat(harness.activate(MARKS, second()).status()).isEqualTo(200);
    harness.files.policy("default", "policy: [");

    assertThat(harness.rollBack(MARKS).status()).isEqualTo(200);
    assertThat(harness.mark()).isEqualTo(0.25);
  }

  @Test
  void anActivatedVersionStaysActiveAfterARestart() throws Exception {
    harness.start(false, "");
    String second = second();
    assertThat(harness.activate(MARKS, second).status()).isEqualTo(200);
    harness.gateway.close();

    harness.start(false, "");

    assertThat(harness.mark()).isEqualTo(0.5);
    assertThat(harness.gateway.lifecycle("model_activated").getLast().details())
        .containsEntry("by", "start");
    assertThat(harness.inForce()).containsEntry(MARKS, second);
  }

  /** What is wrong with a version that is brought. */
  private enum Bad {
    UNKNOWN_KEY("deadline: 60s", "hurry: 60s", ":8: "),
    WRONG_DIGEST("model.onnx: ", "model.onnx: 0000", ":5: "),
    FAILING_SELF_TEST("mark: 0.5", "mark: 0.6", ":10: self-test failed"),
    LABEL_THAT_A_POLICY_NAMES("[mark]", "[spot]", "default.yaml:"),
    ANOTHER_GRAPH("tensor: scores", "tensor: logits", "the graph has no output 'logits'");

    private final String right;
    private final String wrong;
    private final String told;

    Bad(String right, String wrong, String told) {
      this.right = right;
      this.wrong = wrong;
      this.told = told;
    }

    String spoil(Path folder) throws IOException {
      if (this == LABEL_THAT_A_POLICY_NAMES) {
        ModelVersions.edit(folder, "mark: 0.5", "spot: 0.5");
      }
      if (this == WRONG_DIGEST) {
        String card = Files.readString(folder.resolve("model.yaml"));
        String digest = card.substring(card.indexOf("onnx: ") + 6).substring(0, 64);
        return ModelVersions.edit(folder, digest, digest.replaceAll("[0-9]", "a"));
      }
      return ModelVersions.edit(folder, right, wrong);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadVersionIsRefusedAndTheOneInServiceStays(Bad bad) throws Exception {
    harness.start(false, "");
    second();
    String digest = bad.spoil(harness.marks("v2"));

    Answer answer = harness.activate(MARKS, digest);

    assertThat(answer.status()).isEqualTo(bad == Bad.UNKNOWN_KEY ? 404 : 422);
    assertThat(answer.json().get("problems").toString()).contains(bad.told);
    assertServesTheFirst();
    if (bad != Bad.UNKNOWN_KEY) {
      assertRefusalIsTold(digest, bad.told);
    }
  }

  @Test
  void aVersionWithoutItsGraphOrWithABrokenOneIsRefused() throws Exception {
    harness.start(false, "");
    String second = second();
    Files.write(harness.marks("v2").resolve("model.onnx"), new byte[10]);
    assertThat(harness.activate(MARKS, second).text()).contains(":5: ", "another SHA-256");
    Files.delete(harness.marks("v2").resolve("model.onnx"));
    assertThat(harness.activate(MARKS, second).text()).contains(":5: ", "is not there");
    assertServesTheFirst();
    assertRefusalIsTold(second, ":5: ");
  }

  @Test
  void aVersionOfAnotherKindIsRefused() throws Exception {
    harness.start(false, "");
    ModelVersions.words(harness.marks("v2"), 0.5);
    String digest = ModelVersions.edit(harness.marks("v2"), "model: words", "model: marks");

    assertThat(harness.activate(MARKS, digest).text()).contains("is of another kind");
    assertServesTheFirst();
  }

  private void assertServesTheFirst() throws Exception {
    assertThat(harness.mark()).isEqualTo(0.25);
    assertThat(harness.inForce()).containsEntry(MARKS, first);
    assertThat(harness.marks("active")).doesNotExist();
    Poll.until("what was refused is closed", () -> harness.sessions() == 2);
  }

  private void assertRefusalIsTold(String digest, String told) throws Exception {
    AuditEvent.Lifecycle event = harness.gateway.lifecycle("model_refused").getLast();
    assertThat(event.details()).containsEntry("model", MARKS).containsEntry("digest", digest);
    assertThat(event.details().get("first")).contains(told);
    assertThat(harness.gateway.metric("sallyport_model_changes_total", "refused")).isPositive();
  }

  @Test
  void aDigestThatNobodyHasIsNotFound() throws Exception {
    harness.start(false, "");
    assertThat(harness.activate(MARKS, "0".repeat(64)).status()).isEqualTo(404);
    assertThat(harness.activate("others", first).status()).isEqualTo(404);
    assertThat(harness.rollBack("others").status()).isEqualTo(404);
    assertThat(harness.activate(MARKS, first.substring(0, 11)).status()).isEqualTo(400);
    assertThat(harness.activate(MARKS, "..").status()).isEqualTo(404);
    assertThat(harness.activate(MARKS, first).status()).as("it runs already").isEqualTo(200);
    assertThat(harness.gateway.lifecycle("model_refused")).isEmpty();
  }

  /** As on every path that changes something: another site's page cannot send JSON unasked. */
  @Test
  void aChangeWantsAPostOfJson() throws Exception {
    harness.start(false, "");
    String url =
        harness.gateway.adminUrl() + "/api/v1/models/marks/versions/" + second() + ":activate";
    assertThat(harness.gateway.get(url).status()).isEqualTo(405);
    HttpRequest.Builder form =
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(harness.gateway.send(form).status()).isEqualTo(415);
    String list = harness.gateway.adminUrl() + "/api/v1/models";
    assertThat(harness.gateway.post(list, "{}").status()).isEqualTo(405);
    assertThat(harness.gateway.get(list + "/marks").status()).isEqualTo(404);
    assertThat(harness.mark()).isEqualTo(0.25);
  }

  @Test
  void aFolderThatCannotBeWrittenKeepsTheVersionBecauseARestartWouldForget() throws Exception {
    harness.start(false, "");
    String second = second();
    Files.createDirectories(harness.marks("active").resolve("in-the-way"));

    Answer answer = harness.activate(MARKS, second);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("'active' cannot be written");
    assertThat(harness.mark()).isEqualTo(0.25);
  }

  @Test
  void aVersionCopiedInBesideTheOnlyOneJudgesNothingNowAndAfterARestart() throws Exception {
    harness.start(true, "");
    second();
    Poll.until("the running version is written down", () -> Files.exists(harness.marks("active")));
    assertThat(active()).isEqualTo(first);
    assertThat(harness.mark()).isEqualTo(0.25);
    harness.gateway.close();
    harness.start(false, "");
    assertThat(harness.mark()).isEqualTo(0.25);
  }

  @Test
  void theFileInTheFolderActivatesToo() throws Exception {
    String second = second();
    harness.files.write("models/marks/active", first);
    harness.start(true, "");
    harness.files.write("models/marks/active", second.substring(0, 20));
    Poll.until("the second serves", () -> harness.mark() == 0.5);
    assertThat(harness.gateway.lifecycle("model_activated").getLast().details())
        .containsEntry("by", "files");
  }

  /** The layout of one version, replaced in place. */
  @Test
  void aFlatFolderThatIsReplacedIsLoadedOnceItIsWhole() throws Exception {
    for (String file : List.of("model.yaml", "model.onnx")) {
      Files.move(harness.marks("v1").resolve(file), harness.marks(file));
    }
    Files.delete(harness.marks("v1"));
    harness.start(true, "");
    assertThat(harness.mark()).isEqualTo(0.25);
    ModelVersions.marks(dir.resolve("next"), 0.5);
    Files.delete(harness.marks("model.yaml"));
    Files.move(dir.resolve("next/model.yaml"), harness.marks("model.yaml"));
    Poll.until(
        "a card without its graph is refused",
        () -> harness.gateway.metric("sallyport_model_changes_total", "refused") > 0);
    assertThat(harness.mark()).isEqualTo(0.25);

    Files.delete(harness.marks("model.onnx"));
    Files.move(dir.resolve("next/model.onnx"), harness.marks("model.onnx"));
    Poll.until("the second serves", () -> harness.mark() == 0.5);
  }

  @Test
  void aFolderThatIsHalfCopiedIsRefusedUntilItIsWhole() throws Exception {
    String second = second();
    Path graph = harness.marks("v2").resolve("model.onnx");
    byte[] whole = Files.readAllBytes(graph);
    Files.write(graph, java.util.Arrays.copyOf(whole, whole.length / 2));
    harness.files.write("models/marks/active", first);
    harness.start(true, "");

    harness.files.write("models/marks/active", second);
    Poll.until(
        "half a graph is refused", () -> !harness.gateway.lifecycle("model_refused").isEmpty());
    assertThat(harness.mark()).isEqualTo(0.25);
    assertRefusalIsTold(second, "another SHA-256");

    Files.write(graph, whole);
    Poll.until("the whole one serves", () -> harness.mark() == 0.5);
  }

  @Test
  void aFileThatNamesNoVersionChangesNothing() throws Exception {
    harness.files.write("models/marks/active", first);
    harness.start(true, "");
    harness.files.write("models/marks/active", "the newest please");
    Poll.until("it is refused", () -> !harness.gateway.lifecycle("model_refused").isEmpty());
    assertThat(harness.gateway.lifecycle("model_refused").getLast().details().get("first"))
        .contains("marks/active:1: expected a version's digest");
    harness.files.write("models/marks/active", "0".repeat(64));
    Poll.until("it is refused too", () -> harness.gateway.lifecycle("model_refused").size() > 1);
    assertThat(harness.mark()).isEqualTo(0.25);
  }

  /** A version without the label that a rule asks for does not keep a good policy out. */
  @Test
  void aRefusedVersionDoesNotKeepPoliciesOut() throws Exception {
    harness.files.write("models/marks/active", first);
    harness.start(false, "");
    second();
    String digest = Bad.LABEL_THAT_A_POLICY_NAMES.spoil(harness.marks("v2"));
    harness.files.write("models/marks/active", digest);
    harness.files.policy("default", ModelLifeHarness.POLICY.replace("0.9", "0.2"));

    Answer reload =
        harness.gateway.post(harness.gateway.adminUrl() + "/api/v1/policies:reload", "{}");

    assertThat(reload.status()).as(reload.text()).isEqualTo(200);
    assertThat(harness.gateway.generate(RealGateway.prompt("a house")).status()).isEqualTo(400);
    assertThat(harness.inForce()).containsEntry(MARKS, first);
    assertRefusalIsTold(digest, "default.yaml:");
  }

  /** The other way round: a policy that only the new version can serve comes with it. */
  @Test
  void aPolicyAndTheVersionThatItNeedsComeTogether() throws Exception {
    harness.files.write("models/marks/active", first);
    harness.start(false, "");
    second();
    String digest = Bad.LABEL_THAT_A_POLICY_NAMES.spoil(harness.marks("v2"));
    harness.files.write("models/marks/active", digest);
    harness.files.policy("default", ModelLifeHarness.POLICY.replace("label: mark", "label: spot"));

    Answer reload =
        harness.gateway.post(harness.gateway.adminUrl() + "/api/v1/policies:reload", "{}");

    assertThat(reload.status()).as(reload.text()).isEqualTo(200);
    assertThat(harness.scores()).containsEntry("spot", 0.5);
  }

  @Test
  void severalVersionsWithoutAWordOnWhichOneRunsStartNothing() throws Exception {
    second();
    List<Problem> problems =
        catchThrowableOfType(
                InvalidFileException.class,
                () -> RealGateway.start(harness.config(false, "")).close())
            .problems();
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("models/marks: holds several versions", first, "'active'");
    assertThat(Gateway.check(dir.resolve("sallyport.yaml")).list()).isEqualTo(problems);
  }
}
