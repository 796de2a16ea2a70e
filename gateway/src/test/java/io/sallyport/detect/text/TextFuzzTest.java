package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;

/** Foreign text and foreign files: nothing undeclared is thrown, nothing leaves its bounds. */
class TextFuzzTest {
  private static final LexiconDetector DETECTOR =
      Lexicons.detector("lexicon: terms\nlabels: {stand-in: [zeppelin, airship race]}");

  @FuzzTest
  void promptsAreReadAndMatched(FuzzedDataProvider data) throws UnavailableException {
    String text = data.consumeRemainingAsString();
    Prompt prompt = new PromptNormalizer().prepare(text);
    assertThat(prompt.forms().getFirst()).isEqualTo(text);
    assertThat(prompt.forms().size() + prompt.spellings().size())
        .isLessThanOrEqualTo(PromptNormalizer.READINGS_MAX);
    assertThat(DETECTOR.inspect(Stage.PROMPT, prompt, System.nanoTime() + 60_000_000_000L))
        .singleElement()
        .isInstanceOf(Signal.Score.class);
  }

  @FuzzTest
  void lexiconsAreParsedOrRefused(byte[] bytes) {
    Problems problems = new Problems();
    assertThat(Lexicon.parse("fuzz.yaml", bytes, problems).isPresent())
        .isEqualTo(problems.isEmpty());
  }
}
