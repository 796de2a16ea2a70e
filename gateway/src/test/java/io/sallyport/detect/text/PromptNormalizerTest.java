package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Stage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptNormalizerTest {
  private static final PromptNormalizer NORMALIZER = new PromptNormalizer();

  @Test
  void givesAnOrdinaryPromptOneForm() throws UnavailableException {
    Prompt prompt = prepare("A red bicycle leaning against a brick wall, 4k, 1980s");
    assertThat(prompt.forms()).containsExactly(prompt.raw());
    assertThat(prompt.spellings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "!"})
  void givesATextWithoutWordsItsRawForm(String text) throws UnavailableException {
    assertThat(prepare(text).forms()).containsExactly(text);
  }

  @Test
  void putsTheRawTextFirstAndThePlainReadingAmongTheForms() throws UnavailableException {
    Prompt prompt = prepare("a z\u0435\u0440\u0440\u0435lin");
    assertThat(prompt.forms()).containsExactly("a z\u0435\u0440\u0440\u0435lin", "a zeppelin");
  }

  @Test
  void offersJoinedWordsToTermListsOnly() throws UnavailableException {
    Prompt prompt = prepare("a black-and-white photo");
    assertThat(prompt.forms()).containsExactly("a black-and-white photo");
    assertThat(prompt.spellings()).containsExactly("a blackandwhite photo");
  }

  @Test
  void readsTwoLayersButNotThree() throws UnavailableException {
    Base64.Encoder encoder = Base64.getEncoder();
    String once = encoder.encodeToString("a zeppelin over the sea".getBytes());
    String twice = encoder.encodeToString(once.getBytes());
    String thrice = encoder.encodeToString(twice.getBytes());
    assertThat(prepare(once).forms()).contains("a zeppelin over the sea");
    assertThat(prepare(twice).forms()).contains("a zeppelin over the sea", once);
    assertThat(prepare(thrice).forms()).contains(once).doesNotContain("a zeppelin over the sea");
  }

  @Test
  void givesTheSameReadingsEveryTime() throws UnavailableException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      String text = RandomText.of(random, random.nextInt(60));
      assertThat(prepare(text)).as("seed %d", seed).isEqualTo(prepare(text));
    }
  }

  @Test
  void neverLosesTheRawTextNorRepeatsAReading() throws UnavailableException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int most = 0;
    for (int round = 0; round < 500; round++) {
      String text = RandomText.of(random, random.nextInt(120));
      Prompt prompt = prepare(text);
      assertThat(prompt.forms().getFirst()).as("seed %d", seed).isEqualTo(text);
      assertThat(readings(prompt).stream().map(Words::of))
          .as("seed %d", seed)
          .doesNotHaveDuplicates();
      assertBounded(prompt);
      most = Math.max(most, readings(prompt).size());
    }
    assertThat(most).isGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&",
        "&#",
        "&#x",
        "&amp",
        "&abcdefghijk",
        "%",
        "%25",
        "%7A",
        "\\x7a",
        "(",
        ")",
        "[a|",
        "[a:b:0.5]",
        "{a|b}",
        "((a)",
        "<",
        "<a:",
        "<lora:a:1>",
        "a b c d ",
        "a.b-c_d",
        "ab cd ",
        "z3-p p.p ",
        "1!|a ",
        "10 20 30 ",
        "0x7a,",
        "a",
        "aab",
        "-",
        "-\n",
        "\u0301",
        "a\u0301\u0327",
        "\u200b",
        "\ufdfa",
        "\u2487",
        "\u0435",
        "\u4e2d",
        "\ud83c\udf88",
        "\udb40\udc7a",
        "\ud800",
        "\u04301-b [x|y|z] %2541 q w e r (s:1.2)<b>t</b>ooo @m!|k emVwcGVsaW4= "
      })
  void worksInProportionToItsInput(String piece) throws UnavailableException {
    prepare(piece.repeat(100));
    long small = work(piece, 8_000);
    long large = work(piece, 32_000);
    assertThat(large).isLessThan(6 * small + 200_000);
    assertBounded(prepare(piece.repeat(PromptNormalizer.CHARS_MAX / piece.length())));
  }

  /** Bytes allocated: every step copies what it changes, so they follow the work that is done. */
  private static long work(String piece, int length) throws UnavailableException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String text = piece.repeat(length / piece.length());
    long before = threads.getCurrentThreadAllocatedBytes();
    assertBounded(prepare(text));
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void readsLayersOfBase64InProportionToo() throws UnavailableException {
    String text = "zeppelin ".repeat(1000);
    for (int layer = 0; layer < 5; layer++) {
      assertBounded(prepare(text));
      text = Base64.getEncoder().encodeToString(text.getBytes());
    }
    assertBounded(prepare(text));
  }

  private static void assertBounded(Prompt prompt) {
    assertThat(readings(prompt)).hasSizeLessThanOrEqualTo(PromptNormalizer.READINGS_MAX);
    assertThat(readings(prompt))
        .allMatch(text -> text.length() <= PromptNormalizer.GROWTH_MAX * prompt.raw().length());
  }

  private static List<String> readings(Prompt prompt) {
    List<String> readings = new ArrayList<>(prompt.forms());
    readings.addAll(prompt.spellings());
    return readings;
  }

  @Test
  void refusesWhatIsTooLongToRead() {
    assertCause(
        Cause.TOO_LARGE, new Sample.Text(Stage.PROMPT, "a".repeat(PromptNormalizer.CHARS_MAX + 1)));
  }

  @Test
  void refusesWhatIsNoText() {
    assertCause(Cause.UNSUPPORTED, new Sample.Image(Stage.OUTPUT_IMAGE, ByteBuffer.allocate(0)));
  }

  private static void assertCause(Cause cause, Sample sample) {
    assertThatThrownBy(() -> NORMALIZER.prepare(sample))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(cause));
  }

  @Test
  void showsNoContentInToString() throws UnavailableException {
    assertThat(prepare("zeppelin").toString()).doesNotContain("zeppelin");
  }

  private static Prompt prepare(String text) throws UnavailableException {
    return NORMALIZER.prepare(new Sample.Text(Stage.PROMPT, text));
  }
}
