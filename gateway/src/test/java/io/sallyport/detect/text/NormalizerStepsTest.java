package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of the normaliser alone: what it changes, and what it must leave alone. */
class NormalizerStepsTest {

  @ParameterizedTest
  @CsvSource({
    "zep\u200bpelin, zeppelin",
    "z\u00e9ppelin, zeppelin",
    "ze\u0301ppelin, zeppelin",
    "\uff3aeppelin, Zeppelin",
    "\ud835\ude13etter, Letter",
    "zep\u202epelin\u2069, zeppelin",
    "sun\ufe0f \u2764\ufe0f, sun \u2764",
    "a\u00a0b\u2009c, a b c",
    "a\u2800b, a b",
    "\ufb01ne, fine",
    "\u33a7, m\u2044s"
  })
  void cleaningTakesAwayWhatNobodySees(String text, String clean) {
    assertThat(Cleaning.clean(text).replace('\u2215', '\u2044')).isEqualTo(clean);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A red bicycle, 4k",
        "\u0915\u093f\u0924\u093e\u092c", // Devanagari vowel signs belong to their letters
        "\u0e19\u0e49\u0e2d\u0e07", // so do Thai ones
        "\ud55c\uc625",
        "\u4eac\u90fd",
        "\ufdfa" // a whole phrase in one character stays one character
      })
  void cleaningLeavesAloneWhatPeopleWrite(String text) {
    assertThat(Cleaning.clean(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "z\u0435\u0440\u0440\u0435lin, zeppelin",
    "\u0396\u0415\u0420\u0420\u0415LIN, zeppeLIN",
    "\u1d22\u1d07\u1d18\u1d18\u1d07\u029f\u026a\u0274, zeppelin",
    "\ud83c\udd89\ud83c\udd74, ze",
    "\u01b6eppelin, zeppelin",
    "stra\u00dfe, strasse",
    "\u0406cON, icON",
    "\u0661\u0662, 12",
    "\u20aceppelin, eeppelin"
  })
  void lookalikesReadAsLatinLetters(String text, String latin) {
    assertThat(Lookalikes.fold(text)).isEqualTo(latin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain ASCII", "\u4eac\u90fd\u306e\u753a", "\ud55c\uc625 \ub9c8\uc744"})
  void lookalikesLeaveOtherScriptsAlone(String text) {
    assertThat(Lookalikes.fold(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\t',
      value = {
        "&#122;eppelin\tzeppelin",
        "&#x7A;eppelin\tzeppelin",
        "&#0122eppelin\tzeppelin",
        "z&eacute;ppelin\tzeppelin",
        "ze&shyppelin\tzeppelin",
        "&amp;#122;\t&#122;",
        "&nosuch; & &; &# &#x; &#0; &#x110000;\t&nosuch; & &; &# &#x; &#0; &#x110000;",
        "%7Aeppelin\tzeppelin",
        "%D0%B5\t\u0435",
        "%2541\t%41",
        "100% wool, 20% off\t100% wool, 20% off",
        "\\x7a\\u0065p\tzep",
        "\\x7 \\q \\\t\\x7 \\q \\"
      })
  void escapesLoseOneLayer(String text, String decoded) {
    assertThat(Escapes.decode(text)).isEqualTo(decoded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\t',
      value = {
        "a emVwcGVsaW4= b\ta zeppelin b",
        "emVwcGVsaW4\tzeppelin",
        "YmlrZQ==\tbike",
        "7a657070656c696e\tzeppelin",
        "0x7a657070656c696e\tzeppelin",
        "7a 65 70\tzep",
        "0x7a, 0x65, 0x70.\tzep."
      })
  void blobsAreReadInTheirPlace(String text, String decoded) {
    assertThat(Blobs.decode(text)).isEqualTo(decoded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "photorealistic masterpiece",
        "deadbeef cafe, 0xff0000 red",
        "#ff8800 #336699",
        "10 20 30 40",
        "file_name_of_my_cat.png",
        "AAAAAAAAAAAAAAAA",
        "////////========"
      })
  void blobsThatAreNoTextStay(String text) {
    assertThat(Blobs.decode(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\t',
      value = {
        "(zeppelin:1.3)\t0\tzeppelin",
        "((zep))[pelin]\t0\tzeppelin",
        "(zep:1.2)pelin\t0\tzeppelin",
        "[red|blue] door\t0\tred door",
        "[red|blue] door\t1\tblue door",
        "[red|blue] door\t2\tblue door",
        "[from:to:0.5] x\t0\tfrom x",
        "[from:to:0.5] x\t1\tto x",
        "[only:0.5] x\t0\tonly x",
        "{a|{b|c}}\t1\tc",
        "a <lora:name_v2:0.8> b\t0\ta  name_v2  b",
        "z<b>e</b>p<!-- a: b -->x\t0\tzepx",
        "a <dog-toy> b\t0\ta dog-toy b",
        "a BREAK b AND c\t0\ta   b   c",
        "\\(zep\\)\t0\tzep",
        "(zep(pelin\t0\tzeppelin",
        "zep)]}pelin :)\t0\tzeppelin :",
        "(a] b|c\t0\ta b|c",
        "16:9 a < b\t0\t16:9 a  b"
      })
  void promptSyntaxIsReadAsItsWords(String text, int choice, String words) {
    assertThat(new PromptSyntax(text).read(choice)).isEqualTo(words);
  }

  @Test
  void promptSyntaxCountsItsAlternatives() {
    assertThat(new PromptSyntax("plain").choices()).isEqualTo(1);
    assertThat(new PromptSyntax("(a:1.2) [b:0.5]").choices()).isEqualTo(1);
    assertThat(new PromptSyntax("[a|b]").choices()).isEqualTo(2);
    assertThat(new PromptSyntax("{a|b|c|d|e}").choices()).isEqualTo(3);
    assertThat(new PromptSyntax("[a|b").choices()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "z e p p,           zepp,         zepp",
    "red z.e.p sky,     red zep sky,  red zep sky",
    "z-e-p p-e-l,       zep pel,      zeppel",
    "z e p   p e l,     zep pel,      zeppel",
    "z e-p.p_e,         z eppe,       zeppe",
    "a z e p,           a zep,        azep",
    "v 6.1,             v 6.1,        v 6.1",
    "a b,               a b,          a b",
    "we go up,          we go up,     we go up",
    "4 x 4 = 16,        4 x 4 = 16,   4 x 4 = 16"
  })
  void letterRunsJoin(String text, String apart, String whole) {
    assertThat(LetterRuns.join(text, 1, true)).isEqualTo(apart);
    assertThat(LetterRuns.join(text, 1, false)).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\t',
      value = {
        "zep-pelin\tzeppelin\tzeppelin",
        "don't\tdont\tdont",
        "red,blue\tred,blue\tredblue",
        "zep*~pelin.\tzeppelin.\tzeppelin.",
        "zep - pelin\tzep - pelin\tzep - pelin",
        "pizz@ +c\tpizz@ +c\tpizz@ +c",
        "z@p\tz@p\tzp"
      })
  void wordJoinsReachAcrossMarks(String text, String careful, String bold) {
    assertThat(WordJoins.careful(text)).isEqualTo(careful);
    assertThat(WordJoins.bold(text)).isEqualTo(bold);
  }

  @Test
  void wordJoinsUndoAHyphenAtTheEndOfALine() {
    assertThat(WordJoins.careful("zep-\n  pelin")).isEqualTo("zeppelin");
    assertThat(WordJoins.careful("zep-  pelin\n")).isEqualTo("zep-  pelin\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\t',
      value = {
        "z3pp3l1n\tzeppelin",
        "b!cycle!!!\tbicycle!!!",
        "4r7\tart",
        "pizz@\tpizza",
        "zepp|e\tzeppie"
      })
  void leetIsReadInMixedTokens(String text, String letters) {
    assertThat(Leet.read(text, 0)).isEqualTo(letters);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3d",
        "1980s",
        "4k",
        "16mm",
        "2001",
        "16:9",
        "f1",
        "35mm f/1.8",
        "$100",
        "2nd",
        "10th",
        "B-17",
        "wow!!!",
        "a + b",
        "50%",
        "1/250s",
        "no 1"
      })
  void leetLeavesNumbersAlone(String text) {
    for (int reading = 0; reading < Leet.READINGS; reading++) {
      assertThat(Leet.read(text, reading)).isSameAs(text);
    }
  }

  @Test
  void leetTriesWhatAOneMayMean() {
    List<String> readings =
        List.of(
            Leet.read("z11z", 0), Leet.read("z11z", 1), Leet.read("z11z", 2), Leet.read("z11z", 3));
    assertThat(readings).containsExactly("ziiz", "zllz", "zliz", "zilz");
  }

  @Test
  void elongationShortensThreeOrMore() {
    assertThat(Elongation.shorten("sooo coOol book 1000")).isEqualTo("so col book 1000");
    assertThat(Elongation.shorten("book")).isEqualTo("book");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "' book keeper ', false, ' bok keper '",
        "' book keeper ', true, ' '",
        "' hooot dog 2000 ', true, ' hot '",
        "' bbiikkee ', true, ' bike '",
        "' ', false, ' '"
      })
  void elongationSqueezesWords(String words, boolean drawnOutOnly, String squeezed) {
    char[] out = new char[words.length() + 1];
    int length = Elongation.squeeze(words.toCharArray(), words.length(), drawnOutOnly, out);
    assertThat(new String(out, 0, length)).isEqualTo(squeezed);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "A Red-Bicycle!, ' a red bicycle '",
        "'', ' '",
        "\u4eac\u90fd, ' \u4eac \u90fd '",
        "4k\ud83c\udf88sun, ' 4k sun '"
      })
  void wordsAreLowerCaseWithSpacesAround(String text, String words) {
    assertThat(Words.of(text)).isEqualTo(words);
  }

  @Test
  void noStepFailsOrSwells() {
    List<UnaryOperator<String>> steps =
        List.of(
            TagText::reveal,
            Lookalikes::fold,
            Escapes::decode,
            Blobs::decode,
            text -> new PromptSyntax(text).read(1),
            text -> LetterRuns.join(text, 1, true),
            text -> LetterRuns.join(text, 2, false),
            WordJoins::careful,
            WordJoins::bold,
            text -> Leet.read(text, 3),
            Elongation::shorten);
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      String text = RandomText.of(random, random.nextInt(100));
      assertThat(Cleaning.clean(text).length()).isLessThanOrEqualTo(4 * text.length());
      for (int step = 0; step < steps.size(); step++) {
        assertThat(steps.get(step).apply(text).length())
            .as("step %d, seed %d", step, seed)
            .isLessThanOrEqualTo(2 * text.length());
      }
    }
  }
}
