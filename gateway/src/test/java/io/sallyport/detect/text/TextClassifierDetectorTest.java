package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.StandInClassifier;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier of two harmless words behind the real tokenizer. */
class TextClassifierDetectorTest {
  private static final long FAR = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);

  /** The model's own card: logits 6 at temperature 2, and 4 and -4 through Platt's line. */
  private static final double AIRSHIP = 1 / (1 + Math.exp(-3));

  private static final double BICYCLE = 1 / (1 + Math.exp(-2 * 4 + 1));

  private static OnnxRuntime runtime;
  private static ModelStore store;
  private static TextClassifierDetector detector;

  @BeforeAll
  static void load(@TempDir Path models) throws Exception {
    StandInClassifier.writeInto(models);
    Problems problems = new Problems();
    runtime = OnnxRuntime.open();
    store =
        ModelStore.load(runtime, models, Set.of(StandInClassifier.NAME), Tokenizers::open, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    var model = (TextClassifierModel) store.model(StandInClassifier.NAME).orElseThrow();
    detector = TextClassifierDetector.of("prompt-airships", model);
  }

  @AfterAll
  static void close() {
    store.close();
    runtime.close();
  }

  @Test
  void givesEveryLabelAlways() throws Exception {
    assertThat(detector.labels()).containsExactly("airship", "bicycle");
    assertThat(detector.stages()).isEqualTo(Stage.OF_TEXTS);
    for (String text : List.of("", " ", "a zeppelin", "\u0000\uffff\ud800", "日本の庭園")) {
      assertThat(scores(text)).as(text).containsOnlyKeys("airship", "bicycle");
    }
  }

  @Test
  void givesCalibratedScores() throws Exception {
    assertThat(scores("a green Zeppelin").get("airship")).isCloseTo(AIRSHIP, within(1e-6));
    assertThat(scores("a green Zeppelin").get("bicycle")).isLessThan(0.001);
    assertThat(scores("two bicycles").get("bicycle")).isCloseTo(BICYCLE, within(1e-6));
    assertThat(scores("a green square").get("airship")).isCloseTo(1 - AIRSHIP, within(1e-6));
  }

  @Test
  void findsAWordLateInALongText() throws Exception {
    String before = "a green square ".repeat(400);

    assertThat(scores(before).get("airship")).isLessThan(0.1);
    assertThat(scores(before + "zeppelin").get("airship")).isCloseTo(AIRSHIP, within(1e-6));
    assertThat(scores(before + "zeppelin " + before).get("airship")).isGreaterThan(0.9);
  }

  @Test
  void countsTheStrongestForm() throws Exception {
    List<String> forms = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      forms.add("garden chair " + i);
    }
    forms.add("zeppelin");

    Map<String, Double> scores = scores(new Prompt("x", forms), FAR);
    assertThat(scores.get("airship")).isCloseTo(AIRSHIP, within(1e-6));
  }

  @Test
  void readsEqualFormsOnceAndCallsTooMuchTooLarge() throws Exception {
    String full = "a green square ".repeat(2000);
    Prompt same = new Prompt(full, List.of(full, full.toUpperCase(java.util.Locale.ROOT), full));
    Prompt other = new Prompt(full, List.of(full, "square " + full, "green square " + full));

    assertThat(scores(same, FAR)).hasSize(2);
    assertThat(scores(other, FAR)).hasSize(2);
    assertThat(refused("a green square ".repeat(3000), FAR)).isEqualTo(Cause.TOO_LARGE);
    assertThat(refused("bicycle " + "x ".repeat(9000), FAR)).isEqualTo(Cause.TOO_LARGE);
  }

  @Test
  void stopsAtTheDeadline() {
    assertThat(refused("a zeppelin", System.nanoTime())).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void hasADigestOfItsModelAndItsMethod() {
    String model = store.model(StandInClassifier.NAME).orElseThrow().digest();

    assertThat(detector.digest()).matches("[0-9a-f]{64}").isNotEqualTo(model);
  }

  private static Cause refused(String text, long deadline) {
    Prompt prompt = new Prompt(text, List.of(text));
    return catchThrowableOfType(UnavailableException.class, () -> scores(prompt, deadline)).why();
  }

  private static Map<String, Double> scores(String text) throws UnavailableException {
    return scores(new Prompt(text, List.of(text)), FAR);
  }

  private static Map<String, Double> scores(Prompt prompt, long deadline)
      throws UnavailableException {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (Signal signal : detector.inspect(Stage.PROMPT, prompt, deadline)) {
      Signal.Score score = (Signal.Score) signal;
      assertThat(score.detector()).isEqualTo("prompt-airships");
      assertThat(score.stage()).isEqualTo(Stage.PROMPT);
      scores.put(score.label(), score.value());
    }
    return scores;
  }
}
