package io.sallyport.detect.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a lane thread allocates to judge an ordinary prompt by the shipped term lists and concepts.
 */
class PromptAllocationTest {
  private static final int BYTES_MAX = 8 << 10;
  private static final int PROMPTS = 200;
  private static final Path POLICIES = Path.of("..", "policies");

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Some 45 words, no two alike. */
  private static String prompt(int number) {
    return "a lighthouse on a rocky coast, an old library with tall windows, soft morning light, "
        + "wooden boats in a small harbour, thick oil paint, a kettle steaming on a stove, "
        + "mist over the hills, reflections in wet stone, balanced composition with a low horizon, "
        + "a violin resting on "
        + (char) ('a' + number % 26)
        + " chair";
  }

  @Test
  void anOrdinaryPromptTakesLessThanEightKilobytes() throws Exception {
    Problems problems = new Problems();
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store =
            ModelStore.load(
                    runtime, Path.of("."), Set.of(ModelStore.MINILM), Tokenizers::open, problems)
                .orElseThrow()) {
      TextModel model = (TextModel) store.model(ModelStore.MINILM).orElseThrow();
      Concepts file =
          Concepts.load(POLICIES.resolve("concepts/default.yaml"), problems).orElseThrow();
      ConceptsDetector concepts =
          ConceptsDetector.of("concepts", file, model, problems).orElseThrow();
      LexiconDetector terms =
          new LexiconDetector(
              Lexicon.read(POLICIES.resolve("lexicons/default.yaml"), problems).orElseThrow());
      assertThat(problems.list()).isEmpty();

      judge(terms, concepts);
      long bytes = judge(terms, concepts);

      assertThat(bytes).as("bytes a prompt").isBetween(1L, (long) BYTES_MAX);
    }
  }

  /** Bytes a prompt, once everything that is made once is there. */
  private static long judge(LexiconDetector terms, ConceptsDetector concepts) throws Exception {
    PromptNormalizer normalizer = new PromptNormalizer();
    long far = System.nanoTime() + 600_000_000_000L;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PROMPTS; i++) {
      Prompt prompt = normalizer.prepare(prompt(i));
      terms.inspect(Stage.PROMPT, prompt, far);
      concepts.inspect(Stage.PROMPT, prompt, far);
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / PROMPTS;
  }
}
