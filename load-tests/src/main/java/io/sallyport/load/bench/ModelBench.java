package io.sallyport.load.bench;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.Window;
import io.sallyport.load.Sentences;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Tokenising a prompt of ordinary length, and reading it with the embedded sentence model. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModelBench {
  static final String PROMPT =
      "a lighthouse on a rocky coast, soft morning light, watercolour on rough paper, mist over the"
          + " hills, a calm and quiet mood, balanced composition with a low horizon, fine pencil"
          + " lines, reflections in wet stone";
  private static final int MAX_WINDOWS = 16;

  private final Sentences sentences = Sentences.open();
  private final float[] vector = new float[sentences.model().size()];
  private List<Window> windows = List.of();

  /** Tokenises once, for {@link #embed()}. */
  @Setup
  public void tokenise() throws UnavailableException {
    windows = tokenizer();
  }

  /** Text to windows of token ids. */
  @Benchmark
  public List<Window> tokenizer() throws UnavailableException {
    return sentences.model().windows(PROMPT, MAX_WINDOWS);
  }

  /** Windows of token ids to vectors. */
  @Benchmark
  public float[] embed() throws UnavailableException {
    for (Window window : windows) {
      sentences.model().embed(window, vector, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }
    return vector;
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    sentences.close();
  }
}
