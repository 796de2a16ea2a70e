package io.sallyport.load;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many prompts the sentence model reads on these cores when they do nothing else: prompts like
 * those of the scenarios, tokenised beforehand, one thread a core. What the prompt gate's
 * throughput is compared with.
 */
public final class RawModelRuns {
  private static final int PROMPTS = 500;
  private static final int MAX_WINDOWS = 16;
  private static final int WARM_SECONDS = 3;

  private final TextModel model;
  private final List<List<Window>> prompts;

  private RawModelRuns(TextModel model, List<List<Window>> prompts) {
    this.model = model;
    this.prompts = List.copyOf(prompts);
  }

  /**
   * What came of it.
   *
   * @param perSecond prompts
   * @param cpuMillisPerRun of a prompt, all its windows
   */
  record Result(double perSecond, double cpuMillisPerRun) {
    static Result read(Path file) {
      return JsonMapper.shared().readValue(file, Result.class);
    }
  }

  /** Arguments: threads, seconds, the file for the result. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[0]);
    int seconds = Integer.parseInt(args[1]);
    try (Sentences sentences = Sentences.open()) {
      List<List<Window>> prompts = new ArrayList<>();
      for (int i = 0; i < PROMPTS; i++) {
        prompts.add(sentences.model().windows(Prompts.prompt(i), MAX_WINDOWS));
      }
      RawModelRuns runs = new RawModelRuns(sentences.model(), prompts);
      runs.run(threads, WARM_SECONDS);
      JsonMapper.shared().writeValue(Path.of(args[2]), runs.run(threads, seconds));
    }
  }

  private Result run(int threads, int seconds) throws InterruptedException, ExecutionException {
    long pid = ProcessHandle.current().pid();
    double cpu = Recorder.cpuSeconds(pid);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    long count = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i;
        parts.add(pool.submit(() -> loop(first, end)));
      }
      for (Future<Long> part : parts) {
        count += part.get();
      }
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new Result(count / elapsed, 1000 * (Recorder.cpuSeconds(pid) - cpu) / count);
  }

  private long loop(int first, long end) throws UnavailableException {
    float[] vector = new float[model.size()];
    long count = 0;
    while (System.nanoTime() - end < 0) {
      for (Window window : prompts.get((int) ((first + count) % prompts.size()))) {
        model.embed(window, vector, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
      }
      count++;
    }
    return count;
  }
}
