package io.sallyport.load;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.ImageClassifier;
import io.sallyport.detect.image.ImageLimits;
import io.sallyport.detect.image.NativeUse;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureReader;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import io.sallyport.detect.text.Concepts;
import io.sallyport.detect.text.ConceptsDetector;
import io.sallyport.detect.text.Lexicon;
import io.sallyport.detect.text.LexiconDetector;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptNormalizer;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.load.bench.TestPicture;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a lane thread allocates on the heap to judge a prompt by the shipped term lists and
 * concepts, and to judge a PNG of 1024 x 1024 pixels by the embedded image model, beside the
 * picture's own bytes: {@code load-tests/bin/bench allocation}.
 */
final class Allocations {
  /** What these ratios begin with in {@code thresholds.json}. */
  static final String PREFIX = "allocation: ";

  private static final double PROMPT_BYTES = 8 << 10;
  private static final double PNG_BYTES = 64 << 10;
  private static final int PROMPTS = 500;
  private static final int PICTURES = 60;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocations() {}

  static Numbers measure(Path root) throws IOException, UnavailableException {
    System.err.println("load-tests: allocations");
    EmbeddedImageModel.importInto(root.resolve("models"));
    Problems problems = new Problems();
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store =
            ModelStore.load(
                    runtime,
                    root.resolve("models"),
                    Set.of(ModelStore.MINILM, EmbeddedImageModel.NAME),
                    Tokenizers::open,
                    PictureReader::example,
                    problems)
                .orElseThrow(() -> new IllegalStateException(problems.list().toString()))) {
      long prompt = prompt(root, (TextModel) store.model(ModelStore.MINILM).orElseThrow());
      ImageScorer model = (ImageScorer) store.model(EmbeddedImageModel.NAME).orElseThrow();
      long png = png(model, NativeUse.AUTO);
      long pngWithout = png(model, NativeUse.OFF);
      Table table = new Table("allocated, bytes", "measured");
      table.add("prompt of " + Prompts.WORDS + " words", Long.toString(prompt));
      table.add("PNG 1024 x 1024", Long.toString(png));
      table.add("PNG 1024 x 1024, without libraries", Long.toString(pngWithout));
      Map<String, Double> ratios = new LinkedHashMap<>();
      ratios.put(PREFIX + "prompt / 8 KB", prompt / PROMPT_BYTES);
      ratios.put(PREFIX + "PNG / 64 KB", png / PNG_BYTES);
      ratios.put(PREFIX + "PNG without libraries / 64 KB", pngWithout / PNG_BYTES);
      return new Numbers(table.toString(), ratios);
    }
  }

  private static long prompt(Path root, TextModel model) throws UnavailableException {
    Path policies = root.resolve("policies");
    Problems problems = new Problems();
    Concepts file =
        Concepts.load(policies.resolve("concepts/default.yaml"), problems).orElseThrow();
    ConceptsDetector concepts =
        ConceptsDetector.of("concepts", file, model, problems).orElseThrow();
    LexiconDetector terms =
        new LexiconDetector(
            Lexicon.read(policies.resolve("lexicons/default.yaml"), problems).orElseThrow());
    prompts(terms, concepts);
    return prompts(terms, concepts);
  }

  /** Bytes a prompt. */
  private static long prompts(LexiconDetector terms, ConceptsDetector concepts)
      throws UnavailableException {
    PromptNormalizer normalizer = new PromptNormalizer();
    String[] texts = new String[PROMPTS];
    for (int i = 0; i < PROMPTS; i++) {
      texts[i] = Prompts.prompt(i);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (String text : texts) {
      Prompt prompt = normalizer.prepare(text);
      terms.inspect(Stage.PROMPT, prompt, later());
      concepts.inspect(Stage.PROMPT, prompt, later());
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / PROMPTS;
  }

  private static long png(ImageScorer model, NativeUse libraries)
      throws IOException, UnavailableException {
    ImageClassifier classifier = ImageClassifier.of("image", model);
    PictureReader reader =
        new PictureReader(
            ImageLimits.DEFAULTS, Set.of(classifier.framing()), Codecs.open(libraries));
    ByteBuffer file = ByteBuffer.wrap(new TestPicture().file("png-adaptive"));
    pictures(reader, classifier, file);
    return pictures(reader, classifier, file);
  }

  /** Bytes a picture. */
  private static long pictures(PictureReader reader, ImageClassifier classifier, ByteBuffer file)
      throws UnavailableException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PICTURES; i++) {
      Picture picture = reader.prepare(new Sample.Image(Stage.OUTPUT_IMAGE, file.duplicate()));
      classifier.inspect(Stage.OUTPUT_IMAGE, picture, later());
      reader.release(picture);
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / PICTURES;
  }

  private static long later() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
  }
}
