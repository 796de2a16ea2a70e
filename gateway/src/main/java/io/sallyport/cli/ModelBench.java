package io.sallyport.cli;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.ImageModel;
import io.sallyport.detect.onnx.LoadedModel;
import io.sallyport.detect.onnx.TextClassifierModel;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.onnx.Window;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Times one model: latency of one caller, then throughput with a caller per core. Figures are of
 * this machine at this moment; compare them within one run.
 */
final class ModelBench {
  private static final int WARM_UP = 20;
  private static final int WINDOWS_MAX = 64;

  private final LoadedModel model;
  private final long nanos;

  ModelBench(LoadedModel model, int seconds) {
    this.model = model;
    this.nanos = seconds * 1_000_000_000L;
  }

  void run(PrintWriter out) throws InterruptedException {
    switch (model) {
      case ImageModel image -> {
        float[] view = new float[3 * image.side() * image.side()];
        for (int i = 0; i < view.length; i++) {
          view[i] = (i * 31) % 256;
        }
        measure(out, image.side() + "x" + image.side(), () -> image.scores(view, later()));
      }
      case TextClassifierModel text -> {
        for (String prompt : prompts()) {
          List<Window> windows = windows(text::windows, prompt);
          measure(out, what(prompt, windows), () -> text.strongest(windows, later()));
        }
      }
      case TextModel text -> {
        for (String prompt : prompts()) {
          List<Window> windows = windows(text::windows, prompt);
          measure(out, what(prompt, windows), () -> embed(text, windows));
        }
      }
    }
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

  private void measure(PrintWriter out, String what, Work work) throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      once(work);
    }
    long[] taken = alone(work);
    Arrays.sort(taken);
    int cores = Runtime.getRuntime().availableProcessors();
    out.printf(
        "%-28s one caller: p50 %.2f ms, p99 %.2f ms; %d callers: %.0f a second%n",
        what,
        taken[taken.length / 2] / 1e6,
        taken[(int) (taken.length * 0.99)] / 1e6,
        cores,
        together(work, cores));
    out.flush();
  }

  private long[] alone(Work work) {
    List<Long> taken = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      long since = System.nanoTime();
      once(work);
      taken.add(System.nanoTime() - since);
    }
    return taken.stream().mapToLong(Long::longValue).toArray();
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
