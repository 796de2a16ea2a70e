package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.decide.Decision;
import io.sallyport.decide.Evidence;
import io.sallyport.decide.Reason;
import io.sallyport.policy.Disclosure;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class AuditCodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/sallyport/audit");

  private static AuditEvent golden(AuditEvent.Kind kind) {
    var request =
        new AuditEvent.Request(
            "01JD9", "studio \"north\"", "5b".repeat(32), "openai-images", "generations");
    return switch (kind) {
      case DECIDED ->
          new AuditEvent.Decided(
              Events.TIME,
              request,
              goldenDecision(),
              Map.of("image-colour", "1f".repeat(32), "lexicon", "2e".repeat(32)),
              new Coverage(1, 1, 2, 1, 3),
              Map.of("decode", 1_500L, "image-colour", 20_000L),
              List.of("3d".repeat(32)),
              List.of("4c".repeat(32), "5b".repeat(32)),
              true);
      case REFUSED -> new AuditEvent.Refused(Events.TIME, request, "prompt", "unknown_field");
      case CHALLENGED ->
          new AuditEvent.Challenged(
              Events.TIME,
              request,
              Stage.OUTPUT_IMAGE,
              "image-colour",
              "1f".repeat(32),
              "2e".repeat(32),
              Verdict.FLAG,
              List.of(
                  List.of(new Signal.Score("image-colour", Stage.OUTPUT_IMAGE, "magenta", 0.5)),
                  List.of()));
      case LIFECYCLE ->
          new AuditEvent.Lifecycle(
              Events.TIME, "policy_loaded", Map.of("policy", "démo\n", "digest", Events.DIGEST));
    };
  }

  private static Decision goldenDecision() {
    Stage stage = Stage.OUTPUT_IMAGE;
    return new Decision(
        stage,
        "demo",
        Events.DIGEST,
        Verdict.BLOCK,
        Verdict.BLOCK,
        List.of(
            new Reason.Violation(
                0, "magenta", Category.STAND_IN, Verdict.BLOCK, false, Disclosure.CATEGORY),
            new Reason.Unavailable(1, "image-colour", Cause.TIMEOUT, Verdict.BLOCK, true)),
        new Evidence(
            List.of(new Signal.Score("lexicon", Stage.PROMPT, "zeppelin", 1.0E-5)),
            List.of(
                List.of(
                    new Signal.Score("image-colour", stage, "magenta", 0.9921875),
                    new Signal.Match("known-images", stage, "posters", 7)),
                List.of(new Signal.Unavailable("image-colour", stage, Cause.TIMEOUT)))));
  }

  @ParameterizedTest
  @EnumSource
  void the_canonical_bytes_of_every_kind_are_those_of_its_golden_file(AuditEvent.Kind kind)
      throws IOException {
    Path file = GOLDEN.resolve(kind.wire() + ".golden.json");
    byte[] bytes = AuditCodec.encode(golden(kind));
    if (Boolean.getBoolean("golden.update")) {
      Files.write(file, bytes);
    }

    assertThat(new String(bytes, UTF_8)).isEqualTo(Files.readString(file));
    assertThat(AuditCodec.decode(Files.readAllBytes(file))).isEqualTo(golden(kind));
  }

  @Test
  void every_event_comes_back_from_its_bytes_and_they_are_json() {
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    JsonMapper mapper = new JsonMapper();
    for (int i = 0; i < 3_000; i++) {
      AuditEvent event = Events.random(random);
      byte[] bytes = AuditCodec.encode(event);
      assertThat(AuditCodec.decode(bytes)).as("seed %s, event %s", seed, i).isEqualTo(event);
      assertThat(mapper.readTree(bytes).isObject()).isTrue();
    }
  }

  @Test
  void a_changed_byte_never_reads_as_the_same_event() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = AuditCodec.encode(golden(AuditEvent.Kind.DECIDED));
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(AuditCodec.decode(bytes))
            .as("seed %s, change %s", seed, i)
            .isNotEqualTo(golden(AuditEvent.Kind.DECIDED));
      } catch (UndecodableEventException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "white space|{\"v\":1,|{ \"v\":1,",
        "a trailing line break|}}|`}}\n`",
        "another version|\"v\":1|\"v\":2",
        "no version|\"v\":1,|``",
        "an unknown kind|lifecycle|lifestyle",
        "members in another"
            + " order|\"digest\":\"5a\",\"policy\":\"demo\"|\"policy\":\"demo\",\"digest\":\"5a\"",
        "a duplicate member|\"digest\":\"5a\"|\"digest\":\"5a\",\"digest\":\"5a\"",
        "an unknown member|\"action\":|\"extra\":1,\"action\":",
        "a needless escape|demo|\\u0064emo",
        "a time spelled otherwise|56.789Z|56.789000Z",
        "a time that is none|2026-11-22|2026-13-22",
        "an array for an object|{\"digest\":\"5a\",\"policy\":\"demo\"}|[]",
        "a null|\"demo\"|null",
        "an end too early|,\"details\":{\"digest\":\"5a\",\"policy\":\"demo\"}}|``",
        "more after the end|\"demo\"}}|\"demo\"}}{}",
      })
  void a_second_spelling_is_refused(String what, String canonical, String other) {
    String text = lifecycle();
    assertThat(text).contains(canonical);
    String changed = text.replace(canonical, other);
    assertThatThrownBy(() -> AuditCodec.decode(changed.getBytes(UTF_8)))
        .as(what)
        .isInstanceOf(UndecodableEventException.class)
        .hasMessageNotContaining("demo");
  }

  private static String lifecycle() {
    var event =
        new AuditEvent.Lifecycle(
            Events.TIME, "policy_loaded", Map.of("policy", "demo", "digest", "5a"));
    return new String(AuditCodec.encode(event), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "0.9921875,9.921875e-1",
    "0.9921875,0.99218750",
    "0.9921875,1.5",
    "0.9921875,-0.5",
    "1.0E-5,0.00001",
    "1.0E-5,1",
    "1.0E-5,NaN",
    "1.0E-5,1E999999999999",
  })
  void a_score_has_one_spelling_and_stays_in_range(String canonical, String other) {
    String text = new String(AuditCodec.encode(golden(AuditEvent.Kind.DECIDED)), UTF_8);
    assertThat(text).contains(canonical);
    byte[] changed = text.replace(canonical, other).getBytes(UTF_8);
    assertThatThrownBy(() -> AuditCodec.decode(changed))
        .isInstanceOf(UndecodableEventException.class);
  }

  @Test
  void an_event_without_a_canonical_form_is_refused() {
    assertThatThrownBy(() -> AuditCodec.encode(withAction("half a pair: \ud800")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AuditCodec.encode(withAction("half a pair: \udc00!")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AuditCodec.encode(withAction("x".repeat(AuditCodec.MAX_BYTES))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> AuditCodec.encode(new AuditEvent.Lifecycle(Instant.MAX, "x", Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(AuditCodec.encode(withAction("x".repeat(AuditCodec.MAX_BYTES - 1_000))))
        .hasSizeLessThanOrEqualTo(AuditCodec.MAX_BYTES);
  }

  private static AuditEvent withAction(String action) {
    return new AuditEvent.Lifecycle(Events.TIME, action, Map.of());
  }
}
