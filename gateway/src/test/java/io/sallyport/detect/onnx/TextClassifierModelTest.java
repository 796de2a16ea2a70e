package io.sallyport.detect.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A window holds 8 tokens, 6 of them text; windows start 4 apart. Letter 'd' adds 2 to the logit of
 * dog, 'e' 2 to that of beach, 'f' is no number, and every other letter adds nothing.
 */
class TextClassifierModelTest {
  private static final OnnxRuntime RUNTIME = OnnxRuntime.open();
  private static final byte[] TOKENS = "tokens".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WORDS = Graphs.rowSums(2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 2, Float.NaN, 0);
  private static final double SURE = 1 / (1 + Math.exp(-2));

  @TempDir private Path models;
  private final Problems problems = new Problems();
  private final List<ModelStore> stores = new ArrayList<>();

  @AfterEach
  void closeTheStores() {
    stores.forEach(ModelStore::close);
  }

  @AfterAll
  static void closeTheRuntime() {
    RUNTIME.close();
  }

  @Test
  void scoresEachLabelOnItsOwnWithSigmoid() throws Exception {
    TextClassifierModel model = load("", "");

    assertThat(model.labels()).containsExactly("dog", "beach");
    scores(model, "d", SURE, 0.5);
    scores(model, "de", SURE, SURE);
    scores(model, "dd", 1 / (1 + Math.exp(-4)), 0.5);
    scores(model, "", 0.5, 0.5);
  }

  @Test
  void sharesOutOneWithSoftmax() throws Exception {
    TextClassifierModel model = load("sigmoid", "softmax");

    scores(model, "d", SURE, 1 - SURE);
    scores(model, "de", 0.5, 0.5);
  }

  @Test
  void calibratesWhatTheCardNames() throws Exception {
    TextClassifierModel model =
        load("activation: sigmoid", "activation: sigmoid, calibration: {dog: {temperature: 4}}");

    scores(model, "d", 1 / (1 + Math.exp(-0.5)), 0.5);
    scores(model, "e", 0.5, SURE);
  }

  @Test
  void findsALabelThatOnlyTheLastWindowShows() throws Exception {
    TextClassifierModel model = load("", "");
    String late = "b".repeat(200) + "d";

    assertThat(model.windows(late, 99)).hasSizeGreaterThan(40);
    scores(model, late, SURE, 0.5);
  }

  @Test
  void takesTheStrongestWindowOfEachLabel() throws Exception {
    scores(load("", ""), "ddbbbbbbbbbbbbbbbbee", 1 / (1 + Math.exp(-4)), 1 / (1 + Math.exp(-4)));
  }

  @Test
  void callsNumbersThatAreNotFiniteBadWhereverTheyStand() throws Exception {
    TextClassifierModel model = load("", "");

    for (String text : List.of("f", "dddf", "f" + "b".repeat(40), "b".repeat(40) + "f")) {
      assertThat(refused(model, text)).as(text).isEqualTo(Cause.BAD_OUTPUT);
    }
    scores(model, "d", SURE, 0.5);
  }

  @Test
  void callsScoresOutOfRangeBadWhenTheGraphHasActivated() throws Exception {
    TextClassifierModel model =
        load("activation: sigmoid}", "activation: none}", "0.5, beach: 0.5", "0, beach: 0");

    scores(model, "b", 0, 0);
    assertThat(refused(model, "d")).isEqualTo(Cause.BAD_OUTPUT);
  }

  @Test
  void callsAnotherShapeBad() throws Exception {
    byte[] perToken = Graphs.scorePerToken(10);
    String card =
        Folders.classifierCard(perToken, TOKENS).replace("[dog, beach]", "[dog, beach, cat]");
    TextClassifierModel model = load(card, perToken).orElseThrow();

    scores(model, "b", 0.5, 0.5, 0.5);
    assertThat(refused(model, "bb")).isEqualTo(Cause.BAD_OUTPUT);
    scores(model, "b", 0.5, 0.5, 0.5);
  }

  @Test
  void isACrashWhenTheGraphFails() throws Exception {
    TextClassifierModel model = load("", "");

    assertThat(refused(model, "z")).isEqualTo(Cause.CRASH);
    scores(model, "d", SURE, 0.5);
  }

  @Test
  void isLateAfterTheDeadline() throws Exception {
    TextClassifierModel model = load("", "");
    List<Window> windows = model.windows("b", 1);

    assertThat(
            catchThrowableOfType(
                    UnavailableException.class, () -> model.strongest(windows, System.nanoTime()))
                .why())
        .isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void looksAtTheDeadlineBetweenWindows() throws Exception {
    TextClassifierModel model = load("", "");
    List<Window> endless = Collections.nCopies(5_000_000, model.windows("b", 1).getFirst());
    long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);

    assertThat(
            catchThrowableOfType(UnavailableException.class, () -> model.strongest(endless, soon))
                .why())
        .isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void refusesAFailingSelfTestWithExpectedAndGot() throws Exception {
    assertThat(load(card("dog: 0.5", "dog: 0.9"), WORDS)).isEmpty();
    told("self-test failed: label 'dog' expected 0.9000 ± 0.0010, got 0.5000");
  }

  @Test
  void refusesASelfTestWithoutAnAnswer() throws Exception {
    assertThat(load(card("text: \"b\"", "text: \"f\""), WORDS)).isEmpty();
    told("self-test failed: bad_output");
  }

  @Test
  void readsAnExampleThroughAllItsWindows() throws Exception {
    String long900 = "text: \"" + "b".repeat(900) + "d\"";

    assertThat(load(card("text: \"b\"", long900), WORDS)).isEmpty();
    told("self-test failed: label 'dog' expected 0.5000 ± 0.0010, got 0.8808");
  }

  @Test
  void refusesAGraphThatIsNotWhatTheCardSays() throws Exception {
    assertThat(load(card("[dog, beach]", "[dog, beach, cat]"), WORDS)).isEmpty();
    assertThat(load(card("tensor: logits", "tensor: scores"), WORDS)).isEmpty();
    assertThat(load(card("ids: ids", "ids: ids, mask: mask"), WORDS)).isEmpty();
    byte[] vectors = Graphs.table(10);
    String card = Folders.classifierCard(vectors, TOKENS).replace(": logits", ": vectors");
    assertThat(load(card, vectors)).isEmpty();
    assertThat(problems.list())
        .extracting(problem -> problem.message())
        .containsExactly(
            "output 'logits' has shape [-1, 2], expected [1, 3]",
            "the graph has no output 'scores', only [logits]",
            "the graph's inputs are [ids], the card's are [ids, mask]",
            "output 'vectors' has shape [-1, -1, 2], expected [1, 2]");
  }

  private static void scores(TextClassifierModel model, String text, double... expected)
      throws UnavailableException {
    assertThat(strongest(model, text)).as(text).containsExactly(expected, within(1e-6));
  }

  private static double[] strongest(TextClassifierModel model, String text)
      throws UnavailableException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    return model.strongest(model.windows(text, 1000), deadline);
  }

  private static Cause refused(TextClassifierModel model, String text) {
    return catchThrowableOfType(UnavailableException.class, () -> strongest(model, text)).why();
  }

  private void told(String message) {
    assertThat(problems.list()).hasSize(1);
    assertThat(problems.list().getFirst().line()).isEqualTo(9);
    assertThat(problems.list().getFirst().message()).startsWith(message);
  }

  private static String card(String right, String wrong) {
    String card = Folders.classifierCard(WORDS, TOKENS);
    assertThat(card).contains(right);
    return card.replace(right, wrong);
  }

  private TextClassifierModel load(String right, String wrong) throws IOException {
    return load(card(right, wrong), WORDS).orElseThrow(() -> new AssertionError(problems.list()));
  }

  private TextClassifierModel load(String right, String wrong, String also, String instead)
      throws IOException {
    return load(card(right, wrong).replace(also, instead), WORDS)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  private Optional<TextClassifierModel> load(String card, byte[] graph) throws IOException {
    Path folder = Folders.write(models, "words", card, graph);
    Files.write(folder.resolve("tokens.json"), TOKENS);
    Optional<ModelStore> store =
        ModelStore.load(RUNTIME, models, Set.of("words"), file -> Folders.letters(), problems);
    store.ifPresent(stores::add);
    return store.flatMap(it -> it.model("words")).map(TextClassifierModel.class::cast);
  }
}
