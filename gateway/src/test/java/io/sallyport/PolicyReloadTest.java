package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sallyport.audit.AuditListener;
import io.sallyport.audit.AuditLog;
import io.sallyport.config.ConfigLoader;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.Cancellation;
import io.sallyport.detect.HeldDetector;
import io.sallyport.detect.InferenceLane;
import io.sallyport.detect.Sample;
import io.sallyport.detect.onnx.ModelShelf;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.ops.Meters;
import io.sallyport.proxy.Rules;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.ModelVersions;
import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts that bring versions into force, without a gateway around them. */
class PolicyReloadTest {
  private static final String POLICY =
      """
      policy: default
      detectors: [prompt-word]
      rules:
        - id: strong-word
          stage: prompt
          category: stand-in
          when: {score: {label: word, at_least: 0.9}}
          verdict: block
      """;

  @TempDir Path dir;
  private final OnnxRuntime runtime = OnnxRuntime.open();
  private final AtomicReference<Rules> rules = new AtomicReference<>();
  private final InferenceLane lane = new InferenceLane("test", 1, 4, System::nanoTime);
  private final InferenceLane challengerLane =
      new InferenceLane("challenger", 1, 4, System::nanoTime);
  private ModelShelf shelf;
  private AuditLog record;
  private Fleet fleet;
  private PolicyReload reload;
  private String second;

  @BeforeEach
  void start() throws Exception {
    Path models = dir.resolve("models/words");
    String first = ModelVersions.words(models.resolve("v1"), 0.25);
    second = ModelVersions.words(models.resolve("v2"), 0.5);
    GatewayFiles files = new GatewayFiles(dir).policy("default", POLICY);
    files.write("models/words/active", first);
    GatewayConfig config =
        ConfigLoader.read(
                files.config(
                    1,
                    """
                    detectors:
                      prompt-word:
                        kind: text-classifier
                        model: words
                        challenger: {version: '%s', share: 1}
                    """
                        .formatted(second)),
                new Problems())
            .orElseThrow();
    shelf = Models.shelf(runtime, config.models());
    fleet = new Fleet("sallyport.yaml", config, shelf);
    record = AuditLog.open(dir.resolve("audit"), AuditLog.Options.DEFAULTS, AuditListener.NONE);
    Meters meters = new Meters(new PrometheusRegistry());
    RulesSwap swap = new RulesSwap(rules, fleet, record, meters, Clock.systemUTC());
    RulesMaker maker =
        new RulesMaker(
            "sallyport.yaml",
            config,
            new Remotes("sallyport.yaml"),
            Decoders.open(config.nativeCodecs()),
            lane,
            challengerLane,
            run -> {});
    reload = new PolicyReload(maker, fleet, swap, meters);
    Draft draft = fleet.wanted();
    Lineup lineup = draft.lineup();
    Rules made = maker.make(lineup, Optional.empty(), new Problems()).orElseThrow();
    assertThat(swap.put(made, lineup, draft.loaded(), "start")).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    lane.close();
    challengerLane.close();
    record.close();
    shelf.close();
    Poll.until("no session is left", () -> runtime.sessions() == 0);
    runtime.close();
  }

  /** Recorded before it judges: what cannot be recorded does not come into force. */
  @Test
  void aVersionThatCannotBeRecordedStaysOutAndTheFileSaysWhatItSaid() throws Exception {
    String before = Files.readString(dir.resolve("models/words/active"));
    Rules inForce = rules.get();
    record.close();

    assertThat(reload.activate(shelf.found("words").getLast()))
        .singleElement()
        .asString()
        .contains("the record is unavailable");

    assertThat(rules.get()).isSameAs(inForce);
    assertThat(fleet.current().runs("words", second)).isFalse();
    assertThat(dir.resolve("models/words/active")).hasContent(before);
    assertThat(runtime.sessions()).as("champion and challenger").isEqualTo(2);
  }

  @Test
  void theRulesThatAreReplacedAreLetGo() {
    Rules before = rules.get();
    assertThat(reload.activate(shelf.found("words").getLast())).isEmpty();
    assertThat(before.uses().enter()).as("nobody can enter the old rules").isFalse();
    assertThat(rules.get().uses().enter()).isTrue();
  }

  /** An inspection outlives its exchange when the client leaves; its session must not be closed. */
  @Test
  void everyDetectorHoldsItsModelsWhileItWorks() {
    assertThat(rules.get().panel().detectors()).hasOnlyElementsOfType(HeldDetector.class);
    assertThat(rules.get().panel().detectors())
        .as("the lane still knows whose circuit it is")
        .allMatch(it -> it.model().isPresent());
    rules
        .get()
        .shadow()
        .panels()
        .forEach(panel -> assertThat(panel.detectors()).hasOnlyElementsOfType(HeldDetector.class));
    assertThat(rules.get().shadow().panels()).hasSize(1);
  }

  @Test
  void aChallengerGivesWayToWhateverWaits() throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    var busy =
        lane.call(
            "caller",
            System.nanoTime() + 60_000_000_000L,
            new Cancellation(),
            () -> {
              there.countDown();
              return go.await(60, java.util.concurrent.TimeUnit.SECONDS);
            });
    there.await();
    assertThat(challenge()).first().isInstanceOf(Signal.Score.class);
    var waiting =
        lane.call("caller", System.nanoTime() + 60_000_000_000L, new Cancellation(), () -> true);
    assertThat(challenge())
        .containsExactly(new Signal.Unavailable("prompt-word", Stage.PROMPT, Cause.OVERLOAD));
    go.countDown();
    busy.toCompletableFuture().join();
    waiting.toCompletableFuture().join();
    assertThat(challenge()).first().isInstanceOf(Signal.Score.class);
  }

  private List<Signal> challenge() {
    return rules
        .get()
        .shadow()
        .panels()
        .getFirst()
        .inspect(
            "caller",
            Set.of("prompt-word"),
            new Sample.Text(Stage.PROMPT, "a house"),
            System.nanoTime() + 60_000_000_000L,
            new Cancellation())
        .toCompletableFuture()
        .join();
  }
}
