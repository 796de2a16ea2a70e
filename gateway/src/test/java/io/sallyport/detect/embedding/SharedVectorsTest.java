package io.sallyport.detect.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.detect.Detector;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.ImageFormat;
import io.sallyport.detect.image.Picture;
import io.sallyport.detect.image.PictureVectors;
import io.sallyport.detect.image.Placement;
import io.sallyport.detect.image.View;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Tokenizer;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptVectors;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.testing.NoisyModels;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several heads on one embedding model see one run of it: the model's vectors differ at every run,
 * so equal scores come from one.
 */
class SharedVectorsTest {
  private static final AtomicInteger CUTS = new AtomicInteger();
  private static OnnxRuntime runtime;
  private static ModelStore store;

  @BeforeAll
  static void load(@TempDir Path models) throws Exception {
    NoisyModels.writePictures(models);
    NoisyModels.writeTexts(models);
    for (int i = 0; i < 3; i++) {
      NoisyModels.writeHead(models, "picture-head-" + i, NoisyModels.PICTURES);
      NoisyModels.writeHead(models, "text-head-" + i, NoisyModels.TEXTS);
    }
    Problems problems = new Problems();
    runtime = OnnxRuntime.open();
    Set<String> heads =
        Set.of(
            "picture-head-0",
            "picture-head-1",
            "picture-head-2",
            "text-head-0",
            "text-head-1",
            "text-head-2");
    store =
        ModelStore.load(runtime, models, heads, _ -> new CountingTokenizer(), problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
  }

  @AfterAll
  static void close() {
    store.close();
    runtime.close();
  }

  @Test
  void headsOnOnePictureModelSeeOneRunForEachSample() throws Exception {
    var vectors =
        new PictureVectors((ImageEmbeddingModel) store.model(NoisyModels.PICTURES).get(), true);
    List<Detector<Picture>> heads = heads("picture-head-", vectors);

    double first = onlyScore(heads, Stage.OUTPUT_IMAGE, picture());
    assertThat(onlyScore(heads, Stage.OUTPUT_IMAGE, picture()))
        .as("of another sample nothing is kept")
        .isNotEqualTo(first);
  }

  @Test
  void headsOnOneTextModelSeeOneRunForEachSample() throws Exception {
    var vectors = new PromptVectors((TextModel) store.model(NoisyModels.TEXTS).get(), true);
    List<Detector<Prompt>> heads = heads("text-head-", vectors);
    int before = CUTS.get();

    double first = onlyScore(heads, Stage.PROMPT, prompt());
    assertThat(CUTS.get() - before).as("a text is cut once").isEqualTo(1);
    assertThat(onlyScore(heads, Stage.PROMPT, prompt()))
        .as("of another sample nothing is kept")
        .isNotEqualTo(first);
  }

  @Test
  void whoStandsAloneKeepsNothing() throws Exception {
    var model = (TextModel) store.model(NoisyModels.TEXTS).get();
    Detector<Prompt> head = heads("text-head-", new PromptVectors(model, false)).getFirst();
    Prompt prompt = prompt();

    assertThat(score(head, Stage.PROMPT, prompt)).isNotEqualTo(score(head, Stage.PROMPT, prompt));
    assertThat(prompt.vectors()).hasToString("SampleVectors[0 models]");
  }

  private static <S> List<Detector<S>> heads(String prefix, Embedder<S> vectors) {
    List<Detector<S>> heads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HeadModel head = (HeadModel) store.model(prefix + i).orElseThrow();
      heads.add(new HeadDetector<>("head-" + i, vectors, head));
    }
    return heads;
  }

  /** The score that all detectors give. */
  private static <S> double onlyScore(List<Detector<S>> heads, Stage stage, S sample)
      throws UnavailableException {
    double first = score(heads.getFirst(), stage, sample);
    for (Detector<S> head : heads) {
      assertThat(score(head, stage, sample)).isEqualTo(first);
    }
    return first;
  }

  private static <S> double score(Detector<S> head, Stage stage, S sample)
      throws UnavailableException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    return ((Signal.Score) head.inspect(stage, sample, end).getFirst()).value();
  }

  private static Prompt prompt() {
    return new Prompt("abc", List.of("abc"));
  }

  private static Picture picture() {
    Framing framing = Framing.square(NoisyModels.SIDE);
    View view = new View(new float[framing.numbers()], new Placement(8, 8, 0, 0));
    return new Picture(ImageFormat.PNG, 8, 8, Map.of(framing, List.of(view)));
  }

  /** Counts the texts that it reads; every letter is token 0. */
  private static final class CountingTokenizer implements Tokenizer {
    @Override
    public int encode(CharSequence text, int[] ids) {
      CUTS.incrementAndGet();
      return Math.min(text.length(), ids.length);
    }

    @Override
    public int clsId() {
      return 0;
    }

    @Override
    public int sepId() {
      return 0;
    }
  }
}
