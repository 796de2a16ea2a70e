package io.sallyport.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One entry of {@code detectors:}. */
public sealed interface DetectorConfig {
  /** 1-based line in the config file, for problems found later. */
  int line();

  /** Term lists. */
  record Lexicon(int line, Path file) implements DetectorConfig {}

  /** Concept phrases over a sentence model. */
  record Concepts(int line, String model, Path file) implements DetectorConfig {}

  /** An ONNX text classifier. */
  record TextClassifier(int line, String model) implements DetectorConfig {}

  /** Concept vectors over an image embedding model. */
  record ImageConcepts(int line, String model, Path file) implements DetectorConfig {}

  /** A head on another model's vectors, of texts or of pictures. */
  record Head(int line, String model) implements DetectorConfig {}

  /** An ONNX object detector. */
  record ObjectDetector(int line, String model) implements DetectorConfig {}

  /**
   * A classifier on another machine.
   *
   * @param model its card
   * @param url scheme, host and port; no path
   * @param trust PEM file of the authority that signed an https server; none means the JDK's
   * @param credential sent as {@code Authorization}, when given
   * @param connections calls in flight at most
   * @param waiting calls that may wait for one
   * @param connect deadline for opening a connection
   */
  record Remote(
      int line,
      String model,
      URI url,
      Optional<Path> trust,
      Optional<Secret> credential,
      int connections,
      int waiting,
      Duration connect)
      implements DetectorConfig {}

  /** An ONNX image classifier. */
  record ImageClassifier(int line, String model) implements DetectorConfig {}
}
