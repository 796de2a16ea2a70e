package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.text.RandomText;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {
  @Test
  void windowsStartAndEndAsTheFileSays() {
    assertThat(Goldens.open("bert-cased"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(2, 3);
    assertThat(Goldens.open("roberta"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(0, 2);
    assertThat(Goldens.open("roberta-prefix"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(0, 2);
    assertThat(Goldens.open("deberta-v3"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(1, 2);
  }

  @Test
  void oneEndMayBeBare() {
    assertThat(Goldens.open("llama"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(1, Tokenizer.NONE);
    assertThat(Goldens.open("gemma"))
        .extracting(Tokenizer::clsId, Tokenizer::sepId)
        .containsExactly(Tokenizer.NONE, 1);
  }

  @Test
  void sayWhatTheyAre() {
    assertThat(Goldens.open("bert-cased")).asString().startsWith("WordPiece, cased, with accents");
    assertThat(Goldens.open("roberta")).asString().matches("byte-level BPE, \\d+ tokens");
    assertThat(Goldens.open("clip")).asString().matches("byte-level BPE, \\d+ tokens");
    assertThat(Goldens.open("gemma"))
        .asString()
        .matches("BPE with bytes for unknown characters, \\d+ tokens");
    assertThat(Goldens.open("deberta-v3")).asString().matches("Unigram, \\d+ tokens");
  }

  /** Whoever can spell the end of a text could hide what comes after it. */
  @ParameterizedTest
  @CsvSource({
    "bert-cased, [SEP]",
    "roberta, </s>",
    "xlm-roberta, </s>",
    "xlm-roberta-old, <pad>",
    "deberta-v3, [SEP]",
    "albert, [CLS]",
    "clip, <|endoftext|>",
    "clip, <|STARTOFTEXT|>",
    "llama, <s>",
    "llama-first, </s>",
    "gemma, <eos>",
    "unigram-bytes, </s>"
  })
  void specialTokensInATextArePlainText(String family, String special) {
    Tokenizer tokenizer = Goldens.open(family);
    int[] found = Goldens.ids(tokenizer, "a " + special + " b" + special);
    int[] within = Arrays.copyOfRange(found, 1, found.length - 1);
    assertThat(within).doesNotContain(tokenizer.clsId(), tokenizer.sepId()).hasSizeGreaterThan(4);
  }

  /** A normaliser could make a special token of what is none: full-width letters, for one. */
  @Test
  void specialTokensThatANormalizerMakesArePlainTextToo() {
    Tokenizer tokenizer = Goldens.open("xlm-roberta");
    int[] found = Goldens.ids(tokenizer, "a \uff1c\uff0f\uff53\uff1e b");
    assertThat(Arrays.copyOfRange(found, 1, found.length - 1)).doesNotContain(0, 1, 2);
  }

  /** In SentencePiece's own reading; the reference of the goldens takes it for the byte. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "unigram-bytes"})
  void aTextCannotSpellTheTokenOfAByte(String family) {
    String digits = "{\"type\":\"Digits\",\"individual_digits\":true},";
    Tokenizer tokenizer = Goldens.opened(Goldens.json(family).replace(digits, ""));
    int[] none = Goldens.ids(tokenizer, "<0x41>");
    int[] one = Goldens.ids(tokenizer, "\u007f");
    int byteOf7f = one[one.length - (tokenizer.sepId() == Tokenizer.NONE ? 1 : 2)];
    assertThat(none).hasSizeGreaterThan(5).doesNotContain(byteOf7f - 0x7f + 0x41);
  }

  /** OpenAI's own file and those that the library converts differ in this alone. */
  @Test
  void bothSpellingsOfClipsSplitAreKnown() {
    Tokenizer one = Goldens.open("clip");
    String ends = "<\\\\|startoftext\\\\|>|<\\\\|endoftext\\\\|>|";
    assertThat(Goldens.json("clip")).contains(ends);
    Tokenizer other = Goldens.opened(Goldens.json("clip").replace(ends, ""));
    String text = "It's 12 o'clock!! \u6771\u4eac, isn't it? <3";
    assertThat(Goldens.ids(other, text)).isEqualTo(Goldens.ids(one, text));
    // The end of a text in capitals is no special token to either, but one word to OpenAI's.
    assertThat(Goldens.ids(other, "<|ENDOFTEXT|>!"))
        .isNotEqualTo(Goldens.ids(one, "<|ENDOFTEXT|>!"));
  }

  /** Bytes of a character that is cut by the end of the array are no reason to go on. */
  @Test
  void bytesStopAtTheEndOfTheArrayToo() {
    for (String family : List.of("llama", "gemma", "unigram-bytes")) {
      int[] whole = new int[40];
      String text = "\ud83d\ude81\ud83d\ude82\u0e17";
      int count = Goldens.open(family).encode(text, whole);
      assertThat(count).isGreaterThan(8);
      for (int limit = 0; limit <= count; limit++) {
        int[] cut = new int[limit];
        assertThat(Goldens.open(family).encode(text, cut)).isEqualTo(limit);
        assertThat(cut).isEqualTo(Arrays.copyOf(whole, limit));
      }
    }
  }

  static java.util.stream.Stream<String> families() {
    return Goldens.FAMILIES.stream();
  }

  @ParameterizedTest
  @MethodSource("families")
  void neverFailAndNeverLeaveTheVocabulary(String family) {
    Tokenizer tokenizer = Goldens.open(family);
    int size = Integer.parseInt(tokenizer.toString().replaceAll(".* (\\d+) tokens", "$1"));
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      String text = RandomText.of(random, random.nextInt(200));
      // NFKC makes 18 characters of one, and each may be spelled with three bytes.
      int[] ids = new int[18 * 3 * text.length() + 8];
      int count = tokenizer.encode(text, ids);
      assertThat(count).as("seed %d", seed).isLessThan(ids.length);
      assertThat(Arrays.stream(ids, 0, count)).allMatch(id -> id >= 0 && id < size);
    }
  }

  /** Half a million characters without a space are one word; the queue of merges must bear it. */
  @ParameterizedTest
  @MethodSource("families")
  void bearOneVeryLongWord(String family) {
    int[] ids = new int[50];
    int count = Goldens.open(family).encode("bicycle".repeat(70_000), ids);
    assertThat(count).isEqualTo(family.startsWith("bert") ? 1 : 50);
  }

  /** One character over and over makes the most of merges, marks and runs. */
  @ParameterizedTest
  @MethodSource("families")
  void bearOneCharacterOverAndOver(String family) {
    Tokenizer tokenizer = Goldens.open(family);
    for (String one : List.of("a", " ", "\u2581", "'", "1", "-", "\n", "\u0301", "\ud83d\ude80")) {
      int[] ids = new int[500_000];
      assertThat(tokenizer.encode(one.repeat(100_000), ids)).as(one).isLessThan(ids.length);
    }
  }
}
