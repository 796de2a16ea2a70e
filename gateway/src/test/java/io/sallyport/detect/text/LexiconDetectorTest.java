package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LexiconDetectorTest {
  private static final LexiconDetector DETECTOR =
      Lexicons.detector(
          """
          lexicon: prompt-terms
          terms:
            - {term: rain, label: word, weight: 0.6}
            - {term: art, label: word, weight: 0.5}
            - {term: butter, label: word, weight: 0.7}
            - {term: caf\u00e9 noir, label: word, weight: 0.4}
            - {term: blimp, label: prefix, match: prefix}
            - {term: ship, label: anywhere, match: anywhere}
            - {term: \u98de\u8247, label: foreign}
            - {term: \u0434\u0438\u0440\u0438\u0436\u0430\u0431\u043b\u044c, label: foreign}
            - {term: \u0441\u043e\u043d, label: foreign}
          """);

  @ParameterizedTest
  @CsvSource({
    "rain over the sea,            0.6",
    "RAIN,                         0.6",
    "rain-soaked,                  0.6",
    "r a i n,                      0.6",
    "in the r.a.i.n tonight,       0.6",
    "raaain,                       0.6",
    "r4in,                         0.6",
    "a r t,                        0.5",
    "art and rain,                 0.6",
    "buttttter,                    0.7",
    "caf\u00e9 noir,               0.4",
    "cafe noir,                    0.4",
    "CAFE_NOIR,                    0.4",
    "cafenoir,                     0.4"
  })
  void scoresTheStrongestTerm(String text, double score) {
    assertThat(scores(text).get("word")).isEqualTo(score);
  }

  /** The Scunthorpe problem, with rain in trains and art in carts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "a train at the station",
        "rains",
        "t r a i n",
        "T R A I N",
        "t-r-a-i-n",
        "cart, party, start",
        "p a r t y",
        "p.a.r.t.y",
        "earthenware",
        "trrrain",
        "ran",
        "but",
        "buter",
        "noir caf\u00e9",
        "caf\u00e9 and noir",
        "3d, 4k, 16mm",
        "ra in",
        "\u0441\u043d"
      })
  void leavesWordsAloneThatOnlyContainATerm(String text) {
    assertThat(scores(text).get("word")).isZero();
  }

  @Test
  void matchesPrefixesAndInsidesWhereTheTermSaysSo() {
    assertThat(scores("two blimps").get("prefix")).isEqualTo(1);
    assertThat(scores("a nonblimp").get("prefix")).isZero();
    assertThat(scores("midshipman").get("anywhere")).isEqualTo(1);
    assertThat(scores("mids hipman").get("anywhere")).isZero();
  }

  @Test
  void findsTermsOfOtherScripts() {
    assertThat(scores("\u4e00\u8258\u98de\u8247\u5728\u5929\u4e0a").get("foreign")).isEqualTo(1);
    assertThat(scores("\u0414\u0418\u0420\u0418\u0416\u0410\u0411\u041b\u042c").get("foreign"))
        .isEqualTo(1);
    assertThat(
            scores("(\u0434\u0438\u0440\u0438:1.2)\u0436\u0430\u0431\u043b\u044c").get("foreign"))
        .isEqualTo(1);
  }

  @Test
  void takesNoLatinWordForOneOfAnotherScript() {
    assertThat(scores("\u0441\u043e\u043d").get("foreign")).isEqualTo(1);
    assertThat(scores("con").get("foreign")).isZero();
  }

  @Test
  void answersForEveryLabelAlways() throws UnavailableException {
    assertThat(DETECTOR.inspect(Stage.PROMPT, prompt(""), soon()))
        .containsExactly(
            new Signal.Score("prompt-terms", Stage.PROMPT, "anywhere", 0),
            new Signal.Score("prompt-terms", Stage.PROMPT, "foreign", 0),
            new Signal.Score("prompt-terms", Stage.PROMPT, "prefix", 0),
            new Signal.Score("prompt-terms", Stage.PROMPT, "word", 0));
    assertThat(DETECTOR.labels())
        .containsExactlyInAnyOrder("anywhere", "foreign", "prefix", "word");
    assertThat(DETECTOR.stages()).isEqualTo(Stage.OF_TEXTS);
    assertThat(DETECTOR.digest()).hasSize(64);
  }

  @Test
  void looksAtEveryFormAndSpelling() throws UnavailableException {
    Prompt inForm = new Prompt("x", List.of("x", "y", "rain"));
    Prompt inSpelling = new Prompt("x", List.of("x"), List.of("y", "art"));
    assertThat(value(DETECTOR.inspect(Stage.PROMPT, inForm, soon()), "word")).isEqualTo(0.6);
    assertThat(value(DETECTOR.inspect(Stage.PROMPT, inSpelling, soon()), "word")).isEqualTo(0.5);
  }

  @Test
  void stopsAtTheDeadline() {
    assertThatThrownBy(() -> DETECTOR.inspect(Stage.PROMPT, prompt("x"), System.nanoTime() - 1))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.why()).isEqualTo(Cause.TIMEOUT));
  }

  private static Map<String, Double> scores(String text) {
    try {
      return DETECTOR.inspect(Stage.PROMPT, prompt(text), soon()).stream()
          .map(Signal.Score.class::cast)
          .collect(Collectors.toMap(Signal.Score::label, Signal.Score::value));
    } catch (UnavailableException e) {
      throw new AssertionError(e);
    }
  }

  private static double value(List<Signal> signals, String label) {
    return signals.stream()
        .map(Signal.Score.class::cast)
        .filter(score -> score.label().equals(label))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static Prompt prompt(String text) throws UnavailableException {
    return new PromptNormalizer().prepare(text);
  }

  private static long soon() {
    return System.nanoTime() + 60_000_000_000L;
  }
}
