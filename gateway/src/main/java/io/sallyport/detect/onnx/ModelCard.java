package io.sallyport.detect.onnx;

import io.sallyport.detect.ModelUse;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code model.yaml} says about a model: what it is, whose it is, which files it consists of,
 * how it is fed, and what it must answer to its own examples.
 *
 * @param name the model's name, {@code [a-z0-9][a-z0-9._-]*}
 * @param file the card, as the operator would name it in a message
 * @param licence SPDX expression, or the licence's own name
 * @param source where the files came from, for people
 * @param files every file of the model by its path in the folder, in the card's order
 * @param deadline the longest that one inspection may take
 * @param threads runs of it at once at most; {@link ModelUse#ALL_THREADS} when the card says none
 * @param advisory true when its signals may flag and never block
 * @param kind what the model does, with all that depends on it
 * @param digest SHA-256 of the card's canonical form, 64 lower-case hex digits. The card names the
 *     digest of every file, so this one stands for the whole model
 */
public record ModelCard(
    String name,
    String file,
    String licence,
    String source,
    Map<String, FilePin> files,
    Duration deadline,
    int threads,
    boolean advisory,
    Kind kind,
    String digest) {

  public ModelCard {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** The name of the ONNX file. The reader of cards has made sure that there is exactly one. */
  String onnxFile() {
    return files.keySet().stream().filter(name -> name.endsWith(".onnx")).findFirst().orElseThrow();
  }

  /** What the lane must know of it. */
  public ModelUse use() {
    return new ModelUse(name, digest, threads, deadline);
  }

  /** The sooner of {@code deadlineNanos} and this card's own deadline, counted from now. */
  public long endNanos(long deadlineNanos) {
    long own = System.nanoTime() + deadline.toNanos();
    return deadlineNanos - own < 0 ? deadlineNanos : own;
  }

  /**
   * A file's expected content.
   *
   * @param sha256 64 lower-case hex digits
   * @param line where the card says so, 1-based
   */
  public record FilePin(String sha256, int line) {}
}
