package io.sallyport.load.bench;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.text.Prompt;
import io.sallyport.detect.text.PromptNormalizer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading an ordinary prompt, and one in every harmless disguise at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NormalizerBench {
  private static final String DISGUISED =
      "a (z3pp3l1n:1.3) over a l i g h t h o u s e, z.e.p.p.e.l.i.n, &#122;eppelin %7Aeppelin"
          + " <lora:airship:0.8> zeeeeppelin, \u0437eppelin, ze\u200bppelin"
          + " emVwcGVsaW4gemVwcGVsaW4=";

  private final PromptNormalizer normalizer = new PromptNormalizer();

  /** The usual case: nothing to do. */
  @Benchmark
  public Prompt ordinary() throws UnavailableException {
    return normalizer.prepare(ModelBench.PROMPT);
  }

  /** The unusual case. */
  @Benchmark
  public Prompt disguised() throws UnavailableException {
    return normalizer.prepare(DISGUISED);
  }
}
