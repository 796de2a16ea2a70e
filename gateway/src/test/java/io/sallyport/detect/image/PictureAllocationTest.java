package io.sallyport.detect.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.detect.Sample;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lane thread allocates to judge a picture: to decode it, to weigh it, to ask the model. */
class PictureAllocationTest {
  private static final long BYTES_MAX = 64 << 10;
  private static final int PICTURES = 40;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aPngOfAMegapixelTakesLessThan64KilobytesBesideItsBody(@TempDir Path models)
      throws Exception {
    ColourModel.writeInto(models);
    byte[] file = PngSpec.random(new SplittableRandom(1), 1024, 1024, 2, 8).encode();
    try (OnnxRuntime runtime = OnnxRuntime.open();
        ModelStore store = store(runtime, models)) {
      ImageScorer model = (ImageScorer) store.model(ColourModel.NAME).orElseThrow();
      ImageClassifier classifier = ImageClassifier.of("image-magenta", model);
      for (Codecs codecs : new Codecs[] {Images.MACHINE, Codecs.open(NativeUse.OFF)}) {
        PictureReader reader =
            new PictureReader(ImageLimits.DEFAULTS, Set.of(classifier.framing()), codecs);
        judge(reader, classifier, file);

        long bytes = judge(reader, classifier, file);

        assertThat(bytes).as("bytes a picture").isBetween(1L, BYTES_MAX);
      }
    }
  }

  private static ModelStore store(OnnxRuntime runtime, Path models) {
    Problems problems = new Problems();
    return ModelStore.load(
            runtime,
            models,
            Set.of(ColourModel.NAME),
            file -> {
              throw new IOException("no text here");
            },
            problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  /** Bytes a picture, once everything that is made once is there. */
  private static long judge(PictureReader reader, ImageClassifier classifier, byte[] file)
      throws Exception {
    ByteBuffer body = ByteBuffer.wrap(file);
    long far = System.nanoTime() + 600_000_000_000L;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PICTURES; i++) {
      Sample sample = new Sample.Image(Stage.OUTPUT_IMAGE, body.duplicate());
      Picture picture = reader.prepare(sample);
      classifier.inspect(Stage.OUTPUT_IMAGE, picture, far);
      reader.release(picture);
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / PICTURES;
  }
}
