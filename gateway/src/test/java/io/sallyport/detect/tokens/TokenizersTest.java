package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.text.RandomText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
      int[] ids = new int[8 * text.length() + 8];
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"model\":",
        "{\"model\":[]}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":-1}}}",
        "{\"model\":{\"vocab\":{\"a\":\"1\"}}}",
        "{\"model\":{\"vocab\":{\"a\":1,\"a\":2}}}",
        "{\"model\":{\"vocab\":{\"a\":1}},\"model\":{\"vocab\":{\"b\":2},\"type\":\"WordPiece\"}}",
        "{\"model\":{\"vocab\":[[\"a\"]]}}",
        "{\"model\":{\"vocab\":[[\"a\",\"b\"]]}}",
        "{\"model\":{\"vocab\":[[\"a\",1,2]]}}",
        "{\"model\":{\"vocab\":[1]}}",
        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}}}",
        "{\"normalizer\":{\"type\":\"BertNormalizer\"},"
            + "\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0}}}"
      })
  void refuseWhatIsNoTokenizer(String json) {
    assertRefused(json, "");
  }

  /** Each line: a family, a piece of its file, what is put in its place, and the refusal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bert-cased | \"clean_text\":true | \"clean_text\":false | clean_text: false is not known",
        "bert-cased | \"lowercase\":false | \"lowercase\":\"no\" | neither true nor false",
        "bert-cased | \"BertNormalizer\" | \"NFC\" | WordPiece model without a BertNormalizer",
        "bert-cased | \"BertPreTokenizer\" | \"Whitespace\" | another pre_tokenizer",
        "bert-cased | \"continuing_subword_prefix\":\"##\" | \"continuing_subword_prefix\":\"@@\" |"
            + " prefix is not ##",
        "bert-cased | \"max_input_chars_per_word\":100 | \"max_input_chars_per_word\":1000000000 |"
            + " out of range",
        "bert-cased | \"unk_token\":\"[UNK]\" | \"unk_token\":\"<none>\" | no token '<none>'",
        "bert-cased | \"special\":true | \"special\":false | added tokens that are not"
            + " special: [[PAD]",
        "bert-cased | \"ids\":[2] | \"ids\":[2,3] | has not one id",
        "bert-cased | {\"Sequence\":{\"id\":\"A\",\"type_id\":0}}, | `` | one token before a text",
        "bert-cased | {\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}} |"
            + " {\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":1}} | type_id is not 0",
        "bert-cased | \"TemplateProcessing\" | \"Invented\" | post_processor 'Invented' is not"
            + " known",
        "roberta | \"post_processor\" | \"ignored\" | no post_processor",
        "roberta | \"cls\":[\"<s>\",0] | \"cls\":[\"<s>\"] | a special token's id is not a whole"
            + " number",
        "roberta | \"ByteLevel\" | \"Whitespace\" | pre_tokenizer 'Whitespace' is not known",
        "roberta | \"pre_tokenizer\" | \"ignored\" | without ByteLevel as its last",
        "roberta | \"normalizer\":null | \"normalizer\":{\"type\":\"Nmt\"} | normalizer 'Nmt' is"
            + " not known",
        "roberta | \"normalizer\":null | \"normalizer\":{\"type\":\"BertNormalizer\"} | with a"
            + " WordPiece model only",
        "roberta | \"end_of_word_suffix\":\"\" | \"end_of_word_suffix\":\"</w>\" | no token"
            + " '\u0100</w>'",
        "roberta | \"dropout\":null | \"dropout\":0.1 | another answer each time",
        "roberta | \"\u0120\": | \"another\": | no token '\u0120'",
        "roberta | \"merges\":[ | \"merges\":[\"a  b\", | a merge is not a pair",
        "roberta | \"merges\":[ | \"merges\":[\"z \u0120zz\", | no token",
        "roberta-prefix | \"merges\":[ | \"merges\":[[\"a\"], | a merge is not a pair",
        "roberta-prefix | \"merges\":[ | \"merges\":[7, | a merge is not a pair",
        "roberta-prefix | \"ignore_merges\":false | \"ignore_merges\":true | ignore_merges is not"
            + " known",
        "xlm-roberta | \"byte_fallback\":false | \"byte_fallback\":true | no token '<0x00>'",
        "xlm-roberta | \"unk_id\":3 | \"unk_id\":null | unk_id is not a whole number",
        "xlm-roberta | \"unk_id\":3 | \"unk_id\":1000000 | unk_id is out of range",
        "xlm-roberta | \" {2,}\" | \"a+\" | a Replace of 'a+' is not known",
        "xlm-roberta | \"prepend_scheme\":\"always\" | \"prepend_scheme\":\"first\" |"
            + " prepend_scheme 'first' after a normalizer",
        "xlm-roberta | \"replacement\":\"\u2581\" | \"replacement\":\"ab\" | not one character",
        "xlm-roberta | \"precompiled_charsmap\":\" | \"precompiled_charsmap\":\"* | no base64",
        "xlm-roberta | \"precompiled_charsmap\":\" | \"precompiled_charsmap\":\"AAAA | charsmap is"
            + " cut",
        "xlm-roberta | \"precompiled_charsmap\" | \"other\" | charsmap is empty",
        "xlm-roberta | \"vocab\":[ | \"vocab\":[[\"\u2581a\",-1], | a piece stands there twice",
        "xlm-roberta | \"type\":\"Unigram\" | \"type\":\"BPE\" | vocabulary is a list",
        "roberta | \"type\":\"BPE\" | \"type\":\"Unigram\" | vocabulary is no list",
        "roberta | \"content\":\"<mask>\" | \"content\":\"\u0120a\" | a merge makes the special"
            + " token",
        "clip | `[\\\\p{L}]+|` | `\\\\w+|` | a Split at",
        "clip | \"Removed\" | \"Dropped\" | behavior 'Dropped' is not known",
        "clip | \"invert\":true | \"invert\":1 | neither true nor false",
        "clip | \\\\s+\" | \\\\S+\" | a Replace of '\\S+' is not known",
        "clip | \"end_of_word_suffix\":\"</w>\" | \"end_of_word_suffix\":\"</x>\" | no token",
        "clip | {\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true}] |"
            + " {\"type\":\"WhitespaceSplit\"}] | without ByteLevel as its last",
        "llama | \"<0x41>\": | \"<0x041>\": | no token '<0x41>'",
        "llama | \"end_of_word_suffix\":null | \"end_of_word_suffix\":\"</w>\" | not known with"
            + " byte_fallback",
        "llama | \"content\":\"</s>\" | \"content\":\"a\" | a special token is one character",
        "llama | \"pre_tokenizer\":null | \"pre_tokenizer\":{\"type\":\"ByteLevel\"} | with"
            + " ByteLevel as its pre_tokenizer",
        "llama | \"prepend\":\"\u2581\" | \"prepend\":\"\\ud800\" | half a character",
        "llama | {\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}}, | `` | no token around a text",
        "llama-first | \"normalizer\":null | \"normalizer\":{\"type\":\"NFC\"} | 'first' after a"
            + " normalizer",
        "llama-first | \"first\" | \"last\" | prepend_scheme 'last'",
        "llama-first | \"special\":true | \"special\":false | 'first' after a normalizer",
        "gemma | \"pattern\":{\"String\":\" \"},\"behavior\" | \"pattern\":{},\"behavior\" | a"
            + " Split at ''",
        "gemma | \"pattern\":{\"String\":\" \"},\"behavior\" |"
            + " \"pattern\":{\"String\":\"\\udc00\"},\"behavior\" | half a character",
        "gemma | \"normalized\":false,\"special\":false | \"normalized\":true,\"special\":false |"
            + " is not special, and normalized",
        "gemma | \"rstrip\":false,\"normalized\":false,\"special\":false |"
            + " \"rstrip\":true,\"normalized\":false,\"special\":false | is not special, and"
            + " rstrip",
        "gemma | \"id\":4,\"content\":\"<unused0>\" | \"id\":5,\"content\":\"<unused0>\" | another"
            + " token with the id of '<unused0>'",
        "gemma | \"content\":\"zeppelin over\" | \"content\":\"zeppelin\" | stands there twice",
        "gemma | \"content\":\"<unused0>\" | \"content\":\"\" | has no content",
        "unigram-bytes | [\"<0x41>\",0] | [\"<0x42>\",0] | a piece stands there twice",
        "unigram-bytes | [\"<0x41>\",0], | `` | no token '<0x41>'"
      })
  void refuseWhatNobodyHereDoes(String family, String part, String instead, String why) {
    String json = Goldens.json(family);
    assertThat(json).contains(part);
    assertRefused(json.replace(part, instead), why);
  }

  @Test
  void refuseAMarkedSplitBeforeBytes() {
    assertRefused(
        Goldens.json("xlm-roberta")
            .replace(
                "\"pre_tokenizer\":{\"type\":\"Metaspace\"",
                "\"pre_tokenizer\":{\"type\":\"ByteLevel\""),
        "with ByteLevel as its pre_tokenizer");
  }

  private static void assertRefused(String json, String why) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Tokenizers.open(new ByteArrayInputStream(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("tokenizer.json: ")
        .hasMessageContaining(why);
  }
}
