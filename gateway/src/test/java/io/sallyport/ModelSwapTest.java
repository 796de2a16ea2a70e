package io.sallyport;

import static io.sallyport.RealGateway.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.RealGateway.Answer;
import io.sallyport.audit.AuditEvent;
import io.sallyport.signal.Signal;
import io.sallyport.testing.ModelVersions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions are swapped while requests run: none fails, and none is judged by two at once. */
class ModelSwapTest {
  private static final int SWAPS = 200;

  @TempDir Path dir;
  private ModelLifeHarness harness;

  @BeforeEach
  void layOut() throws Exception {
    harness = new ModelLifeHarness(dir);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  /** A load that runs until it is told to stop; every answer is kept. */
  private final class Load {
    private final AtomicBoolean done = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<FutureTask<Void>> clients = new ArrayList<>();

    Load(int count) {
      for (int i = 0; i < count; i++) {
        FutureTask<Void> client = new FutureTask<>(this::ask);
        clients.add(client);
        Thread.ofPlatform().start(client);
      }
    }

    private Void ask() throws Exception {
      while (!done.get()) {
        answers.add(harness.gateway.generate(prompt("a house")));
      }
      return null;
    }

    ConcurrentLinkedQueue<Answer> stop() throws Exception {
      done.set(true);
      for (FutureTask<Void> client : clients) {
        client.get();
      }
      return answers;
    }
  }

  @Test
  void twoVersionsSwappedTwoHundredTimesUnderLoadGiveNoErrorAndNoMixedDigest() throws Exception {
    String[] words = {
      ModelVersions.words(harness.words("v1"), 0.25), ModelVersions.words(harness.words("v2"), 0.75)
    };
    String[] marks = {
      ModelVersions.marks(harness.marks("v1"), 0.25), ModelVersions.marks(harness.marks("v2"), 0.75)
    };
    harness.files.write("models/words/active", words[0]);
    harness.files.write("models/marks/active", marks[0]);
    harness.start(false, "");

    Load load = new Load(4);
    for (int i = 1; i <= SWAPS; i++) {
      boolean text = i % 2 == 1;
      int version = (i + 1) / 2 % 2;
      Answer swapped =
          text
              ? harness.activate(ModelVersions.WORDS, words[version])
              : harness.activate(ModelVersions.MARKS, marks[version]);
      assertThat(swapped.status()).as(swapped.text()).isEqualTo(200);
    }
    Set<Integer> statuses = new HashSet<>();
    load.stop().forEach(answer -> statuses.add(answer.status()));

    assertThat(statuses).containsExactly(200);
    assertThat(harness.gateway.metric("sallyport_model_changes_total", "")).isEqualTo(SWAPS + 2);
    assertThat(harness.sessions()).as("two models, each with the one before").isEqualTo(4);
    assertNothingMixed(Map.of(words[0], 0.25, words[1], 0.75, marks[0], 0.25, marks[1], 0.75));
  }

  /** With three, each swap closes the version before the one before, under the load. */
  @Test
  void versionsThatAreNotKeptAreClosedUnderLoadAndLoadedAgain() throws Exception {
    Map<String, Double> scores = new HashMap<>();
    List<String> marks = new ArrayList<>();
    for (double score : new double[] {0.25, 0.5, 0.75}) {
      marks.add(ModelVersions.marks(harness.marks("v" + marks.size()), score));
      scores.put(marks.getLast(), score);
    }
    scores.put(ModelVersions.words(harness.words("v1"), 0.125), 0.125);
    harness.files.write("models/marks/active", marks.getFirst());
    harness.start(false, "");

    Load load = new Load(4);
    for (int i = 1; i <= 45; i++) {
      Answer swapped = harness.activate(ModelVersions.MARKS, marks.get(i % 3));
      assertThat(swapped.status()).as(swapped.text()).isEqualTo(200);
      // Requests that began with the oldest still hold it for a while.
      Poll.until("what is not kept is closed", () -> harness.sessions() <= 3);
    }
    Set<Integer> statuses = new HashSet<>();
    load.stop().forEach(answer -> statuses.add(answer.status()));

    assertThat(statuses).containsExactly(200);
    assertThat(harness.gateway.lifecycle("model_loaded"))
        .as("loaded anew, for what is not kept is closed")
        .hasSizeGreaterThanOrEqualTo(45);
    Poll.until("one version and the one before are open", () -> harness.sessions() == 3);
    assertNothingMixed(scores);
  }

  /**
   * Each score on record is that of the version whose digest stands beside it, and every answer was
   * there in time.
   *
   * @param scores what the versions of both models score, by their digests
   */
  private void assertNothingMixed(Map<String, Double> scores) {
    Map<String, Double> byDetector = new HashMap<>();
    for (AuditEvent.Lifecycle event : activations()) {
      event
          .details()
          .forEach(
              (key, digest) -> {
                if (key.startsWith("detector.")) {
                  byDetector.put(
                      key.substring(9) + " " + digest, scores.get(event.details().get("digest")));
                }
              });
    }
    Map<String, Integer> met = new HashMap<>();
    for (AuditEvent.Decided decided : harness.decided()) {
      for (Signal signal : decided.decision().evidence().own()) {
        assertThat(signal).isInstanceOf(Signal.Score.class);
        String by = signal.detector() + " " + decided.detectors().get(signal.detector());
        assertThat(((Signal.Score) signal).value()).as(by).isEqualTo(byDetector.get(by));
        met.merge(by, 1, Integer::sum);
      }
    }
    assertThat(met.keySet()).as("versions that judged").isEqualTo(byDetector.keySet());
  }

  private List<AuditEvent.Lifecycle> activations() {
    List<AuditEvent.Lifecycle> all = new ArrayList<>();
    all.addAll(harness.gateway.lifecycle("model_activated"));
    all.addAll(harness.gateway.lifecycle("model_rolled_back"));
    return all;
  }

  /** The exchange began with the first version; two others come and go before its picture does. */
  @Test
  void anExchangeIsJudgedToItsEndByTheVersionsThatItBeganWith() throws Exception {
    ModelVersions.words(harness.words("v1"), 0.125);
    String first = ModelVersions.marks(harness.marks("v1"), 0.25);
    String second = ModelVersions.marks(harness.marks("v2"), 0.5);
    String third = ModelVersions.marks(harness.marks("v3"), 0.75);
    harness.files.write("models/marks/active", first);
    harness.start(false, "");
    CountDownLatch go = new CountDownLatch(1);
    String reply = ModelLifeHarness.reply();
    harness.upstream.script(
        (request, connection) -> {
          harness.upstream.event("there");
          go.await();
          connection.json(reply);
        });
    FutureTask<Answer> running =
        new FutureTask<>(() -> harness.gateway.generate(prompt("a house")));
    Thread.ofPlatform().start(running);
    assertThat(harness.upstream.await("there")).isTrue();

    assertThat(harness.activate(ModelVersions.MARKS, second).status()).isEqualTo(200);
    assertThat(harness.activate(ModelVersions.MARKS, third).status()).isEqualTo(200);
    assertThat(harness.sessions()).as("words, and three of marks").isEqualTo(4);
    go.countDown();

    assertThat(running.get().status()).isEqualTo(200);
    Signal judged =
        harness.gateway.decisions(running.get()).getLast().decision().evidence().own().getFirst();
    assertThat(((Signal.Score) judged).value()).isEqualTo(0.25);
    Poll.until("the first version is closed", () -> harness.sessions() == 3);
    assertThat(harness.mark()).isEqualTo(0.75);
  }
}
