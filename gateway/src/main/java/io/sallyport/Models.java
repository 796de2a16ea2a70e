package io.sallyport;

import io.sallyport.config.DetectorConfig;
import io.sallyport.config.GatewayConfig;
import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.text.WordPiece;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Loads the models that a configuration names, with the tokenizer that this gateway has. */
public final class Models {
  private Models() {}

  /** The models that the configuration's detectors ask for. */
  public static Set<String> named(GatewayConfig config) {
    Set<String> names = new TreeSet<>();
    for (DetectorConfig detector : config.detectors().values()) {
      switch (detector) {
        case DetectorConfig.Lexicon lexicon -> {}
        case DetectorConfig.Concepts concepts -> names.add(concepts.model());
        case DetectorConfig.TextClassifier text -> names.add(text.model());
        case DetectorConfig.ImageClassifier image -> names.add(image.model());
      }
    }
    return names;
  }

  /** Loads models by name; see {@link ModelStore#load}. Blocks for seconds. */
  public static Optional<ModelStore> load(
      OnnxRuntime runtime, Path dir, Set<String> names, Problems problems) {
    return ModelStore.load(runtime, dir, names, WordPiece::fromTokenizerJson, problems);
  }
}
