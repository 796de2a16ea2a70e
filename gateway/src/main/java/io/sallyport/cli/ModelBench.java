package io.sallyport.cli;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.BareRun;
import io.sallyport.detect.onnx.Framing;
import io.sallyport.detect.onnx.HeadModel;
import io.sallyport.detect.onnx.ImageEmbeddingModel;
import io.sallyport.detect.onnx.ImageScorer;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.RemoteModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Times one model: latency of one caller, throughput with a caller per core, and the latency of the
 * same runs by ONNX Runtime alone. Figures are of this machine at this moment; compare them within
 * one run.
 */
final class ModelBench {
  private static final int WARM_UP = 20;
  private static final int WINDOWS_MAX = 64;

  private final LoadedModel model;
  private final long nanos;

  /**
   * @param time of each measurement
   */
  ModelBench(LoadedModel model, Duration time) {
    this.model = model;
    this.nanos = time.toNanos();
  }

  /** Times everything there is to time, a line or two each. */
  void run(PrintWriter out) throws InterruptedException {
    if (model instanceof RemoteModel) {
      throw new UserException("a remote model runs elsewhere: there is nothing to time here");
    }
    for (Job job : jobs()) {
      measure(out, job);
    }
  }

  /** How long one run takes, in a few words; of texts, a short one. */
  String brief() {
    if (model instanceof RemoteModel) {
      return "runs elsewhere";
    }
    Job job = jobs().getFirst();
    Times times = alone(job.work());
    return String.format(
        Locale.ROOT, "p50 %.2f ms, p99 %.2f ms (%s)", times.p50(), times.p99(), job.what());
  }

  /**
   * Something to time.
   *
   * @param tokens of each run of the graph that the work makes; one run of a picture or vector has
   *     0, for want of tokens
   */
  private record Job(String what, Work work, int... tokens) {}

  private List<Job> jobs() {
    return switch (model) {
      case ImageScorer image -> {
        float[] view = view(image.framing());
        yield List.of(new Job(what(image.framing()), () -> image.scores(view, later()), 0));
      }
      case ImageEmbeddingModel image -> {
        float[] view = view(image.framing());
        yield List.of(
            new Job(
                what(image.framing()),
                () -> image.embed(view, new float[image.size()], later()),
                0));
      }
      case HeadModel head -> {
        float[] vector = new float[head.input().size()];
        Arrays.fill(vector, (float) (1 / Math.sqrt(vector.length)));
        yield List.of(new Job(vector.length + " numbers", () -> head.scores(vector, later()), 0));
      }
      case TextClassifierModel text ->
          prompts().stream()
              .map(
                  prompt -> {
                    List<Window> windows = windows(text::windows, prompt);
                    Work work = () -> text.strongest(windows, later());
                    return new Job(what(prompt, windows), work, lengths(windows));
                  })
              .toList();
      case TextModel text ->
          prompts().stream()
              .map(
                  prompt -> {
                    List<Window> windows = windows(text::windows, prompt);
                    Work work = () -> embed(text, windows);
                    return new Job(what(prompt, windows), work, lengths(windows));
                  })
              .toList();
      case RemoteModel remote -> List.of();
    };
  }

  private static float[] view(Framing framing) {
    float[] view = new float[framing.numbers()];
    for (int i = 0; i < view.length; i++) {
      view[i] = (i * 31) % 256;
    }
    return view;
  }

  private static void embed(TextModel text, List<Window> windows) throws UnavailableException {
    float[] vector = new float[text.size()];
    for (Window window : windows) {
      text.embed(window, vector, later());
    }
  }

  /** Of 10, 40 and 100 words. */
  private static List<String> prompts() {
    return Stream.of(2, 8, 20).map("a quiet harbour at dawn "::repeat).toList();
  }

  private static String what(Framing framing) {
    return framing.width() + "x" + framing.height();
  }

  private static String what(String prompt, List<Window> windows) {
    return prompt.split(" ").length + " words, " + windows.size() + " windows";
  }

  private static List<Window> windows(Cut cut, String prompt) {
    try {
      return cut.windows(prompt, WINDOWS_MAX);
    } catch (UnavailableException e) {
      throw new UserException("the model cannot read a plain prompt: " + e.why().wire());
    }
  }

  private static long later() {
    return System.nanoTime() + 60_000_000_000L;
  }

  private static int[] lengths(List<Window> windows) {
    return windows.stream().mapToInt(Window::tokens).toArray();
  }

  private void measure(PrintWriter out, Job job) throws InterruptedException {
    Times times = alone(job.work());
    int cores = Runtime.getRuntime().availableProcessors();
    out.printf(
        Locale.ROOT,
        "%-28s one caller: p50 %.2f ms, p99 %.2f ms; %d callers: %.0f a second%n",
        job.what(),
        times.p50(),
        times.p99(),
        cores,
        together(job.work(), cores));
    Times bare = bare(job.tokens());
    out.printf(
        Locale.ROOT,
        "%-28s ONNX Runtime alone: p50 %.2f ms, p99 %.2f ms; ours takes %.2f of its p50%n",
        "",
        bare.p50(),
        bare.p99(),
        times.p50() / bare.p50());
    out.flush();
  }

  /** The same runs of the graph by ONNX Runtime's plain call. */
  private Times bare(int... tokens) {
    List<BareRun> runs = new ArrayList<>();
    try {
      for (int length : tokens) {
        runs.add(BareRun.of(model, length));
      }
      return alone(
          () -> {
            for (BareRun run : runs) {
              run.run();
            }
          });
    } catch (UnavailableException e) {
      throw new UserException("the model's graph does not run alone: " + e.getMessage());
    } finally {
      runs.forEach(BareRun::close);
    }
  }

  /**
   * How long one run takes.
   *
   * @param p50 milliseconds
   * @param p99 milliseconds
   */
  private record Times(double p50, double p99) {}

  private Times alone(Work work) {
    for (int i = 0; i < WARM_UP; i++) {
      once(work);
    }
    List<Long> taken = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      long since = System.nanoTime();
      once(work);
      taken.add(System.nanoTime() - since);
    }
    long[] sorted = taken.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Times(sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6);
  }

  private double together(Work work, int callers) throws InterruptedException {
    AtomicLong runs = new AtomicLong();
    long since = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() - since < nanos) {
                      once(work);
                      runs.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return runs.get() * 1e9 / (System.nanoTime() - since);
  }

  private static void once(Work work) {
    try {
      work.run();
    } catch (UnavailableException e) {
      throw new UserException("the model gave no answer: " + e.why().wire());
    }
  }

  private interface Work {
    void run() throws UnavailableException;
  }

  private interface Cut {
    List<Window> windows(String text, int windowsMax) throws UnavailableException;
  }
}
