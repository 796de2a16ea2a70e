package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file asks for and nobody here does is refused with its reason, never approximated. */
class TokenizerRefusalsTest {
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
