package io.sallyport.config;

import java.nio.file.Path;

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

  /** An ONNX image classifier. */
  record ImageClassifier(int line, String model) implements DetectorConfig {}
}
