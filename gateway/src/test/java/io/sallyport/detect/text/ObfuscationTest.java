package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/**
 * The promise of issue 2: obfuscations of harmless stand-ins are found, ordinary prompts are not.
 */
class ObfuscationTest {
  private static final LexiconDetector DETECTOR =
      Lexicons.detector(
          """
          lexicon: prompt-terms
          labels: {stand-in: [zeppelin, airship race]}
          """);

  @Test
  void findsEveryObfuscation() throws Exception {
    List<String> missed = new ArrayList<>();
    List<String> lines = Resources.lines("obfuscations.txt");
    for (String line : lines) {
      String text = new ObjectMapper().readValue(line.substring(line.indexOf('\t')), String.class);
      if (score(text) != 1.0) {
        missed.add(line);
      }
    }
    assertThat(lines.stream().filter(line -> line.startsWith("two words"))).hasSizeGreaterThan(15);
    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(missed).isEmpty();
  }

  @Test
  void findsNothingInTwoHundredOrdinaryPrompts() throws Exception {
    List<String> prompts = Resources.lines("ordinary-prompts.txt");
    List<String> wrong = new ArrayList<>();
    for (String prompt : prompts) {
      for (String variant : variants(prompt)) {
        if (score(variant) != 0.0) {
          wrong.add(variant);
        }
      }
    }
    assertThat(prompts).hasSize(200).doesNotHaveDuplicates();
    assertThat(wrong).isEmpty();
  }

  /** As written, and lightly spaced: what people do for looks, not to hide. */
  private static List<String> variants(String prompt) {
    return List.of(
        prompt,
        prompt.toUpperCase(java.util.Locale.ROOT),
        prompt.replace(" ", "  "),
        prompt.replace(" ", "\n"),
        prompt.replace(" ", "-"),
        prompt.replace(" ", "_"),
        prompt.replace(" ", ""),
        String.join(" ", prompt.split("")),
        String.join(".", prompt.split("")));
  }

  private static double score(String text) throws UnavailableException {
    Prompt prompt = new PromptNormalizer().prepare(text);
    List<Signal> signals =
        DETECTOR.inspect(Stage.PROMPT, prompt, System.nanoTime() + 60_000_000_000L);
    return ((Signal.Score) signals.getFirst()).value();
  }
}
