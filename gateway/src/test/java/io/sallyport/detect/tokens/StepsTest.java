package io.sallyport.detect.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StepsTest {
  /** All of Python's {@code string.punctuation} but {@code / < >}, as SigLIP's files write it. */
  private static final String SIGLIP =
      "[!\"\\#\\$%\\&'\\(\\)\\*\\+,\\-\\.:;=\\?@\\[\\\\\\]\\^_`\\{\\|\\}\\~]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a red-brown [boat], 3 \\ 4 ~ done!|a redbrown boat 3  4  done",
        "plain|plain",
        "a/b<c>|a/b<c>",
        "\u00fc\u2014\u00df \ud83d\ude80|\u00fc\u2014\u00df \ud83d\ude80"
      })
  void aListOfSymbolsIsTakenOut(String text, String wanted) throws IOException {
    assertThat(apply(SIGLIP, "", text)).isEqualTo(wanted);
  }

  @Test
  void everySymbolIsReplacedAndNotEveryRun() throws IOException {
    assertThat(apply("[!?]", "_", "what?!")).isEqualTo("what__");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[^!]",
        "[!-/]",
        "[[:punct:]]",
        "[!&&?]",
        "[a]",
        "[\\w]",
        "[!",
        "!]",
        "[!\\]",
        "[ ]",
        "[!]+",
        "[\u00bf]",
        "[!][?]"
      })
  void whatMeansMoreThanItsSymbolsIsRefused(String regex) {
    assertThatThrownBy(() -> apply(regex, "", "text"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not known");
  }

  private static String apply(String regex, String content, String text) throws IOException {
    String out = text;
    for (Step step :
        Steps.of(
            JsonMapper.shared()
                .valueToTree(
                    Map.of(
                        "type",
                        "Replace",
                        "pattern",
                        Map.of("Regex", regex),
                        "content",
                        content)))) {
      out = step.apply(out);
    }
    return out;
  }
}
