package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Vectors;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded sentence model on harmless stand-ins. */
class ConceptsDetectorTest {
  private static final long FAR = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
  private static final String FILE =
      """
      concepts: stand-ins
      labels:
        zeppelin:
          positive: ["a zeppelin in the sky", "an airship", "a dirigible floating over a city"]
          contrast: ["a hot air balloon", "an aeroplane in the sky", "a city from above"]
        dog:
          positive: ["a dog", "a puppy playing"]
          contrast: ["a cat", "a wolf", "a horse"]
      """;

  private static OnnxRuntime runtime;
  private static ModelStore store;
  private static TextModel model;
  private static ConceptsDetector detector;

  @BeforeAll
  static void load() {
    Problems problems = new Problems();
    runtime = OnnxRuntime.open();
    store =
        ModelStore.load(
                runtime, Path.of("absent"), Set.of(ModelStore.MINILM), Tokenizers::open, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    model = (TextModel) store.model(ModelStore.MINILM).orElseThrow();
    detector = detector(FILE);
  }

  @AfterAll
  static void close() {
    store.close();
    runtime.close();
  }

  @Test
  void theModelPlacesLikeNearLike() throws Exception {
    assertThat(cosine("a cat", "a kitten")).isGreaterThan(cosine("a cat", "an invoice") + 0.3);
    assertThat(cosine("a red bicycle against a wall", "a bike leaning on bricks"))
        .isGreaterThan(cosine("a red bicycle against a wall", "a quarterly tax statement") + 0.3);
    assertThat(cosine("a cat", "A Cat")).isGreaterThan(0.9999);
  }

  @Test
  void givesEveryLabelAlways() throws Exception {
    assertThat(detector.labels()).containsExactly("zeppelin", "dog");
    assertThat(detector.stages()).isEqualTo(Stage.OF_TEXTS);
    for (String text : List.of("", " ", "a dog", "\u0000\uffff\ud800", "日本の庭園")) {
      assertThat(scores(text)).containsOnlyKeys("zeppelin", "dog");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zeppelin",
        "a huge zeppelin above Berlin, 1930s photo",
        "an old airship docking at a tower, steampunk",
        "a rigid lighter-than-air craft with a gondola, drifting over the alps",
      })
  void scoresTheStandInHigh(String prompt) throws Exception {
    assertThat(scores(prompt).get("zeppelin")).isGreaterThan(0.8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a cat asleep on a stack of books",
        "hot air balloons over Cappadocia at sunrise",
        "a passenger jet landing at dusk",
        "a bowl of ramen with a soft-boiled egg, top-down view",
        "watercolor of a mountain lake at dawn",
        "isometric 3d render of a tiny coffee shop, pastel colors",
        "logo for a bakery, minimal, flat vector, white background",
        "a knight resting under an oak tree, storybook illustration",
        "oil painting of sunflowers in a blue vase, thick brush strokes",
        "portrait of an old fisherman with a white beard, 85mm, f/1.8",
        "a steam train crossing a viaduct, autumn",
        "aerial photograph of rice terraces, morning mist",
      })
  void scoresOrdinaryPromptsLow(String prompt) throws Exception {
    assertThat(scores(prompt).values()).allMatch(score -> score < 0.5);
  }

  @Test
  void findsAThingNamedOnceInALongList() throws Exception {
    String before =
        "a cozy living room with a fireplace, bookshelves, warm light, a cat on the sofa";
    String after =
        "persian rug, soft shadows, ultra detailed, 8k, cinematic, wide angle, golden hour, "
            + "muted colours, calm mood, shot on 35mm film";
    String named = before + ", painting of a zeppelin on the wall, " + after;

    assertThat(scores(named).get("zeppelin")).isGreaterThan(0.8);
    assertThat(scores(before + ", " + after).get("zeppelin")).isLessThan(0.5);
  }

  @Test
  void countsTheStrongestForm() throws Exception {
    Prompt hidden = new Prompt("z.3.p.p.3.l.1.n", List.of("z.3.p.p.3.l.1.n", "zeppelin"));
    Prompt alone = new Prompt("zeppelin", List.of("zeppelin"));

    assertThat(scores("z.3.p.p.3.l.1.n").get("zeppelin")).isLessThan(0.5);
    assertThat(scores(detector, hidden).get("zeppelin"))
        .isEqualTo(scores(detector, alone).get("zeppelin"));
  }

  @Test
  void repeatsBitByBitAloneAndBesideOthers() throws Exception {
    List<String> prompts =
        List.of("a dog", "a zeppelin over the sea", "a cat asleep on a stack of books", "x");
    List<Map<String, Double>> alone = new ArrayList<>();
    for (String prompt : prompts) {
      alone.add(scores(prompt));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Map<String, Double>>> together = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String prompt = prompts.get(i % prompts.size());
        together.add(threads.submit(() -> scores(prompt)));
      }
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i % prompts.size()));
      }
    }
  }

  @Test
  void stopsAtTheDeadline() {
    String prompt = "a garden with roses and a stone bench ".repeat(200);

    assertThat(refused(prompt, System.nanoTime())).isEqualTo(Cause.TIMEOUT);
    assertThat(refused(prompt, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5)))
        .isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void callsATextBeyondTheWindowsTooLarge() {
    assertThat(refused("one two three ".repeat(10_000), FAR)).isEqualTo(Cause.TOO_LARGE);
  }

  @Test
  void callsAPromptWithTooMuchInAllItsFormsTooLarge() {
    List<String> forms = new ArrayList<>();
    for (int i = 0; i <= PromptWindows.MAX; i++) {
      forms.add("form " + i);
    }
    Prompt prompt = new Prompt("x", forms);

    assertThat(
            catchThrowableOfType(
                    UnavailableException.class, () -> detector.inspect(Stage.PROMPT, prompt, FAR))
                .why())
        .isEqualTo(Cause.TOO_LARGE);
  }

  @Test
  void readsEveryFormHoweverManyComeBefore() throws Exception {
    List<String> forms = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      forms.add("garden chair " + i);
    }
    forms.add("a zeppelin in the sky");

    assertThat(scores(detector, new Prompt("x", forms)).get("zeppelin")).isGreaterThan(0.9);
  }

  @Test
  void digestsTheFileAndTheModel() {
    assertThat(detector.digest()).matches("[0-9a-f]{64}").isEqualTo(detector(FILE).digest());
    assertThat(detector(FILE.replace("a wolf", "a fox")).digest()).isNotEqualTo(detector.digest());
  }

  private static double cosine(String one, String other) throws UnavailableException {
    return Vectors.cosine(vector(one), vector(other));
  }

  private static float[] vector(String text) throws UnavailableException {
    float[] vector = new float[model.size()];
    model.embed(model.windows(text, 1).getFirst(), vector, FAR);
    return vector;
  }

  private static Cause refused(String text, long deadline) {
    Prompt prompt = new Prompt(text, List.of(text));
    return catchThrowableOfType(
            UnavailableException.class, () -> detector.inspect(Stage.PROMPT, prompt, deadline))
        .why();
  }

  private static Map<String, Double> scores(String text) throws UnavailableException {
    return scores(detector, new Prompt(text, List.of(text)));
  }

  private static Map<String, Double> scores(ConceptsDetector asked, Prompt prompt)
      throws UnavailableException {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (Signal signal : asked.inspect(Stage.PROMPT, prompt, FAR)) {
      Signal.Score score = (Signal.Score) signal;
      assertThat(score.detector()).isEqualTo("prompt-concepts");
      assertThat(score.stage()).isEqualTo(Stage.PROMPT);
      scores.put(score.label(), score.value());
    }
    return scores;
  }

  private static ConceptsDetector detector(String file) {
    Problems problems = new Problems();
    Concepts concepts =
        Concepts.parse("c.yaml", file.getBytes(StandardCharsets.UTF_8), problems).orElseThrow();
    return ConceptsDetector.of("prompt-concepts", concepts, model, problems).orElseThrow();
  }
}
